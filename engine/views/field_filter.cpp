// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/field_filter.h"

#include "views/field_value.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

/// The first bytes after every value of this type.
std::string endOfType(const std::string &value)
{
    return std::string(1, static_cast<char>(value.front() + 1));
}

Result<FieldRange> compile(const FieldCondition &condition)
{
    using Operator = FieldCondition::Operator;
    const auto where = "where " + condition.pointer;
    if (!condition.pointer.empty() && !condition.pointer.starts_with('/')) {
        return fail(ErrorCode::InvalidArgument, "a field is named by a JSON pointer", where, "Begin it with a slash.");
    }
    const auto json = parseJson(condition.value);
    if (!json) {
        auto error = json.error();
        error.where = where + ", " + error.where;
        return fail(std::move(error));
    }
    FieldRange range;
    range.pointer = condition.pointer;
    const auto value = fieldValue(&*json);
    const auto type = value.substr(0, 1);
    const auto after = value + '\0'; // no value lies between
    switch (condition.op) {
    case Operator::Equal:
        range.low = value;
        range.high = after;
        range.isEqual = true;
        break;
    case Operator::NotEqual:
        range.low = value;
        range.isNotEqual = true;
        break;
    case Operator::Less:
        range.low = type;
        range.high = value;
        break;
    case Operator::LessOrEqual:
        range.low = type;
        range.high = after;
        break;
    case Operator::Greater:
        range.low = after;
        range.high = endOfType(value);
        break;
    case Operator::GreaterOrEqual:
        range.low = value;
        range.high = endOfType(value);
        break;
    case Operator::StartsWith:
        if (!json->isString())
            return fail(ErrorCode::InvalidArgument, "only a text starts with something", where);
        range.low = value;
        range.high = value;
        range.high.back() = static_cast<char>(range.high.back() + 1); // UTF-8 has no byte 0xff
        break;
    }
    return range;
}

} // namespace

bool FieldRange::contains(std::string_view value) const
{
    if (value.front() == static_cast<char>(FieldType::Missing))
        return false;
    return isNotEqual ? value != low : value >= low && value < high;
}

Result<std::vector<FieldRange>> compileConditions(const std::vector<FieldCondition> &conditions)
{
    std::vector<FieldRange> ranges;
    ranges.reserve(conditions.size());
    for (const auto &condition : conditions) {
        auto range = compile(condition);
        if (!range)
            return fail(range.error());
        ranges.push_back(std::move(*range));
    }
    return ranges;
}

bool matchesAll(const std::vector<FieldRange> &ranges, const Json &document)
{
    return std::all_of(ranges.begin(), ranges.end(), [&document](const FieldRange &range) {
        return range.contains(fieldValue(resolvePointer(document, range.pointer)));
    });
}

} // namespace commander
