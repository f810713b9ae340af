// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/lineage.h>

#include <QRectF>
#include <QSizeF>
#include <vector>

namespace commander::ui {

struct GraphSpacing {
    double betweenLayers = 72; ///< room for the arrows
    double betweenCards = 14;
};

struct GraphLayout {
    std::vector<QRectF> cards; ///< one per node
    std::vector<int> layers;   ///< column of each node, 0 = without a cause
    QRectF bounds;
};

/// Places cards in layers from left to right, causes left of their effects, with few crossings. Pure, and safe to call
/// from any thread. Edges that close a circle are left out of the layering. Errors InvalidArgument, Internal (the
/// layout library refused).
[[nodiscard]] Result<GraphLayout> layoutGraph(const std::vector<QSizeF> &sizes, const std::vector<LineageEdge> &edges,
                                              GraphSpacing spacing = {});

} // namespace commander::ui
