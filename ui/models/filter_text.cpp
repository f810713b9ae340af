// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/filter_text.h"

#include <commander/filter.h>

namespace commander::ui {

namespace {

using Type = FilterValue::Type;

FilterNode test(FilterField field, FilterOperator op, std::vector<std::string> values, Type type = Type::Text)
{
    FilterNode node;
    node.type = FilterNode::Type::Test;
    node.field = field;
    node.test = op;
    for (auto &value : values)
        node.values.push_back({type, std::move(value)});
    return node;
}

} // namespace

std::string filterText(const RecordFilter &filter)
{
    FilterNode all;
    const auto add = [&all](FilterNode node) { all = bothFilters(std::move(all), std::move(node)); };
    const auto anyOf = [&add](FilterField field, std::vector<std::string> names) {
        if (names.size() == 1)
            add(test(field, FilterOperator::Equal, std::move(names)));
        else if (!names.empty())
            add(test(field, FilterOperator::In, std::move(names)));
    };
    std::vector<std::string> kinds;
    for (const RecordKind kind : filter.kinds)
        kinds.emplace_back(recordKindName(kind));
    anyOf(FilterField::Kind, std::move(kinds));
    anyOf(FilterField::Topic, filter.topics);
    anyOf(FilterField::Action, filter.actions);
    anyOf(FilterField::Actor, filter.actors);
    if (filter.key)
        anyOf(FilterField::Key, {*filter.key});
    if (filter.parent)
        anyOf(FilterField::Parent, {filter.parent->text()});
    if (filter.correlation)
        anyOf(FilterField::Correlation, {filter.correlation->text()});
    if (filter.status)
        anyOf(FilterField::Status, {std::string(commandStatusName(*filter.status))});
    if (filter.from)
        add(test(FilterField::Recorded, FilterOperator::GreaterOrEqual, {filter.from->text()}, Type::Time));
    if (filter.to)
        add(test(FilterField::Recorded, FilterOperator::Less, {filter.to->text()}, Type::Time));
    const RecordFilter whole;
    if (filter.first != whole.first)
        add(test(FilterField::LedgerPosition, FilterOperator::GreaterOrEqual, {std::to_string(filter.first.value)},
                 Type::Number));
    if (filter.last != whole.last)
        add(test(FilterField::LedgerPosition, FilterOperator::LessOrEqual, {std::to_string(filter.last.value)},
                 Type::Number));
    if (!filter.text.empty()) {
        FilterNode text;
        text.type = FilterNode::Type::Text;
        text.values.push_back({Type::Text, filter.text});
        add(std::move(text));
    }
    if (filter.expression)
        add(filter.expression->node());
    return formatFilter(all);
}

} // namespace commander::ui
