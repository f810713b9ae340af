// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_part.h"

namespace commander {

namespace {

/// Marks what is reached from the focus along the edges, or against them.
void reach(const LineageGraph &graph, bool down, std::size_t depth, std::vector<bool> &kept)
{
    std::vector<std::vector<std::size_t>> neighbours(graph.nodes.size());
    for (const auto &edge : graph.edges)
        neighbours[down ? edge.cause : edge.effect].push_back(down ? edge.effect : edge.cause);
    std::vector<bool> seen(graph.nodes.size());
    std::vector<std::size_t> ring{graph.focus};
    seen[graph.focus] = true;
    for (std::size_t step = 0; step < depth && !ring.empty(); ++step) {
        std::vector<std::size_t> next;
        for (const auto node : ring) {
            for (const auto neighbour : neighbours[node]) {
                if (seen[neighbour])
                    continue;
                seen[neighbour] = kept[neighbour] = true;
                next.push_back(neighbour);
            }
        }
        ring = std::move(next);
    }
}

} // namespace

LineageGraph partOfLineage(const LineageGraph &graph, const LineagePart &part)
{
    if (graph.nodes.empty())
        return graph;
    const auto depth = part.depth.value_or(graph.nodes.size());
    std::vector<bool> kept(graph.nodes.size());
    kept[graph.focus] = true;
    if (part.causes)
        reach(graph, false, depth, kept);
    if (part.effects)
        reach(graph, true, depth, kept);
    LineageGraph out;
    out.hidden = graph.hidden;
    std::vector<std::size_t> place(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        place[i] = out.nodes.size();
        if (kept[i])
            out.nodes.push_back(graph.nodes[i]);
    }
    for (const auto &edge : graph.edges) {
        if (kept[edge.cause] && kept[edge.effect])
            out.edges.push_back({place[edge.cause], place[edge.effect]});
    }
    out.focus = place[graph.focus];
    return out;
}

} // namespace commander
