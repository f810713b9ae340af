// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/lineage.h>

#include <vector>

namespace commander::ui {

/// One card: a node of the graph, or many siblings alike that stand for each other ("×312").
struct PictureNode {
    std::vector<std::size_t> members; ///< indexes into the graph's nodes; the first one is shown
    [[nodiscard]] bool isGroup() const noexcept { return members.size() > 1; }
};

/// What of a graph is drawn. Causes come before their effects, as in the graph.
struct LineagePicture {
    std::vector<PictureNode> nodes;
    std::vector<LineageEdge> edges;  ///< by index into nodes here, each once
    std::vector<std::size_t> nodeOf; ///< graph node -> node here, or none
    std::size_t focus = 0;
    std::size_t hidden = 0; ///< graph nodes that have no card
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
};

/// Draws a graph of up to `nodesMax` nodes as it is. In a larger one, siblings of one cause that are alike (same kind,
/// action and status, same view) become one card, their effects likewise; never the focus and its causes. What is still
/// too much is left out and counted.
[[nodiscard]] LineagePicture pictureOf(const LineageGraph &graph, std::size_t nodesMax);

/// Some command of the chain has no result yet, so more is to come.
[[nodiscard]] bool isIncomplete(const LineageGraph &graph);

/// Same nodes in the same states.
[[nodiscard]] bool sameContent(const LineageGraph &a, const LineageGraph &b);

} // namespace commander::ui
