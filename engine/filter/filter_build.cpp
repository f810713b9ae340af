// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/filter.h>

#include <algorithm>
#include <iterator>

namespace commander {

namespace {

bool isEmpty(const FilterNode &node)
{
    return node.type == FilterNode::Type::And && node.parts.empty();
}

void addPart(FilterNode &both, FilterNode part)
{
    if (part.type != FilterNode::Type::And) {
        both.parts.push_back(std::move(part));
        return;
    }
    std::ranges::move(part.parts, std::back_inserter(both.parts));
}

} // namespace

FilterNode bothFilters(FilterNode left, FilterNode right)
{
    if (isEmpty(left))
        return right;
    if (isEmpty(right))
        return left;
    FilterNode both;
    addPart(both, std::move(left));
    addPart(both, std::move(right));
    return both;
}

FilterNode notFilter(FilterNode node)
{
    if (node.type == FilterNode::Type::Not)
        return std::move(node.parts.front());
    FilterNode negated;
    negated.type = FilterNode::Type::Not;
    negated.parts.push_back(std::move(node));
    return negated;
}

FilterNode equalFilter(FilterField field, FilterPath path, const Json &value)
{
    using Type = FilterValue::Type;
    FilterNode node;
    node.type = FilterNode::Type::Test;
    node.field = field;
    node.path = std::move(path);
    node.test = FilterOperator::Equal;
    if (const auto *text = value.asString())
        node.values.push_back({Type::Text, *text, 0});
    else if (const auto *number = value.asNumber())
        node.values.push_back({Type::Number, number->lexeme, 0});
    else if (const auto boolean = value.asBool())
        node.values.push_back({Type::Boolean, *boolean ? "true" : "false", 0});
    else if (value.isNull())
        node.values.push_back({Type::Null, "null", 0});
    else
        node.test = FilterOperator::Exists; // arrays and objects have no value of one line
    return node;
}

} // namespace commander
