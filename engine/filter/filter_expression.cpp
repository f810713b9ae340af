// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_program.h"

#include <commander/filter.h>

#include <algorithm>

namespace commander {

namespace {

bool usesField(const FilterNode &node, FilterField field)
{
    return (node.type == FilterNode::Type::Test && node.field == field)
        || std::ranges::any_of(node.parts, [field](const FilterNode &part) { return usesField(part, field); });
}

} // namespace

FilterExpression::FilterExpression(FilterNode node, std::unique_ptr<const FilterProgram> program)
    : m_node(std::move(node)), m_text(formatFilter(m_node)), m_program(std::move(program))
{
}

FilterExpression::~FilterExpression() = default;

Result<std::shared_ptr<const FilterExpression>> FilterExpression::parse(std::string_view text, Timestamp now)
{
    auto node = parseFilter(text);
    if (!node)
        return fail(std::move(node.error()));
    return compile(std::move(*node), now);
}

Result<std::shared_ptr<const FilterExpression>> FilterExpression::compile(FilterNode node, Timestamp now)
{
    auto program = compileProgram(node, now);
    if (!program)
        return fail(std::move(program.error()));
    return std::shared_ptr<const FilterExpression>(
        new FilterExpression(std::move(node), std::make_unique<const FilterProgram>(std::move(*program))));
}

bool FilterExpression::uses(FilterField field) const noexcept
{
    return usesField(m_node, field);
}

bool FilterExpression::matches(const Record &record, const StatusOf &statusOf) const
{
    return m_program->matches(record, statusOf);
}

} // namespace commander
