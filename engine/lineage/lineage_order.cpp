// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_order.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace commander {

namespace {

class Sorter {
public:
    explicit Sorter(const LineageGraph &graph)
        : m_graph(graph), m_effects(graph.nodes.size()), m_causes(graph.nodes.size()), m_done(graph.nodes.size())
    {
        for (const auto &edge : graph.edges) {
            m_effects[edge.cause].push_back(edge.effect);
            ++m_causes[edge.effect];
        }
    }

    /// Old places in their new order.
    std::vector<std::size_t> order()
    {
        std::vector<std::size_t> byAge;
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
            byAge.push_back(i);
            if (m_causes[i] == 0)
                m_ready.push(rank(i));
        }
        std::ranges::sort(byAge, {}, [this](std::size_t node) { return rank(node); });
        auto oldest = byAge.begin();
        while (m_order.size() < m_graph.nodes.size()) {
            if (m_ready.empty()) {
                // Only circles are left: the oldest node of them begins.
                oldest = std::find_if(oldest, byAge.end(), [this](std::size_t node) { return !m_done[node]; });
                take(*oldest);
                continue;
            }
            const auto node = m_ready.top().second;
            m_ready.pop();
            if (!m_done[node])
                take(node);
        }
        return std::move(m_order);
    }

private:
    /// Age: by position, a change directly behind its event; then as given.
    std::pair<std::pair<Position, bool>, std::size_t> rank(std::size_t node) const
    {
        const auto &place = m_graph.nodes[node];
        return {{place.record->position, place.kind == LineageNode::Kind::Change}, node};
    }

    void take(std::size_t node)
    {
        m_done[node] = true;
        m_order.push_back(node);
        for (const auto effect : m_effects[node]) {
            if (--m_causes[effect] == 0)
                m_ready.push(rank(effect));
        }
    }

    using Rank = std::pair<std::pair<Position, bool>, std::size_t>;
    const LineageGraph &m_graph;
    std::vector<std::vector<std::size_t>> m_effects;
    std::vector<std::size_t> m_causes; ///< how many causes are not in the order yet
    std::vector<bool> m_done;
    std::vector<std::size_t> m_order;
    std::priority_queue<Rank, std::vector<Rank>, std::greater<>> m_ready;
};

} // namespace

void orderCausesFirst(LineageGraph &graph)
{
    const auto order = Sorter(graph).order();
    std::vector<std::size_t> newPlace(order.size());
    std::vector<LineageNode> nodes;
    nodes.reserve(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        newPlace[order[i]] = i;
        nodes.push_back(std::move(graph.nodes[order[i]]));
    }
    graph.nodes = std::move(nodes);
    graph.focus = newPlace[graph.focus];
    for (auto &edge : graph.edges)
        edge = {newPlace[edge.cause], newPlace[edge.effect]};
    std::erase_if(graph.edges, [](const LineageEdge &edge) { return edge.cause >= edge.effect; });
    std::ranges::sort(graph.edges, {}, [](const LineageEdge &edge) { return std::pair(edge.cause, edge.effect); });
}

} // namespace commander
