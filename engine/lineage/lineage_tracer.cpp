// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_tracer.h"

#include "lineage/chain_collector.h"
#include "lineage/lineage_order.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

LineageNode::Kind kindOf(const Record &record)
{
    switch (record.kind) {
    case RecordKind::Command:
        return LineageNode::Kind::Command;
    case RecordKind::Event:
        return LineageNode::Kind::Event;
    case RecordKind::Result:
        return LineageNode::Kind::Result;
    }
    return LineageNode::Kind::Event;
}

class GraphBuilder {
public:
    GraphBuilder(RecordReader &records, ViewReader &views, const Chain &chain, std::size_t nodesMax)
        : m_records(records), m_views(views), m_chain(chain), m_nodesMax(std::max<std::size_t>(nodesMax, 1))
    {
    }

    [[nodiscard]] Result<LineageGraph> build(const std::stop_token &stop)
    {
        m_graph.hidden = m_chain.beyond;
        std::size_t steps = 0;
        for (const auto &reached : m_chain.nearestFirst()) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "tracing was cancelled");
            if (reached.steps != steps) {
                steps = reached.steps;
                // A change is one step from its event; among the same steps records come first.
                if (auto added = addChangesOf(std::exchange(m_nearerEvents, std::exchange(m_events, {}))); !added)
                    return fail(added.error());
            }
            if (auto added = add(reached.place); !added)
                return fail(added.error());
        }
        for (auto *const events : {&m_nearerEvents, &m_events}) {
            if (auto added = addChangesOf(std::move(*events)); !added)
                return fail(added.error());
        }
        connect();
        m_graph.focus = m_nodes.at(m_chain.focus);
        orderCausesFirst(m_graph);
        return std::move(m_graph);
    }

private:
    [[nodiscard]] bool full() const { return m_graph.nodes.size() >= m_nodesMax; }

    [[nodiscard]] Result<void> add(std::size_t place)
    {
        if (full()) {
            ++m_graph.hidden;
            return {};
        }
        const auto &record = m_chain.records[place];
        LineageNode node;
        node.kind = kindOf(*record);
        node.record = record;
        if (record->kind == RecordKind::Command) {
            const auto status = m_records.status(record->id);
            if (!status)
                return fail(status.error());
            node.status = *status;
        }
        const auto orphan = isOrphan(*record);
        if (!orphan)
            return fail(orphan.error());
        node.orphan = *orphan;
        m_nodes.emplace(place, m_graph.nodes.size());
        if (record->kind == RecordKind::Event)
            m_events.push_back(m_graph.nodes.size());
        m_graph.nodes.push_back(std::move(node));
        return {};
    }

    [[nodiscard]] Result<bool> isOrphan(const Record &record)
    {
        if (record.parent.isNull() || m_chain.places.contains(record.parent))
            return false;
        const auto parent = m_records.find(record.parent);
        if (parent)
            return false; // of another chain
        if (parent.error().code != ErrorCode::NotFound)
            return fail(parent.error());
        return true;
    }

    [[nodiscard]] Result<void> addChangesOf(std::vector<std::size_t> events)
    {
        for (const auto event : events) {
            const auto record = m_graph.nodes[event].record;
            auto changes = m_views.changesAt(record->position);
            if (!changes)
                return fail(changes.error());
            for (auto &change : *changes) {
                if (full()) {
                    ++m_graph.hidden;
                    continue;
                }
                LineageNode node;
                node.kind = LineageNode::Kind::Change;
                node.record = record;
                node.change = std::move(change);
                m_graph.edges.push_back({event, m_graph.nodes.size()});
                m_graph.nodes.push_back(std::move(node));
            }
        }
        return {};
    }

    void connect()
    {
        for (const auto &[place, node] : m_nodes) {
            const auto parent = m_chain.places.find(m_chain.records[place]->parent);
            if (parent == m_chain.places.end() || parent->second == place)
                continue;
            if (const auto cause = m_nodes.find(parent->second); cause != m_nodes.end())
                m_graph.edges.push_back({cause->second, node});
        }
    }

    RecordReader &m_records;
    ViewReader &m_views;
    const Chain &m_chain;
    const std::size_t m_nodesMax;
    std::unordered_map<std::size_t, std::size_t> m_nodes; ///< place in the chain -> node of the graph
    std::vector<std::size_t> m_events;       ///< nodes of this number of steps whose changes are not added yet
    std::vector<std::size_t> m_nearerEvents; ///< the same of one step less
    LineageGraph m_graph;
};

} // namespace

Result<LineageGraph> LineageTracer::around(const Uuid &record, std::size_t nodesMax, std::stop_token stop)
{
    const auto focus = m_records.find(record);
    if (!focus)
        return fail(focus.error());
    const auto chain = collectChain(m_records, *focus, std::max<std::size_t>(nodesMax, 1), stop);
    if (!chain)
        return fail(chain.error());
    return GraphBuilder(m_records, m_views, *chain, nodesMax).build(stop);
}

} // namespace commander
