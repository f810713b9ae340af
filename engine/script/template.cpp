// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/template.h"

#include <algorithm>

namespace commander::script {

namespace {

bool isNamePart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

tl::unexpected<Error> fault(Scope &scope, std::string what)
{
    return fail(ErrorCode::DomainFault, std::move(what), std::string(scope.record().action));
}

/// The value below `value` that the rest of the path names.
const Json *below(const Json *value, const std::vector<std::string> &path)
{
    for (std::size_t i = 1; value && i < path.size(); ++i)
        value = value->find(path[i]);
    return value;
}

} // namespace

std::optional<Json> Scope::find(const std::vector<std::string> &path)
{
    const auto &root = path.front();
    const auto copy = [](const Json *value) { return value ? std::optional<Json>(*value) : std::nullopt; };
    if (root == "data")
        return copy(below(&m_record.data, path));
    if (const auto document = m_documents.find(root); document != m_documents.end())
        return copy(below(&document->second, path));
    if (path.size() > 1)
        return {};
    const auto &record = m_record.record;
    if (root == "id")
        return Json(record.id.text());
    if (root == "action")
        return Json(record.action);
    if (root == "key")
        return Json(record.key);
    if (root == "time")
        return Json(record.time().text());
    if (root == "actor")
        return Json(record.actor);
    if (root == "correlation")
        return Json(record.correlation.text());
    if (root == "parent")
        return Json(record.parent.text());
    if (m_context && root == "now")
        return Json(m_context->now().text());
    if (m_context && root == "newId")
        return Json(m_context->newId().text());
    return {};
}

std::optional<Expression> Expression::parse(std::string_view text)
{
    Expression out;
    if (text.starts_with('-')) {
        out.negated = true;
        text.remove_prefix(1);
    }
    if (text.ends_with('?')) {
        out.optional = true;
        text.remove_suffix(1);
    }
    for (;;) {
        const auto end = std::min(text.find('.'), text.size());
        const auto token = text.substr(0, end);
        if (token.empty() || !std::all_of(token.begin(), token.end(), isNamePart))
            return {};
        out.path.emplace_back(token);
        if (end == text.size())
            return out;
        text.remove_prefix(end + 1);
    }
}

std::string Expression::text() const
{
    std::string out;
    for (const auto &token : path)
        out += (out.empty() ? "" : ".") + token;
    return out;
}

Result<std::optional<Json>> Expression::evaluate(Scope &scope) const
{
    auto value = scope.find(path);
    if (!value && !optional)
        return fault(scope, "there is no " + text() + " in the " + std::string(recordKindName(scope.record().kind)));
    if (!value || !negated)
        return value;
    const auto *number = value->asNumber();
    if (!number)
        return fault(scope, text() + " is no number");
    const auto &lexeme = number->lexeme;
    if (lexeme == "0")
        return value;
    return Json(Json::Number{lexeme.starts_with('-') ? lexeme.substr(1) : '-' + lexeme});
}

std::optional<ValueTemplate> ValueTemplate::parse(const Json &value, std::string &bad)
{
    ValueTemplate out;
    if (const auto *text = value.asString(); text && text->starts_with('=')) {
        if (text->starts_with("==")) {
            out.m_literal = Json(text->substr(1));
            return out;
        }
        out.m_expression = Expression::parse(std::string_view(*text).substr(1));
        if (!out.m_expression) {
            bad = *text;
            return {};
        }
        return out;
    }
    const auto add = [&](std::string name, const Json &child) {
        auto made = parse(child, bad);
        if (made)
            out.m_members.emplace_back(std::move(name), std::move(*made));
        return made.has_value();
    };
    if (const auto *object = value.asObject()) {
        out.m_literal = Json::object();
        for (const auto &[name, child] : *object) {
            if (!add(name, child))
                return {};
        }
    } else if (const auto *array = value.asArray()) {
        out.m_literal = Json::array();
        out.m_isArray = true;
        for (const auto &child : *array) {
            if (!add({}, child))
                return {};
        }
    } else {
        out.m_literal = value;
    }
    return out;
}

Result<std::optional<Json>> ValueTemplate::evaluate(Scope &scope) const
{
    if (m_expression)
        return m_expression->evaluate(scope);
    if (m_members.empty())
        return m_literal;
    Json::Array elements;
    Json::Object members;
    for (const auto &[name, child] : m_members) {
        auto value = child.evaluate(scope);
        if (!value)
            return value;
        if (!*value)
            continue;
        if (m_isArray)
            elements.push_back(std::move(**value));
        else
            members.emplace_back(name, std::move(**value));
    }
    return m_isArray ? Json(std::move(elements)) : Json(std::move(members));
}

void ValueTemplate::collect(std::vector<const Expression *> &out) const
{
    if (m_expression)
        out.push_back(&*m_expression);
    for (const auto &[name, child] : m_members)
        child.collect(out);
}

std::optional<TextTemplate> TextTemplate::parse(std::string_view text, std::string &bad)
{
    TextTemplate out;
    while (!text.empty()) {
        const auto begin = std::min(text.find('{'), text.size());
        Part part{std::string(text.substr(0, begin)), {}};
        text.remove_prefix(begin);
        if (!text.empty()) {
            const auto end = text.find('}');
            part.expression = end == std::string_view::npos ? std::nullopt : Expression::parse(text.substr(1, end - 1));
            if (!part.expression) {
                bad = text;
                return {};
            }
            text.remove_prefix(end + 1);
        }
        out.m_parts.push_back(std::move(part));
    }
    return out;
}

Result<std::string> TextTemplate::evaluate(Scope &scope) const
{
    std::string out;
    for (const auto &part : m_parts) {
        out += part.literal;
        if (!part.expression)
            continue;
        auto value = part.expression->evaluate(scope);
        if (!value)
            return fail(value.error());
        if (!*value)
            continue;
        if (const auto *text = (*value)->asString())
            out += *text;
        else if (const auto *number = (*value)->asNumber())
            out += number->lexeme;
        else
            return fault(scope, part.expression->text() + " is neither text nor number");
    }
    return out;
}

void TextTemplate::collect(std::vector<const Expression *> &out) const
{
    for (const auto &part : m_parts) {
        if (part.expression)
            out.push_back(&*part.expression);
    }
}

} // namespace commander::script
