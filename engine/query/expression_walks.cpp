// SPDX-License-Identifier: GPL-3.0-or-later
// What is walked for an expression: its series, and the bounds and causes that follow from it.
#include "filter/filter_program.h"
#include "query/expression_check.h"

#include <algorithm>
#include <limits>

namespace commander {

namespace {

using Type = FilterNode::Type;
using Test = FilterOperator;
constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto highest = std::numeric_limits<std::int64_t>::max();

enum class Truth { No, Maybe, Yes };

Truth truthOf(bool value)
{
    return value ? Truth::Yes : Truth::No;
}

/// What the series alone says.
Truth truthOf(const FilterProgram &program, const Series &series)
{
    const auto truthOfPart = [&series](const FilterProgram &part) { return truthOf(part, series); };
    switch (program.type) {
    case Type::And: {
        auto all = Truth::Yes;
        for (const auto &part : program.parts)
            all = std::min(all, truthOfPart(part));
        return all;
    }
    case Type::Or: {
        auto any = Truth::No;
        for (const auto &part : program.parts)
            any = std::max(any, truthOfPart(part));
        return any;
    }
    case Type::Not: {
        const auto part = truthOfPart(program.parts.front());
        return part == Truth::Maybe ? part : part == Truth::Yes ? Truth::No : Truth::Yes;
    }
    case Type::Text:
        return Truth::Maybe;
    case Type::Test:
        break;
    }
    const auto &leaf = *program.leaf;
    switch (leaf.field) {
    case FilterField::Kind:
        return truthOf(leaf.matches(static_cast<std::int64_t>(series.kind)));
    case FilterField::Topic:
        return truthOf(leaf.matches(std::string_view(series.topic)));
    case FilterField::Action:
        return truthOf(leaf.matches(std::string_view(series.action)));
    case FilterField::Status:
        return series.kind == RecordKind::Command ? Truth::Maybe : Truth::No;
    default:
        return Truth::Maybe;
    }
}

/// Conditions that every match fulfils.
std::vector<const FilterLeaf *> conditionsOf(const FilterProgram &program)
{
    std::vector<const FilterLeaf *> leaves;
    if (program.type == Type::Test)
        leaves.push_back(program.leaf.get());
    for (const auto &part : program.parts) {
        if (program.type == Type::And && part.type == Type::Test)
            leaves.push_back(part.leaf.get());
    }
    return leaves;
}

} // namespace

bool mayMatch(const FilterExpression &expression, const Series &series)
{
    return truthOf(expression.program(), series) != Truth::No;
}

Result<RecordFilter> narrowed(const RecordFilter &filter, const IndexReading &reading)
{
    auto narrow = filter;
    if (!filter.expression)
        return narrow;
    const auto bound = [&narrow](std::int64_t first, std::int64_t last) {
        if (first > 0)
            narrow.first = std::max(narrow.first, Position{static_cast<std::uint64_t>(first)});
        narrow.last = std::min(narrow.last, Position{static_cast<std::uint64_t>(std::max<std::int64_t>(last, 0))});
    };
    for (const auto *leaf : conditionsOf(filter.expression->program())) {
        if (leaf->field == FilterField::Id && leaf->ids.size() == 1 && leaf->test == Test::Equal) {
            const auto position = reading.bodies().positionOf(leaf->ids.front());
            if (!position)
                return fail(position.error());
            const auto at = *position ? static_cast<std::int64_t>((*position)->value) : 0;
            bound(at, at);
        } else if (leaf->field == FilterField::Parent && leaf->ids.size() == 1 && leaf->test == Test::Equal) {
            narrow.parent = narrow.parent.value_or(leaf->ids.front());
        } else if (leaf->field == FilterField::Correlation && leaf->ids.size() == 1 && leaf->test == Test::Equal) {
            narrow.correlation = narrow.correlation.value_or(leaf->ids.front());
        } else if (!leaf->intervals.empty()) {
            const auto first = std::ranges::min(leaf->intervals, {}, &FilterLeaf::Interval::first).first;
            const auto last = std::ranges::max(leaf->intervals, {}, &FilterLeaf::Interval::last).last;
            if (leaf->field == FilterField::LedgerPosition) {
                bound(first, last);
            } else if (leaf->field == FilterField::Recorded) {
                if (first != lowest)
                    narrow.from = std::max(narrow.from.value_or(Timestamp{first}), Timestamp{first});
                if (last != highest)
                    narrow.to = std::min(narrow.to.value_or(Timestamp{last + 1}), Timestamp{last + 1});
            } else if (leaf->field == FilterField::Status && first == last && !narrow.status) {
                narrow.status = static_cast<CommandStatus>(first);
            }
        }
    }
    return narrow;
}

} // namespace commander
