// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_values.h"

#include "filter/filter_error.h"
#include "filter/filter_time.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace commander::filter {

namespace {

constexpr std::array kindNames{std::string_view("command"), std::string_view("event"), std::string_view("result")};
constexpr std::array statusNames{std::string_view("accepted"), std::string_view("succeeded"),
                                 std::string_view("rejected"), std::string_view("failed")};

bool isTextTest(FilterOperator test)
{
    return test == FilterOperator::Contains || test == FilterOperator::StartsWith || test == FilterOperator::Matches;
}

Result<FilterValue> oneOf(const Token &token, std::span<const std::string_view> names, std::string_view what)
{
    if (std::ranges::find(names, token.text) != names.end())
        return FilterValue{FilterValue::Type::Text, token.text, token.column};
    std::string remedy = "Use ";
    for (std::size_t i = 0; i < names.size(); ++i)
        remedy.append(i == 0 ? "" : i + 1 == names.size() ? " or " : ", ").append(names[i]);
    return failAt(token.column, inQuotes(token.text) + " is no " + std::string(what), remedy + ".");
}

Result<FilterValue> jsonValue(const Token &token, FilterOperator test)
{
    using Type = FilterValue::Type;
    const auto value = [&token](Type type) { return FilterValue{type, token.text, token.column}; };
    if (token.type == Token::Type::String || isTextTest(test))
        return value(Type::Text);
    const bool isOrder
        = test != FilterOperator::Equal && test != FilterOperator::NotEqual && test != FilterOperator::In;
    const bool isBoolean = token.text == "true" || token.text == "false";
    if (isOrder && (isBoolean || token.text == "null"))
        return failAt(token.column, token.text + " has no order", "Compare it with = or !=.");
    if (isBoolean)
        return value(Type::Boolean);
    if (token.text == "null")
        return value(Type::Null);
    return value(isJsonNumber(token.text) ? Type::Number : Type::Text);
}

} // namespace

bool isJsonNumber(std::string_view text) noexcept
{
    const auto digits = [&text] {
        const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
        text.remove_prefix(count);
        return count;
    };
    if (text.starts_with('-'))
        text.remove_prefix(1);
    const bool leadingZero = text.starts_with('0');
    const auto whole = digits();
    if (whole == 0 || (leadingZero && whole > 1))
        return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (digits() == 0)
            return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-'))
            text.remove_prefix(1);
        if (digits() == 0)
            return false;
    }
    return text.empty();
}

std::optional<std::int64_t> wholeNumber(std::string_view text) noexcept
{
    if (text.starts_with('#'))
        text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.starts_with('-'))
        return std::nullopt;
    return number;
}

std::string_view wantedBy(FieldType type, FilterOperator test) noexcept
{
    if (isTextTest(test))
        return test == FilterOperator::Matches ? "a regular expression in quotes" : "a text";
    switch (type) {
    case FieldType::Kind:
        return "command, event or result";
    case FieldType::Status:
        return "accepted, succeeded, rejected or failed";
    case FieldType::Text:
        return "a text";
    case FieldType::Number:
        return "a whole number";
    case FieldType::Id:
        return "an id (a UUID)";
    case FieldType::Time:
        return "a time such as 2016-05-20, 2016-05-20T14:33:28Z or now-1h";
    case FieldType::Json:
        return "a text, a number, true, false or null";
    }
    return "a value";
}

Result<FilterValue> valueOf(FilterField field, FilterOperator test, const Token &token)
{
    using Type = FilterValue::Type;
    const auto type = typeOf(field);
    if (type != FieldType::Json && isTextTest(test))
        return FilterValue{Type::Text, token.text, token.column};
    switch (type) {
    case FieldType::Kind:
        return oneOf(token, kindNames, "kind");
    case FieldType::Status:
        return oneOf(token, statusNames, "status");
    case FieldType::Text:
        return FilterValue{Type::Text, token.text, token.column};
    case FieldType::Number:
        if (const auto number = wholeNumber(token.text);
            number && (field == FilterField::LedgerPosition || token.text[0] != '#'))
            return FilterValue{Type::Number, std::to_string(*number), token.column};
        return failAt(token.column, inQuotes(token.text) + " is no whole number",
                      std::string(filterFieldName(field)) + " is compared with 0 to 9223372036854775807.");
    case FieldType::Id:
        if (const auto id = Uuid::parse(token.text))
            return FilterValue{Type::Text, id->text(), token.column};
        return failAt(token.column, inQuotes(token.text) + " is no id",
                      "Ids have 36 characters; for a part of one write starts with or contains.");
    case FieldType::Time:
        if (parseTimeLiteral(token.text))
            return FilterValue{Type::Time, token.text, token.column};
        return failAt(token.column, inQuotes(token.text) + " is no time",
                      "Write 2016-05-20, 2016-05-20T14:33:28Z or now-1h.");
    case FieldType::Json:
        return jsonValue(token, test);
    }
    return failAt(token.column, "an unknown field");
}

} // namespace commander::filter
