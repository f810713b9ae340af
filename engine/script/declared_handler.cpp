// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/declared_handler.h"

#include "values/decimal.h"

#include <algorithm>
#include <array>

namespace commander::script {

namespace {

constexpr const char *elseRemedy
    = R"(Add "else": {"code": "unknown-account", "message": "there is no account {data.account}"}.)";

} // namespace

class DeclaredHandler::Parser {
public:
    Parser(const Report &report, DeclaredHandler &out) : m_report(report), m_out(out) { }

    void reads(const Json &reads)
    {
        const auto *members = reads.asObject();
        if (!members)
            return m_report("/read", "'read' names documents", R"(As in {"account": {"view": …, "key": …}}.)");
        for (const auto &[name, read] : *members) {
            const auto at = "/read/" + escapePointerToken(name);
            Read made{name, std::string(read.stringAt("view")), text(read.find("key"), at + "/key")};
            if (made.view.empty())
                m_report(at, "'view' is missing", {});
            m_names.push_back(name);
            m_out.m_reads.push_back(std::move(made));
        }
    }

    void requirements(const Json &list)
    {
        const auto *elements = list.asArray();
        if (!elements)
            return m_report("/require", "'require' is a list of conditions", {});
        for (std::size_t i = 0; i < elements->size(); ++i)
            requirement((*elements)[i], "/require/" + std::to_string(i));
    }

    void emissions(const Json &list)
    {
        const auto *elements = list.asArray();
        if (!elements)
            return m_report("/emit", "'emit' is a list of events", {});
        for (std::size_t i = 0; i < elements->size(); ++i) {
            const auto at = "/emit/" + std::to_string(i);
            const auto &one = (*elements)[i];
            Emission made{std::string(one.stringAt("event")), {}, {}};
            if (made.action.empty())
                m_report(at, "'event' names the event to emit", {});
            if (const auto *key = one.find("key"))
                made.key = text(key, at + "/key");
            const auto *data = one.find("data");
            if (!data)
                m_report(at, "'data' is missing", R"(Use "data": "=data" to pass the command's data on.)");
            else
                made.data = value(*data, at + "/data");
            m_out.m_emissions.push_back(std::move(made));
        }
    }

private:
    void requirement(const Json &one, const std::string &at)
    {
        constexpr std::array<std::pair<std::string_view, Test>, 8> tests{{{"exists", Test::Exists},
                                                                          {"missing", Test::Missing},
                                                                          {"equal", Test::Equal},
                                                                          {"notEqual", Test::NotEqual},
                                                                          {"less", Test::Less},
                                                                          {"atMost", Test::AtMost},
                                                                          {"greater", Test::Greater},
                                                                          {"atLeast", Test::AtLeast}}};
        const auto test
            = std::find_if(tests.begin(), tests.end(), [&](const auto &t) { return one.find(t.first) != nullptr; });
        if (test == tests.end()) {
            return m_report(at, "a condition is missing",
                            "Use exists, missing, equal, notEqual, less, atMost, greater or atLeast.");
        }
        Requirement made;
        made.test = test->second;
        const auto &operand = *one.find(test->first);
        const auto place = at + '/' + std::string(test->first);
        if (made.test == Test::Exists || made.test == Test::Missing) {
            made.document = operand.asString() ? *operand.asString() : std::string();
            if (std::find(m_names.begin(), m_names.end(), made.document) == m_names.end())
                m_report(place, "'read' names no document '" + made.document + "'", {});
        } else if (const auto *pair = operand.asArray(); pair && pair->size() == 2) {
            made.left = value((*pair)[0], place + "/0");
            made.right = value((*pair)[1], place + "/1");
        } else {
            m_report(place, "a comparison takes a list of two values", R"(As in ["=account.status", "open"].)");
        }
        const auto *otherwise = one.find("else");
        made.code = otherwise ? otherwise->stringAt("code") : std::string_view();
        if (made.code.empty())
            return m_report(at, "'else' with a code is missing", elseRemedy);
        made.message = text(otherwise->find("message"), at + "/else/message");
        if (const auto *details = otherwise->find("details"))
            made.details = value(*details, at + "/else/details");
        m_out.m_requirements.push_back(std::move(made));
    }

    TextTemplate text(const Json *source, const std::string &at)
    {
        std::string bad;
        auto made = source && source->asString() ? TextTemplate::parse(*source->asString(), bad) : std::nullopt;
        if (!made) {
            m_report(at, bad.empty() ? "a text is missing" : "not a text with paths in braces: " + bad, {});
            return {};
        }
        std::vector<const Expression *> used;
        made->collect(used);
        checkRoots(used, at);
        return std::move(*made);
    }

    ValueTemplate value(const Json &source, const std::string &at)
    {
        std::string bad;
        auto made = ValueTemplate::parse(source, bad);
        if (!made) {
            m_report(at, "not an expression: " + bad, "Write =data.name, =-data.name or =data.name?.");
            return {};
        }
        std::vector<const Expression *> used;
        made->collect(used);
        checkRoots(used, at);
        return std::move(*made);
    }

    void checkRoots(const std::vector<const Expression *> &expressions, const std::string &at) const
    {
        constexpr std::array<std::string_view, 7> roots{"data", "id", "key", "time", "actor", "now", "newId"};
        for (const auto *expression : expressions) {
            const auto &root = expression->path.front();
            if (std::find(roots.begin(), roots.end(), root) == roots.end()
                && std::find(m_names.begin(), m_names.end(), root) == m_names.end()) {
                m_report(at, "a handler knows no '" + root + "'",
                         "Begin with data, id, key, time, actor, now, newId or a document of 'read'.");
            }
        }
    }

    const Report &m_report;
    DeclaredHandler &m_out;
    std::vector<std::string> m_names;
};

DeclaredHandler DeclaredHandler::parse(const Json &command, const Report &report)
{
    DeclaredHandler out;
    Parser parser(report, out);
    if (const auto *reads = command.find("read"))
        parser.reads(*reads);
    if (const auto *requirements = command.find("require"))
        parser.requirements(*requirements);
    if (const auto *emissions = command.find("emit"))
        parser.emissions(*emissions);
    return out;
}

std::vector<std::string> DeclaredHandler::views() const
{
    std::vector<std::string> out;
    for (const auto &read : m_reads)
        out.push_back(read.view);
    return out;
}

std::vector<std::string> DeclaredHandler::events() const
{
    std::vector<std::string> out;
    for (const auto &emission : m_emissions)
        out.push_back(emission.action);
    return out;
}

Result<bool> DeclaredHandler::holds(const Requirement &requirement, Scope &scope)
{
    if (requirement.test == Test::Exists)
        return scope.has(requirement.document);
    if (requirement.test == Test::Missing)
        return !scope.has(requirement.document);
    const auto left = requirement.left.evaluate(scope);
    const auto right = left ? requirement.right.evaluate(scope) : left;
    if (!right)
        return fail(right.error());
    const auto *a = *left ? (*left)->asNumber() : nullptr;
    const auto *b = *right ? (*right)->asNumber() : nullptr;
    if (requirement.test == Test::Equal || requirement.test == Test::NotEqual) {
        const bool equal = a && b ? Decimal(a->lexeme) == Decimal(b->lexeme) : *left == *right;
        return equal == (requirement.test == Test::Equal);
    }
    if (!a || !b) {
        return fail(ErrorCode::DomainFault, "a condition compares what is no number", scope.record().action,
                    "Compare numbers, or use equal.");
    }
    const auto order = Decimal(a->lexeme) <=> Decimal(b->lexeme);
    switch (requirement.test) {
    case Test::Less:
        return order < 0;
    case Test::AtMost:
        return order <= 0;
    case Test::Greater:
        return order > 0;
    default:
        return order >= 0;
    }
}

Result<Decision>
DeclaredHandler::decide(const ParsedRecord &command, DocumentSource &views, HandlerContext &context,
                        const std::function<std::string(const std::string &, const Json &)> &keyOf) const
{
    Scope scope(command, &context);
    for (const auto &read : m_reads) {
        const auto key = read.key.evaluate(scope);
        if (!key)
            return fail(key.error());
        if (const auto *document = views.get(read.view, *key))
            scope.add(read.name, *document);
    }
    for (const auto &requirement : m_requirements) {
        const auto met = holds(requirement, scope);
        if (!met)
            return fail(met.error());
        if (*met)
            continue;
        auto message = requirement.message.evaluate(scope);
        if (!message)
            return fail(message.error());
        Rejection rejection{requirement.code, std::move(*message), {}};
        if (requirement.details) {
            auto details = requirement.details->evaluate(scope);
            if (!details)
                return fail(details.error());
            rejection.details = details->value_or(Json());
        }
        return rejection;
    }
    std::vector<EventDraft> events;
    for (const auto &emission : m_emissions) {
        auto data = emission.data.evaluate(scope);
        if (!data)
            return fail(data.error());
        EventDraft event{emission.action, {}, data->value_or(Json())};
        if (emission.key) {
            auto key = emission.key->evaluate(scope);
            if (!key)
                return fail(key.error());
            event.key = std::move(*key);
        } else {
            event.key = keyOf(event.action, event.data);
        }
        events.push_back(std::move(event));
    }
    return events;
}

} // namespace commander::script
