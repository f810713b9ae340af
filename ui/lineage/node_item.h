// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lineage/node_text.h"

#include <QGraphicsItem>

namespace commander::ui {

/// The card of one node. Its size depends on the text only, so that the layout can be computed before any card exists.
class NodeItem final : public QGraphicsItem {
public:
    /// Font metrics for sizes; taken in the GUI thread, handed to the worker that lays out.
    struct Metrics {
        double row = 17;
        double title = 20;
        double fieldRow = 16;
        [[nodiscard]] static Metrics of(const QFont &font);
    };
    [[nodiscard]] static QSizeF sizeOf(const NodeText &text, bool group, const Metrics &metrics);

    NodeItem(std::size_t index, const Theme &theme, NodeText text, QColor color, QColor statusColor, std::size_t count,
             const QSizeF &size, const Metrics &metrics);

    enum { Type = UserType + 1 };
    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] std::size_t index() const { return m_index; }
    [[nodiscard]] QRectF card() const { return {QPointF(0, 0), m_size}; }
    [[nodiscard]] QString spokenText() const; ///< all of it, in one sentence
    void setCurrent(bool current);
    void setColors(const QColor &color, const QColor &statusColor);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void paintHead(QPainter &painter, QRectF &row) const;
    void paintFields(QPainter &painter, QRectF &row) const;

    // Constant after construction
    const std::size_t m_index;
    const Theme &m_theme;
    const NodeText m_text;
    const std::size_t m_count; ///< nodes that this card stands for
    const QSizeF m_size;
    const Metrics m_metrics;

    // GUI thread only
    QColor m_color;
    QColor m_statusColor;
    bool m_current = false;
};

} // namespace commander::ui
