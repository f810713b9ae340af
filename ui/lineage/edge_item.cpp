// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/edge_item.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>

namespace commander::ui {

namespace {
constexpr double headLength = 8;
constexpr double headHalf = 4;

QFont labelFont()
{
    auto font = QGuiApplication::font();
    font.setPointSizeF(font.pointSizeF() * 0.8);
    return font;
}
} // namespace

EdgeItem::EdgeItem(const Theme &theme, const QRectF &cause, const QRectF &effect, QString latency)
    : m_theme(theme), m_latency(std::move(latency)), m_end(effect.left() - 3, effect.center().y())
{
    const QPointF start(cause.right() + 1, cause.center().y());
    const QPointF base = m_end - QPointF(headLength - 1, 0);
    const auto bend = std::max(24.0, (base.x() - start.x()) * 0.5);
    m_line.moveTo(start);
    m_line.cubicTo(start + QPointF(bend, 0), base - QPointF(bend, 0), base);
    m_head.moveTo(m_end);
    m_head.lineTo(m_end - QPointF(headLength, headHalf));
    m_head.lineTo(m_end - QPointF(headLength, -headHalf));
    m_head.closeSubpath();
    const QFontMetricsF metrics(labelFont());
    m_bounds = m_line.boundingRect()
                   .united(m_head.boundingRect())
                   .adjusted(-2, -metrics.height() - 4, 2, metrics.height() + 4);
    setZValue(0);
}

void EdgeItem::setNear(bool near)
{
    m_near = near;
    setZValue(near ? 0.5 : 0);
    update();
}

void EdgeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing, true);
    const auto color
        = m_near ? m_theme.color(Theme::Tone::Accent) : m_theme.tint(m_theme.color(Theme::Tone::TextMuted), 0.7);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(color, m_near ? 2 : 1.4));
    painter->drawPath(m_line);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPath(m_head);
    if (m_latency.isEmpty())
        return;
    painter->setFont(labelFont());
    const QFontMetricsF metrics(painter->font());
    const QPointF at(m_end.x() - headLength - metrics.horizontalAdvance(m_latency) - 1, m_end.y() - 4);
    painter->setPen(m_theme.color(Theme::Tone::TextMuted));
    // The window's colour behind the digits keeps them readable where another edge passes.
    const QRectF back(at.x() - 2, at.y() - metrics.ascent(), metrics.horizontalAdvance(m_latency) + 4,
                      metrics.height() - 1);
    painter->fillRect(back, m_theme.color(Theme::Tone::Window));
    painter->drawText(at, m_latency);
}

} // namespace commander::ui
