// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QGraphicsItem>
#include <QPainterPath>

namespace commander::ui {

/// An arrow from a cause to its effect, with the time between them. Solid: every cause here is recorded.
class EdgeItem final : public QGraphicsItem {
public:
    EdgeItem(const Theme &theme, const QRectF &cause, const QRectF &effect, QString latency);
    /// One of its ends is the current node.
    void setNear(bool near);

    [[nodiscard]] QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    // Constant after construction
    const Theme &m_theme;
    QPainterPath m_line;
    QPainterPath m_head;
    QString m_latency;
    QPointF m_end;
    QRectF m_bounds;

    // GUI thread only
    bool m_near = false;
};

} // namespace commander::ui
