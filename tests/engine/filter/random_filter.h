// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/filter.h>

#include <functional>

namespace commander {

/// Random trees as parseFilter() could give them, over names and values from a small stock so that they find something.
class RandomFilter {
public:
    using Below = std::function<std::uint64_t(std::uint64_t)>;
    struct Stock {
        std::vector<std::string> texts;
        std::vector<std::string> ids;
        std::vector<std::string> times;
        std::vector<FilterPath> paths;
        std::vector<FilterValue> payload; ///< of data and headers
        std::int64_t numberMax = 100;
    };

    RandomFilter(Below below, Stock stock) : m_below(std::move(below)), m_stock(std::move(stock)) { }

    FilterNode tree(int depth = 3)
    {
        using Type = FilterNode::Type;
        FilterNode node;
        const auto what = depth == 0 ? 5 : m_below(8);
        if (what < 3) {
            node.type = what == 0 ? Type::And : what == 1 ? Type::Or : Type::Not;
            const auto count = node.type == Type::Not ? 1 : 2 + m_below(3);
            while (node.parts.size() < count) {
                auto part = tree(depth - 1);
                if (part.type != node.type || node.type == Type::Not)
                    node.parts.push_back(std::move(part));
            }
            return node;
        }
        return what == 3 ? text() : test();
    }

private:
    template <class T> const T &any(const std::vector<T> &from) { return from[m_below(from.size())]; }

    FilterNode text()
    {
        FilterNode node;
        node.type = FilterNode::Type::Text;
        node.values.push_back({FilterValue::Type::Text, any(m_stock.texts), 0});
        return node;
    }

    FilterNode test()
    {
        FilterNode node;
        node.type = FilterNode::Type::Test;
        node.field = static_cast<FilterField>(m_below(18));
        const bool isPayload = node.field == FilterField::Data || node.field == FilterField::Headers;
        const bool isNumber = node.field == FilterField::Partition || node.field == FilterField::PartitionOffset
            || node.field == FilterField::LedgerPosition || node.field == FilterField::Depth
            || node.field == FilterField::Size;
        const bool isTime = node.field == FilterField::Recorded || node.field == FilterField::Time;
        const bool isId = node.field == FilterField::Id || node.field == FilterField::Parent
            || node.field == FilterField::Correlation;
        const bool isName = node.field == FilterField::Kind || node.field == FilterField::Status;
        if (isPayload)
            node.path = any(m_stock.paths);
        do {
            node.test = static_cast<FilterOperator>(m_below(12));
        } while (!fits(node.test, isNumber || isTime, isId, isName));
        if (node.test == FilterOperator::Exists)
            return node;
        const auto count = node.test == FilterOperator::In ? 1 + m_below(4)
            : node.test == FilterOperator::Between         ? 2
                                                           : 1;
        while (node.values.size() < count)
            node.values.push_back(value(node, isNumber, isTime, isId));
        if (node.test == FilterOperator::Between && m_below(3) == 0)
            node.values[m_below(2)] = {};
        return node;
    }

    static bool fits(FilterOperator test, bool isOrdered, bool isId, bool isName)
    {
        const bool isText
            = test == FilterOperator::Contains || test == FilterOperator::StartsWith || test == FilterOperator::Matches;
        const bool isOrder = test >= FilterOperator::Less && test <= FilterOperator::GreaterOrEqual;
        if (test == FilterOperator::Between)
            return isOrdered;
        return !(isText && (isOrdered || isName)) && !(isOrder && (isId || isName));
    }

    FilterValue value(const FilterNode &node, bool isNumber, bool isTime, bool isId)
    {
        using Type = FilterValue::Type;
        if (node.test == FilterOperator::Matches)
            return {Type::Text, m_below(2) ? "[0-9]+[a-c]" : "^.*-m?", 0};
        if (node.test == FilterOperator::Contains || node.test == FilterOperator::StartsWith)
            return {Type::Text, any(m_stock.texts), 0};
        if (node.field == FilterField::Kind)
            return {Type::Text, std::string(recordKindName(static_cast<RecordKind>(1 + m_below(3)))), 0};
        if (node.field == FilterField::Status)
            return {Type::Text, std::string(commandStatusName(static_cast<CommandStatus>(m_below(4)))), 0};
        if (isNumber)
            return {Type::Number, std::to_string(m_below(static_cast<std::uint64_t>(m_stock.numberMax))), 0};
        if (isTime)
            return {Type::Time, any(m_stock.times), 0};
        if (isId)
            return {Type::Text, any(m_stock.ids), 0};
        if (node.field != FilterField::Data && node.field != FilterField::Headers)
            return {Type::Text, any(m_stock.texts), 0};
        const bool isOrder = node.test >= FilterOperator::Less && node.test <= FilterOperator::GreaterOrEqual;
        while (true) {
            const auto &chosen = any(m_stock.payload);
            if (!isOrder || chosen.type == Type::Text || chosen.type == Type::Number)
                return chosen;
        }
    }

    Below m_below;
    Stock m_stock;
};

} // namespace commander
