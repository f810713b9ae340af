// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_leaf.h"

#include "filter/filter_error.h"
#include "filter/filter_time.h"
#include "filter/filter_values.h"

#include <re2/re2.h>

#include <algorithm>
#include <compare>
#include <limits>
#include <span>

namespace commander {

namespace {

using Test = FilterOperator;
using Interval = FilterLeaf::Interval;
constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto highest = std::numeric_limits<std::int64_t>::max();

bool fits(Test test, std::strong_ordering order)
{
    switch (test) {
    case Test::Less:
        return order < 0;
    case Test::LessOrEqual:
        return order <= 0;
    case Test::Greater:
        return order > 0;
    case Test::GreaterOrEqual:
        return order >= 0;
    case Test::NotEqual:
        return order != 0;
    default:
        return order == 0;
    }
}

/// The values that compare so with what lies between first and last.
void addIntervals(std::vector<Interval> &intervals, Test test, std::int64_t first, std::int64_t last)
{
    const bool below = test == Test::Less || test == Test::LessOrEqual || test == Test::NotEqual;
    const bool above = test == Test::Greater || test == Test::GreaterOrEqual || test == Test::NotEqual;
    const bool within = test != Test::Less && test != Test::Greater && test != Test::NotEqual;
    if (below && first > lowest)
        intervals.push_back({lowest, first - 1});
    if (within)
        intervals.push_back({first, last});
    if (above && last < highest)
        intervals.push_back({last + 1, highest});
}

/// What a value of a kind, status, number or time field stands for.
Result<Interval> intervalOf(FilterField field, const FilterValue &value, Timestamp now)
{
    switch (filter::typeOf(field)) {
    case filter::FieldType::Kind:
        for (const auto kind : {RecordKind::Command, RecordKind::Event, RecordKind::Result}) {
            if (value.text == recordKindName(kind))
                return Interval{static_cast<std::int64_t>(kind), static_cast<std::int64_t>(kind)};
        }
        break;
    case filter::FieldType::Status:
        if (const auto status = commandStatusFromName(value.text))
            return Interval{static_cast<std::int64_t>(*status), static_cast<std::int64_t>(*status)};
        break;
    case filter::FieldType::Number:
        if (const auto number = filter::wholeNumber(value.text))
            return Interval{*number, *number};
        break;
    case filter::FieldType::Time:
        if (const auto time = filter::parseTimeLiteral(value.text))
            return Interval{time->first(now), time->last(now)};
        break;
    default:
        break;
    }
    return filter::failAt(value.column,
                          filter::inQuotes(value.text) + " is no value of " + std::string(filterFieldName(field)));
}

Result<void> addIntervals(FilterLeaf &leaf, const FilterNode &node, Timestamp now)
{
    if (node.test == Test::Exists) {
        leaf.intervals.push_back({lowest, highest});
        return {};
    }
    if (node.test == Test::Between) {
        Interval all{lowest, highest};
        for (std::size_t end = 0; end < 2; ++end) {
            if (node.values[end].type == FilterValue::Type::None)
                continue;
            const auto interval = intervalOf(node.field, node.values[end], now);
            if (!interval)
                return fail(interval.error());
            (end == 0 ? all.first : all.last) = end == 0 ? interval->first : interval->last;
        }
        leaf.intervals.push_back(all); // none when its ends are the wrong way round
        return {};
    }
    for (const auto &value : node.values) {
        const auto interval = intervalOf(node.field, value, now);
        if (!interval)
            return fail(interval.error());
        addIntervals(leaf.intervals, node.test, interval->first, interval->last);
    }
    return {};
}

Result<void> addPattern(FilterLeaf &leaf, const FilterValue &value)
{
    // RE2 takes time in proportion to the text whatever the pattern is, and never more memory than this.
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(static_cast<std::int64_t>(limits::filterPatternMemoryMax));
    auto pattern = std::make_shared<const RE2>(re2::StringPiece(value.text.data(), value.text.size()), options);
    if (!pattern->ok())
        return filter::failAt(value.column, "the regular expression is not valid: " + pattern->error(),
                              "The syntax is that of RE2, without back references and look-around.");
    leaf.pattern = std::move(pattern);
    return {};
}

Result<void> addIds(FilterLeaf &leaf, const FilterNode &node)
{
    for (const auto &value : node.values) {
        const auto id = Uuid::parse(value.text);
        if (!id)
            return filter::failAt(value.column, filter::inQuotes(value.text) + " is no id");
        leaf.ids.push_back(*id);
    }
    return {};
}

/// Every value at the rest of a path.
template <class Visit> bool anyAt(const Json &value, std::span<const FilterStep> path, const Visit &visit)
{
    if (path.empty())
        return visit(value);
    const auto rest = path.subspan(1);
    if (const auto *name = std::get_if<std::string>(&path.front())) {
        const auto *member = value.find(*name);
        return member && anyAt(*member, rest, visit);
    }
    const auto *elements = value.asArray();
    if (!elements)
        return false;
    if (const auto *index = std::get_if<std::uint64_t>(&path.front()))
        return *index < elements->size() && anyAt((*elements)[static_cast<std::size_t>(*index)], rest, visit);
    return std::ranges::any_of(*elements, [&](const Json &element) { return anyAt(element, rest, visit); });
}

bool operandMatches(const FilterLeaf::Operand &operand, Test test, const Json &value)
{
    using Type = FilterValue::Type;
    const auto fitsEquality = [test](bool equal) { return equal == (test != Test::NotEqual); };
    switch (operand.type) {
    case Type::Text:
        if (const auto *text = value.asString())
            return fits(test, text->compare(operand.text) <=> 0);
        break;
    case Type::Number:
        if (const auto *number = value.asNumber())
            return fits(test, Decimal(number->lexeme) <=> *operand.number);
        break;
    case Type::Boolean:
        if (const auto boolean = value.asBool())
            return fitsEquality(*boolean == (operand.text == "true"));
        break;
    default:
        if (value.isNull())
            return fitsEquality(true);
        break;
    }
    // A value of another type is unequal, and neither less nor greater.
    return test == Test::NotEqual;
}

bool textMatches(const FilterLeaf &leaf, std::string_view value)
{
    switch (leaf.test) {
    case Test::Contains:
        return value.find(leaf.texts.front()) != std::string_view::npos;
    case Test::StartsWith:
        return value.starts_with(leaf.texts.front());
    case Test::Matches:
        return RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *leaf.pattern);
    case Test::Exists:
        return true;
    default:
        return std::ranges::any_of(leaf.texts,
                                   [&](const std::string &text) { return fits(leaf.test, value.compare(text) <=> 0); });
    }
}

bool isTextTest(Test test)
{
    return test == Test::Contains || test == Test::StartsWith || test == Test::Matches;
}

} // namespace

bool FilterLeaf::matches(std::int64_t value) const noexcept
{
    return std::ranges::any_of(intervals, [value](const Interval &i) { return i.first <= value && value <= i.last; });
}

bool FilterLeaf::matches(std::string_view value) const
{
    return !value.empty() && textMatches(*this, value);
}

bool FilterLeaf::matches(const Uuid &id) const
{
    if (id.isNull())
        return false;
    if (isTextTest(test))
        return textMatches(*this, id.text());
    return test == Test::Exists || (std::ranges::find(ids, id) != ids.end()) == (test != Test::NotEqual);
}

bool FilterLeaf::matches(const Json &root) const
{
    return anyAt(root, path, [this](const Json &value) {
        if (test == Test::Exists)
            return true;
        if (isTextTest(test))
            return value.asString() && textMatches(*this, *value.asString());
        return std::ranges::any_of(operands, [&](const Operand &o) { return operandMatches(o, test, value); });
    });
}

Result<FilterLeaf> compileLeaf(const FilterNode &node, Timestamp now)
{
    FilterLeaf leaf;
    leaf.field = node.field;
    leaf.path = node.path;
    leaf.test = node.test;
    if (node.type == FilterNode::Type::Text) {
        leaf.isText = true;
        leaf.search.emplace(node.values.front().text);
        return leaf;
    }
    Result<void> done;
    const auto type = filter::typeOf(node.field);
    if (isTextTest(node.test)) {
        leaf.texts.push_back(node.values.front().text);
        if (node.test == Test::Matches)
            done = addPattern(leaf, node.values.front());
    } else if (type == filter::FieldType::Text) {
        for (const auto &value : node.values)
            leaf.texts.push_back(value.text);
    } else if (type == filter::FieldType::Id) {
        done = addIds(leaf, node);
    } else if (type == filter::FieldType::Json) {
        for (const auto &value : node.values) {
            leaf.operands.push_back({value.type, value.text, std::nullopt});
            if (value.type == FilterValue::Type::Number)
                leaf.operands.back().number.emplace(value.text);
        }
    } else {
        done = addIntervals(leaf, node, now);
    }
    if (!done)
        return fail(std::move(done.error()));
    return leaf;
}

} // namespace commander
