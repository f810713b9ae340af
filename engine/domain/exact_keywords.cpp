// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/exact_keywords.h"

#include "domain/json_adapter.h"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>

namespace commander {

namespace {

constexpr std::array<std::string_view, 8> keywordNames{
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"};
constexpr std::string_view ourPrefix = "commander:";
// The standard library matches by recursion, some hundred bytes of stack for each character.
constexpr std::size_t patternBytesMax = 4096;

std::size_t characters(std::string_view utf8)
{
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string plural(const std::string &count, std::string_view noun)
{
    return count + ' ' + std::string(noun) + (count == "1" ? "" : "s");
}

/// One of our keywords as a constraint of valijson.
class ExactConstraint final : public valijson::constraints::PolyConstraint {
public:
    explicit ExactConstraint(ExactKeyword keyword) : m_keyword(std::move(keyword)) { }
    bool validate(const valijson::adapters::Adapter &target, const std::vector<std::string> &context,
                  valijson::ValidationResults *results) const override
    {
        const auto *adapter = dynamic_cast<const JsonAdapter *>(&target);
        // Names of members come as another adapter: they are strings.
        const Json name = adapter ? Json() : Json(target.asString());
        const Json &value = adapter && adapter->json() ? *adapter->json() : name;
        const bool accepted = m_keyword.accepts(value);
        if (!accepted && results)
            results->pushError(context, m_keyword.complaint(value));
        return accepted;
    }

private:
    Constraint *cloneInto(void *memory) const override { return new (memory) ExactConstraint(*this); }
    std::size_t sizeOf() const override { return sizeof(ExactConstraint); }

    ExactKeyword m_keyword;
};

class ExactBuilder final : public valijson::ConstraintBuilder {
public:
    explicit ExactBuilder(std::string_view name) : m_name(name) { }
    valijson::constraints::Constraint *make(const valijson::adapters::Adapter &operand) const override
    {
        auto keyword = ExactKeyword::make(m_name, *dynamic_cast<const JsonAdapter &>(operand).json());
        // valijson reports by exception; JsonSchema::compile catches it.
        if (!keyword)
            throw std::runtime_error(keyword.error().what);
        return new ExactConstraint(std::move(*keyword));
    }

private:
    std::string_view m_name;
};

enum class Holds { Value, Schema, SchemaOrList, SchemaMap };

/// Where a keyword's operand holds schemas of its own.
Holds operandOf(std::string_view keyword)
{
    for (const std::string_view name : {"properties", "definitions", "dependencies"}) {
        if (keyword == name)
            return Holds::SchemaMap;
    }
    for (const std::string_view name : {"items", "allOf", "anyOf", "oneOf"}) {
        if (keyword == name)
            return Holds::SchemaOrList;
    }
    for (const std::string_view name :
         {"additionalProperties", "additionalItems", "contains", "propertyNames", "not", "if", "then", "else"}) {
        if (keyword == name)
            return Holds::Schema;
    }
    return Holds::Value;
}

Result<Json> translateAll(const Json &operand, const std::string &where)
{
    if (const auto *list = operand.asArray()) {
        Json::Array out;
        for (const auto &element : *list) {
            auto translated = withExactKeywords(element, where);
            if (!translated)
                return translated;
            out.push_back(std::move(*translated));
        }
        return Json(std::move(out));
    }
    Json::Object out;
    if (const auto *members = operand.asObject()) {
        for (const auto &[name, schema] : *members) {
            auto translated = withExactKeywords(schema, where + '/' + escapePointerToken(name));
            if (!translated)
                return translated;
            out.emplace_back(name, std::move(*translated));
        }
    }
    return Json(std::move(out));
}

} // namespace

std::optional<ExactKeyword::Kind> ExactKeyword::kindOf(std::string_view name) noexcept
{
    const auto *const found = std::find(keywordNames.begin(), keywordNames.end(), name);
    if (found == keywordNames.end())
        return std::nullopt;
    return static_cast<Kind>(found - keywordNames.begin());
}

bool ExactKeyword::isOne(std::string_view name) noexcept
{
    return kindOf(name).has_value();
}

Result<ExactKeyword> ExactKeyword::make(std::string_view name, const Json &operand)
{
    const auto kind = kindOf(name);
    if (!kind)
        return fail(ErrorCode::Internal, "not a keyword of ours", std::string(name));
    const auto refused = [&](std::string_view need) {
        return fail(ErrorCode::InvalidArgument, std::string(name) + " needs " + std::string(need), writeJson(operand));
    };
    if (*kind == Kind::Pattern) {
        if (!operand.asString())
            return refused("a regular expression in a string");
        ExactKeyword keyword(*kind, *operand.asString());
        try {
            keyword.m_pattern = std::make_shared<const std::regex>(keyword.m_operand, std::regex::ECMAScript);
        } catch (const std::regex_error &) {
            return refused("a regular expression that can be read");
        }
        return keyword;
    }
    const auto *number = operand.asNumber();
    if (!number)
        return refused("a number");
    ExactKeyword keyword(*kind, number->lexeme);
    keyword.m_number.emplace(number->lexeme);
    keyword.m_integer = operand.asInteger();
    if (*kind == Kind::MultipleOf && !keyword.m_number->canDivide())
        return refused("a positive number of at most 18 digits");
    if ((*kind == Kind::MinLength || *kind == Kind::MaxLength) && keyword.m_integer.value_or(-1) < 0)
        return refused("a whole number that is not negative");
    return keyword;
}

bool ExactKeyword::accepts(const Json &value) const
{
    if (m_kind == Kind::MinLength || m_kind == Kind::MaxLength || m_kind == Kind::Pattern)
        return !value.asString() || acceptsText(*value.asString());
    const auto *number = value.asNumber();
    if (!number)
        return true;
    const auto integer = m_integer ? value.asInteger() : std::nullopt;
    if (!integer)
        return acceptsNumber(number->lexeme);
    switch (m_kind) {
    case Kind::Minimum:
        return *integer >= *m_integer;
    case Kind::Maximum:
        return *integer <= *m_integer;
    case Kind::ExclusiveMinimum:
        return *integer > *m_integer;
    case Kind::ExclusiveMaximum:
        return *integer < *m_integer;
    case Kind::MultipleOf:
        return *integer % *m_integer == 0;
    case Kind::MinLength:
    case Kind::MaxLength:
    case Kind::Pattern:
        break;
    }
    return true;
}

bool ExactKeyword::acceptsNumber(std::string_view lexeme) const
{
    const Decimal number(lexeme);
    switch (m_kind) {
    case Kind::Minimum:
        return number >= *m_number;
    case Kind::Maximum:
        return number <= *m_number;
    case Kind::ExclusiveMinimum:
        return number > *m_number;
    case Kind::ExclusiveMaximum:
        return number < *m_number;
    case Kind::MultipleOf:
        return number.isMultipleOf(*m_number);
    case Kind::MinLength:
    case Kind::MaxLength:
    case Kind::Pattern:
        break;
    }
    return true;
}

bool ExactKeyword::acceptsText(const std::string &text) const
{
    if (m_kind == Kind::Pattern)
        return text.size() <= patternBytesMax && std::regex_search(text, *m_pattern);
    const auto length = static_cast<std::int64_t>(characters(text));
    return m_kind == Kind::MinLength ? length >= *m_integer : length <= *m_integer;
}

std::string ExactKeyword::complaint(const Json &value) const
{
    switch (m_kind) {
    case Kind::Minimum:
        return "must be at least " + m_operand;
    case Kind::Maximum:
        return "must be at most " + m_operand;
    case Kind::ExclusiveMinimum:
        return "must be more than " + m_operand;
    case Kind::ExclusiveMaximum:
        return "must be less than " + m_operand;
    case Kind::MultipleOf:
        return "must be a multiple of " + m_operand;
    case Kind::MinLength:
        return m_operand == "1" ? "must not be empty" : "must have at least " + plural(m_operand, "character");
    case Kind::MaxLength:
        return "must have at most " + plural(m_operand, "character");
    case Kind::Pattern:
        break;
    }
    if (value.asString() && value.asString()->size() > patternBytesMax)
        return "must have at most " + std::to_string(patternBytesMax) + " bytes to be compared with a pattern";
    return "must match the pattern " + m_operand;
}

Result<Json> withExactKeywords(const Json &schema, const std::string &where)
{
    const auto *keywords = schema.asObject();
    if (!keywords)
        return schema;
    Json::Object out;
    for (const auto &[name, operand] : *keywords) {
        if (name == "patternProperties")
            return fail(ErrorCode::InvalidArgument, "the schema uses patternProperties, which Commander does not check",
                        where, "Name the members under properties.");
        if (name == "format" || name.starts_with(ourPrefix))
            continue;
        if (ExactKeyword::isOne(name)) {
            out.emplace_back(std::string(ourPrefix) + name, operand);
            continue;
        }
        const auto path = where + '/' + name;
        auto translated = Result<Json>(operand);
        switch (operandOf(name)) {
        case Holds::Value:
            break;
        case Holds::SchemaMap:
            translated = translateAll(operand, path);
            break;
        case Holds::SchemaOrList:
            translated = operand.isArray() ? translateAll(operand, path) : withExactKeywords(operand, path);
            break;
        case Holds::Schema:
            translated = withExactKeywords(operand, path);
            break;
        }
        if (!translated)
            return translated;
        out.emplace_back(name, std::move(*translated));
    }
    return Json(std::move(out));
}

void teachExactKeywords(valijson::SchemaParser &parser)
{
    for (const auto name : keywordNames)
        parser.addConstraintBuilder(std::string(ourPrefix) + std::string(name),
                                    new ExactBuilder(name)); // parser owns it
}

} // namespace commander
