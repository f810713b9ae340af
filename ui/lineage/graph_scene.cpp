// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/graph_scene.h"

#include "lineage/edge_item.h"

#include <algorithm>
#include <cmath>

namespace commander::ui {

namespace {
constexpr double margin = 28;
}

Result<PlacedLineage> placeLineage(LineageGraph graph, std::size_t nodesMax, const NodeItem::Metrics &metrics)
{
    PlacedLineage placed;
    placed.picture = pictureOf(graph, nodesMax);
    std::vector<QSizeF> sizes;
    sizes.reserve(placed.picture.nodes.size());
    for (const auto &node : placed.picture.nodes)
        sizes.push_back(NodeItem::sizeOf(nodeText(graph.nodes[node.members.front()]), node.isGroup(), metrics));
    auto layout = layoutGraph(sizes, placed.picture.edges);
    if (!layout)
        return fail(layout.error());
    placed.layout = std::move(*layout);
    placed.graph = std::move(graph);
    return placed;
}

GraphScene::GraphScene(Theme &theme, QObject *parent) : QGraphicsScene(parent), m_theme(theme)
{
    // A few hundred items that are replaced together: an index costs more than it saves.
    setItemIndexMethod(QGraphicsScene::NoIndex);
    connect(&theme, &Theme::changed, this, &GraphScene::recolor);
    recolor();
}

void GraphScene::clearLineage()
{
    m_cards.clear();
    m_arrows.clear();
    m_current.reset();
    m_lineage = {};
    clear();
}

void GraphScene::setLineage(PlacedLineage lineage)
{
    clearLineage();
    m_lineage = std::move(lineage);
    const auto metrics = NodeItem::Metrics::of(font());
    const auto &picture = m_lineage.picture;
    for (const auto &edge : picture.edges) {
        const auto latency
            = picture.nodes[edge.effect].isGroup() ? QString() : latencyText(nodeAt(edge.cause), nodeAt(edge.effect));
        auto *arrow
            = new EdgeItem(m_theme, m_lineage.layout.cards[edge.cause], m_lineage.layout.cards[edge.effect], latency);
        addItem(arrow);
        m_arrows.push_back(arrow);
    }
    for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
        const auto [color, status] = colorsOf(i);
        const auto &place = m_lineage.layout.cards[i];
        auto *card = new NodeItem(i, m_theme, nodeText(nodeAt(i)), color, status, picture.nodes[i].members.size(),
                                  place.size(), metrics);
        card->setPos(place.topLeft());
        card->setZValue(1);
        addItem(card);
        m_cards.push_back(card);
    }
    setSceneRect(m_lineage.layout.bounds.adjusted(-margin, -margin, margin, margin));
}

const LineageNode &GraphScene::nodeAt(std::size_t index) const
{
    return m_lineage.graph.nodes[m_lineage.picture.nodes[index].members.front()];
}

void GraphScene::setCurrent(std::optional<std::size_t> node)
{
    if (node && *node >= m_cards.size())
        node.reset();
    m_current = node;
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        m_cards[i]->setCurrent(node == i);
    const auto &edges = m_lineage.picture.edges;
    for (std::size_t i = 0; i < m_arrows.size(); ++i)
        m_arrows[i]->setNear(node && (edges[i].cause == *node || edges[i].effect == *node));
}

std::optional<std::size_t> GraphScene::neighbour(GraphStep step) const
{
    if (!m_current)
        return m_cards.empty() ? std::nullopt : std::optional(m_lineage.picture.focus);
    const auto &cards = m_lineage.layout.cards;
    const auto &here = cards[*m_current];
    std::optional<std::size_t> best;
    const auto nearer = [&](std::size_t candidate) {
        const auto distance = [&](std::size_t node) { return std::abs(cards[node].center().y() - here.center().y()); };
        if (!best || distance(candidate) < distance(*best))
            best = candidate;
    };
    if (step == GraphStep::Cause || step == GraphStep::Effect) {
        for (const auto &edge : m_lineage.picture.edges) {
            if (step == GraphStep::Cause && edge.effect == *m_current)
                nearer(edge.cause);
            if (step == GraphStep::Effect && edge.cause == *m_current)
                nearer(edge.effect);
        }
        return best;
    }
    const auto &layers = m_lineage.layout.layers;
    for (std::size_t node = 0; node < cards.size(); ++node) {
        const bool beyond = step == GraphStep::Up ? cards[node].top() < here.top() : cards[node].top() > here.top();
        if (node != *m_current && layers[node] == layers[*m_current] && beyond)
            nearer(node);
    }
    return best;
}

std::pair<QColor, QColor> GraphScene::colorsOf(std::size_t index) const
{
    const auto &node = nodeAt(index);
    const auto status
        = node.record && node.record->kind == RecordKind::Result ? resultStatus(*node.record) : node.status;
    return {nodeColor(node, m_theme), m_theme.statusColor(status)};
}

void GraphScene::recolor()
{
    setBackgroundBrush(m_theme.color(Theme::Tone::Window));
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        const auto [color, status] = colorsOf(i);
        m_cards[i]->setColors(color, status);
    }
    update();
}

} // namespace commander::ui
