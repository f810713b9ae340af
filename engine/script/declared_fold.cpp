// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/declared_fold.h"

#include <algorithm>
#include <array>

namespace commander::script {

namespace {

constexpr std::array<std::string_view, 8> roots{"data", "id",    "key",         "action",
                                                "time", "actor", "correlation", "parent"};
constexpr const char *rootsRemedy
    = "Begin with data, id, key, action, time, actor, correlation or parent, as in =data.amount.";

std::optional<std::vector<std::string>> memberPath(std::string_view text)
{
    auto parsed = Expression::parse(text);
    if (!parsed || parsed->negated || parsed->optional)
        return {};
    return std::move(parsed->path);
}

void checkRoots(const std::vector<const Expression *> &expressions, const std::string &pointer, const Report &report)
{
    for (const auto *expression : expressions) {
        if (std::find(roots.begin(), roots.end(), expression->path.front()) == roots.end())
            report(pointer, "a fold knows no '" + expression->path.front() + "'", rootsRemedy);
    }
}

/// The member that the path names, made when it is missing; null when something on the way is no object.
Json *memberAt(Json &document, const std::vector<std::string> &path)
{
    auto *at = &document;
    for (const auto &token : path) {
        if (at->isNull())
            *at = Json::object();
        auto *members = at->asObject();
        if (!members)
            return nullptr;
        auto found = std::find_if(members->begin(), members->end(), [&](const auto &m) { return m.first == token; });
        if (found == members->end())
            found = members->insert(members->end(), {token, Json()});
        at = &found->second;
    }
    return at;
}

void removeMember(Json &document, const std::vector<std::string> &path)
{
    auto *at = &document;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        auto *members = at->asObject();
        const auto found = members
            ? std::find_if(members->begin(), members->end(), [&](const auto &m) { return m.first == path[i]; })
            : Json::Object::iterator();
        if (!members || found == members->end())
            return;
        at = &found->second;
    }
    at->erase(path.back());
}

tl::unexpected<Error> fault(const std::vector<std::string> &path, const std::string &what)
{
    std::string text;
    for (const auto &token : path)
        text += '/' + escapePointerToken(token);
    return fail(ErrorCode::DomainFault, what, text);
}

Result<void> increment(Json &member, const Json &value, const std::vector<std::string> &path)
{
    const auto before = member.isNull() ? std::optional<std::int64_t>(0) : member.asInteger();
    const auto by = value.asInteger();
    std::int64_t sum = 0;
    if (!before || !by)
        return fault(path, "inc works with integers only: " + writeJson(member) + " and " + writeJson(value));
    if (__builtin_add_overflow(*before, *by, &sum))
        return fault(path, "inc leaves the range of 64-bit integers");
    member = Json(sum);
    return {};
}

} // namespace

DeclaredFold DeclaredFold::parse(const Json &on, const Json *key, const Report &report)
{
    DeclaredFold out;
    const auto *events = on.asObject();
    if (!events || events->empty()) {
        report({}, "'on' must name the events that the view folds", R"(As in {"money-deposited": {"inc": {…}}}.)");
        return out;
    }
    for (const auto &[action, steps] : *events) {
        const auto pointer = '/' + escapePointerToken(action);
        std::vector<Step> made;
        if (const auto *list = steps.asArray()) {
            for (std::size_t i = 0; i < list->size(); ++i)
                made.push_back(parseStep((*list)[i], key, pointer + '/' + std::to_string(i), report));
        } else {
            made.push_back(parseStep(steps, key, pointer, report));
        }
        out.m_steps.emplace_back(action, std::move(made));
    }
    return out;
}

DeclaredFold DeclaredFold::parseRewrites(const Json &steps, const Report &report)
{
    const auto *names = steps.asObject();
    for (std::size_t i = 0; names && i < names->size(); ++i) {
        const auto &[name, step] = (*names)[i];
        for (const auto *const member : {"key", "expect", "delete"}) {
            if (step.find(member))
                report('/' + escapePointerToken(name) + '/' + member,
                       "'" + std::string(member) + "' belongs to folds: here the event's data change", {});
        }
    }
    const Json key("data");
    return parse(steps, &key, report);
}

DeclaredFold::Step DeclaredFold::parseStep(const Json &step, const Json *key, const std::string &pointer,
                                           const Report &report)
{
    Step out;
    const auto *members = step.asObject();
    if (!members) {
        report(pointer, "a step is an object of operations", R"(As in {"set": {"status": "closed"}}.)");
        return out;
    }
    if (const auto *own = step.find("key"))
        key = own;
    std::string bad;
    auto parsed = key && key->asString() ? TextTemplate::parse(*key->asString(), bad) : std::nullopt;
    if (!parsed) {
        report(pointer, bad.empty() ? "no key says which document changes" : "not a key: " + bad,
               R"(Add "key": "{data.id}" to the view or to the step.)");
    } else {
        out.key = std::move(*parsed);
        std::vector<const Expression *> used;
        out.key.collect(used);
        checkRoots(used, pointer, report);
    }
    for (const auto &[name, value] : *members) {
        const auto at = pointer + '/' + escapePointerToken(name);
        if (name == "key")
            continue;
        if (name == "expect") {
            out.mustExist = value == Json("exists");
            if (!out.mustExist)
                report(at, "'expect' can only be \"exists\"", {});
        } else if (name == "delete") {
            out.deletes = value == Json(true);
            if (!out.deletes)
                report(at, "'delete' can only be true", {});
        } else {
            parseOperations(name, value, at, out.operations, report);
        }
    }
    if (!out.deletes && out.operations.empty())
        report(pointer, "the step does nothing", "Add set, inc, append, remove, merge or delete.");
    return out;
}

void DeclaredFold::parseOperations(const std::string &name, const Json &value, const std::string &pointer,
                                   std::vector<Operation> &out, const Report &report)
{
    const auto add = [&](Kind kind, std::vector<std::string> path, const Json &source, const std::string &at) {
        std::string bad;
        auto parsed = ValueTemplate::parse(source, bad);
        if (!parsed) {
            report(at, "not an expression: " + bad, rootsRemedy);
            return;
        }
        std::vector<const Expression *> used;
        parsed->collect(used);
        checkRoots(used, at, report);
        out.push_back({kind, std::move(path), std::move(*parsed)});
    };
    if (name == "merge")
        return add(Kind::Merge, {}, value, pointer);
    if (name == "remove") {
        const auto *list = value.asArray();
        for (std::size_t i = 0; list && i < list->size(); ++i) {
            const auto *text = (*list)[i].asString();
            if (auto path = text ? memberPath(*text) : std::nullopt)
                out.push_back({Kind::Remove, std::move(*path), {}});
            else
                report(pointer + '/' + std::to_string(i), "not the name of a member", {});
        }
        if (!list)
            report(pointer, "'remove' takes a list of members", R"(As in ["note", "address.city"].)");
        return;
    }
    const auto kind = name == "set" ? std::optional(Kind::Set)
        : name == "inc"             ? std::optional(Kind::Inc)
        : name == "append"          ? std::optional(Kind::Append)
                                    : std::nullopt;
    const auto *members = value.asObject();
    if (!kind) {
        report(pointer, "there is no operation '" + name + "'", "Use set, inc, append, remove, merge or delete.");
    } else if (!members) {
        report(pointer, "'" + name + "' takes an object of members and values", {});
    } else {
        for (const auto &[member, source] : *members) {
            const auto at = pointer + '/' + escapePointerToken(member);
            if (auto path = memberPath(member))
                add(*kind, std::move(*path), source, at);
            else
                report(at, "not the name of a member: " + member, "Use letters, digits, _ and -, and dots between.");
        }
    }
}

std::vector<std::string> DeclaredFold::events() const
{
    std::vector<std::string> out;
    out.reserve(m_steps.size());
    for (const auto &[action, steps] : m_steps)
        out.push_back(action);
    return out;
}

std::vector<const Expression *> DeclaredFold::expressions(std::string_view event) const
{
    std::vector<const Expression *> out;
    for (const auto &[action, steps] : m_steps) {
        if (action != event)
            continue;
        for (const auto &step : steps) {
            step.key.collect(out);
            for (const auto &operation : step.operations)
                operation.value.collect(out);
        }
    }
    return out;
}

Result<void> DeclaredFold::apply(const Operation &operation, Scope &scope, Json &document)
{
    if (operation.kind == Kind::Remove) {
        removeMember(document, operation.path);
        return {};
    }
    auto value = operation.value.evaluate(scope);
    if (!value)
        return fail(value.error());
    if (!*value)
        return {};
    if (operation.kind == Kind::Merge) {
        const auto *members = (*value)->asObject();
        if (!members)
            return fault({}, "merge works with an object only, not " + writeJson(**value));
        for (const auto &[name, member] : *members)
            document.set(name, member);
        return {};
    }
    auto *member = memberAt(document, operation.path);
    if (!member)
        return fault(operation.path, "something on the way to the member is no object");
    switch (operation.kind) {
    case Kind::Inc:
        return increment(*member, **value, operation.path);
    case Kind::Append:
        if (member->isNull())
            *member = Json::array();
        if (!member->asArray())
            return fault(operation.path, "append works with a list only, not " + writeJson(*member));
        member->asArray()->push_back(std::move(**value));
        return {};
    default:
        *member = std::move(**value);
        return {};
    }
}

Result<void> DeclaredFold::fold(const ParsedRecord &event, DocumentFold &documents) const
{
    const auto found = std::find_if(m_steps.begin(), m_steps.end(),
                                    [&](const auto &entry) { return entry.first == event.record.action; });
    if (found == m_steps.end())
        return fail(ErrorCode::DomainFault, "the view does not fold " + event.record.action);
    Scope scope(event);
    for (const auto &step : found->second) {
        const auto key = step.key.evaluate(scope);
        if (!key)
            return fail(key.error());
        const auto *current = documents.get(*key);
        if (step.mustExist && !current)
            return fail(ErrorCode::DomainFault, "there is no document " + *key + " that the event could change");
        if (step.deletes) {
            documents.remove(*key);
            continue;
        }
        auto document = current ? *current : Json::object();
        for (const auto &operation : step.operations) {
            if (auto applied = apply(operation, scope, document); !applied)
                return applied;
        }
        documents.put(*key, std::move(document));
    }
    return {};
}

Result<Json> DeclaredFold::rewrite(std::string_view name, const ParsedRecord &event) const
{
    auto data = event.data;
    Scope scope(event);
    for (const auto &[stepsName, steps] : m_steps) {
        if (stepsName != name)
            continue;
        for (const auto &step : steps) {
            for (const auto &operation : step.operations) {
                if (auto applied = apply(operation, scope, data); !applied)
                    return fail(applied.error());
            }
        }
        return data;
    }
    return fail(ErrorCode::DomainFault, "nothing is declared for version " + std::string(name));
}

} // namespace commander::script
