// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lineage/graph_layout.h"
#include "lineage/lineage_picture.h"
#include "lineage/node_item.h"
#include "theme/theme.h"

#include <optional>
#include <QGraphicsScene>

namespace commander::ui {

class EdgeItem;

/// A chain ready to be drawn; made by a worker.
struct PlacedLineage {
    LineageGraph graph;
    LineagePicture picture;
    GraphLayout layout;
};
/// Groups, measures and lays out. Safe on any thread.
[[nodiscard]] Result<PlacedLineage> placeLineage(LineageGraph graph, std::size_t nodesMax,
                                                 const NodeItem::Metrics &metrics);

enum class GraphStep { Cause, Effect, Up, Down };

/// The cards and arrows of one chain, and which card is the current one. GUI thread only.
class GraphScene final : public QGraphicsScene {
    Q_OBJECT
public:
    explicit GraphScene(Theme &theme, QObject *parent = nullptr);

    void setLineage(PlacedLineage lineage);
    void clearLineage();
    [[nodiscard]] const PlacedLineage &lineage() const { return m_lineage; }
    [[nodiscard]] bool isEmpty() const { return m_cards.empty(); }

    /// By index into the picture's nodes.
    void setCurrent(std::optional<std::size_t> node);
    [[nodiscard]] std::optional<std::size_t> current() const { return m_current; }
    [[nodiscard]] const LineageNode &nodeAt(std::size_t index) const; ///< the first member
    [[nodiscard]] NodeItem *card(std::size_t index) const { return m_cards[index]; }
    /// Where an arrow key leads from the current card.
    [[nodiscard]] std::optional<std::size_t> neighbour(GraphStep step) const;

private:
    void recolor();
    [[nodiscard]] std::pair<QColor, QColor> colorsOf(std::size_t index) const;

    // Constant after construction
    Theme &m_theme;

    // GUI thread only
    PlacedLineage m_lineage;
    std::vector<NodeItem *> m_cards;  ///< owned by the scene
    std::vector<EdgeItem *> m_arrows; ///< in the order of the picture's edges
    std::optional<std::size_t> m_current;
};

} // namespace commander::ui
