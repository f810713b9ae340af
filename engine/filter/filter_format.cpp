// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_fields.h"

#include <commander/filter.h>

namespace commander {

namespace {

void append(std::string &out, const FilterNode &node);

void appendValue(std::string &out, FilterField field, const FilterValue &value)
{
    if (field == FilterField::LedgerPosition && value.type == FilterValue::Type::Number)
        out += '#';
    if (value.type == FilterValue::Type::Text)
        filter::appendQuoted(out, value.text);
    else
        out += value.text;
}

void appendTest(std::string &out, const FilterNode &node)
{
    out += filter::pathText(node.field, node.path);
    out += ' ';
    out += filter::operatorText(node.test);
    if (node.test == FilterOperator::Exists)
        return;
    out += ' ';
    if (node.test == FilterOperator::Between) {
        appendValue(out, node.field, node.values[0]);
        out += "..";
        appendValue(out, node.field, node.values[1]);
        return;
    }
    const bool isList = node.test == FilterOperator::In;
    if (isList)
        out += '(';
    for (std::size_t i = 0; i < node.values.size(); ++i) {
        if (i > 0)
            out += ", ";
        appendValue(out, node.field, node.values[i]);
    }
    if (isList)
        out += ')';
}

void appendPart(std::string &out, const FilterNode &part, bool inParentheses)
{
    if (inParentheses)
        out += '(';
    append(out, part);
    if (inParentheses)
        out += ')';
}

void append(std::string &out, const FilterNode &node)
{
    using Type = FilterNode::Type;
    switch (node.type) {
    case Type::And:
    case Type::Or:
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
            if (i > 0)
                out += node.type == Type::And ? " and " : " or ";
            appendPart(out, node.parts[i], node.type == Type::And && node.parts[i].type == Type::Or);
        }
        return;
    case Type::Not: {
        const auto type = node.parts.front().type;
        out += "not ";
        appendPart(out, node.parts.front(), type == Type::And || type == Type::Or);
        return;
    }
    case Type::Test:
        appendTest(out, node);
        return;
    case Type::Text:
        filter::appendQuoted(out, node.values.front().text);
        return;
    }
}

} // namespace

std::string formatFilter(const FilterNode &node)
{
    std::string out;
    append(out, node);
    return out;
}

} // namespace commander
