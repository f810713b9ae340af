// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/timeline_overlay.h"

#include "timeline/density_item.h"

#include <algorithm>
#include <cmath>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

namespace commander::ui {

namespace {
constexpr double markRoom = 18; // above the plot, for the names of the marks
constexpr double boxPadding = 10;
constexpr double boxWidthMax = 320;
constexpr double swatch = 9;
constexpr double rangeBarRoom = 60; // the bar of the chosen range floats above

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::TimelineOverlay)
};
} // namespace

TimelineOverlay::TimelineOverlay(const Theme &theme, const DensityItem &density, QGraphicsItem *parent)
    : QGraphicsItem(parent), m_theme(theme), m_density(density)
{
}

void TimelineOverlay::setPlot(const QRectF &plot)
{
    prepareGeometryChange();
    m_plot = plot;
}

void TimelineOverlay::setRange(std::optional<TimeWindow> range)
{
    m_range = range;
    update();
}

void TimelineOverlay::setRecordMark(std::optional<std::int64_t> time)
{
    m_record = time;
    update();
}

void TimelineOverlay::setMomentMark(std::optional<std::int64_t> time)
{
    m_moment = time;
    update();
}

void TimelineOverlay::setHover(std::optional<Hover> hover)
{
    if (!hover && !m_hover)
        return;
    m_hover = std::move(hover);
    update();
}

QRectF TimelineOverlay::boundingRect() const
{
    return m_plot.adjusted(-2, -markRoom, 2, 2);
}

void TimelineOverlay::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    if (m_range)
        paintRange(*painter);
    if (m_moment)
        paintMark(*painter, *m_moment, m_theme.color(Theme::Tone::Warning), Texts::tr("viewed moment"));
    if (m_record)
        paintMark(*painter, *m_record, m_theme.color(Theme::Tone::Accent), Texts::tr("selected record"));
    if (m_hover)
        paintHover(*painter);
}

void TimelineOverlay::paintRange(QPainter &painter) const
{
    const auto left = std::clamp(m_density.xOf(m_range->from), m_plot.left(), m_plot.right());
    const auto right = std::clamp(m_density.xOf(m_range->to), m_plot.left(), m_plot.right());
    auto veil = m_theme.color(Theme::Tone::Surface);
    veil.setAlphaF(0.62F);
    painter.fillRect(QRectF(m_plot.left(), m_plot.top(), left - m_plot.left(), m_plot.height()), veil);
    painter.fillRect(QRectF(right, m_plot.top(), m_plot.right() - right, m_plot.height()), veil);
    auto tint = m_theme.color(Theme::Tone::Accent);
    tint.setAlphaF(0.08F);
    painter.fillRect(QRectF(left, m_plot.top(), right - left, m_plot.height()), tint);
    painter.setPen(QPen(m_theme.color(Theme::Tone::Accent), 1.5));
    for (const auto &[edge, x] : {std::pair{m_range->from, left}, std::pair{m_range->to, right}}) {
        if (std::abs(m_density.xOf(edge) - x) < 1)
            painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
    }
}

void TimelineOverlay::paintMark(QPainter &painter, std::int64_t time, const QColor &color, const QString &name) const
{
    const auto x = std::round(m_density.xOf(time));
    if (x < m_plot.left() || x > m_plot.right())
        return;
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(color, 1.5));
    painter.drawLine(QPointF(x, m_plot.top() - 3), QPointF(x, m_plot.bottom()));
    QPainterPath flag;
    flag.moveTo(x - 5, m_plot.top() - 9);
    flag.lineTo(x + 5, m_plot.top() - 9);
    flag.lineTo(x, m_plot.top() - 1);
    flag.closeSubpath();
    painter.fillPath(flag, color);
    const QFontMetricsF metrics(painter.font());
    const auto width = metrics.horizontalAdvance(name);
    const auto textLeft = x + 9 + width > m_plot.right() ? x - 9 - width : x + 9;
    painter.drawText(QPointF(textLeft, m_plot.top() - 4), name);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void TimelineOverlay::paintHover(QPainter &painter) const
{
    const auto left = std::clamp(m_density.xOf(m_hover->bin.from), m_plot.left(), m_plot.right());
    const auto right = std::clamp(m_density.xOf(m_hover->bin.to), m_plot.left(), m_plot.right());
    auto band = m_theme.color(Theme::Tone::Text);
    band.setAlphaF(0.09F);
    painter.fillRect(QRectF(left, m_plot.top(), std::max(1.0, right - left), m_plot.height()), band);

    auto bold = painter.font();
    bold.setWeight(QFont::DemiBold);
    const QFontMetricsF metrics(painter.font());
    const QFontMetricsF boldMetrics(bold);
    const auto row = metrics.height() + 3;
    auto width = std::max(boldMetrics.horizontalAdvance(m_hover->title), boldMetrics.horizontalAdvance(m_hover->total));
    for (const auto &line : m_hover->lines)
        width = std::max(
            width, swatch + 8 + metrics.horizontalAdvance(line.name) + 24 + metrics.horizontalAdvance(line.count));
    width = std::min(width, boxWidthMax);
    const auto height = row * static_cast<double>(m_hover->lines.size() + 2) + 4;

    QRectF box(0, 0, width + 2 * boxPadding, height + 2 * boxPadding - 4);
    box.moveTop(m_plot.top() + (m_range ? rangeBarRoom : 8));
    box.moveLeft(right + 12);
    if (box.right() > m_plot.right() - 4)
        box.moveRight(left - 12);
    if (box.left() < m_plot.left())
        box.moveLeft(m_plot.left() + 4);

    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(m_theme.color(Theme::Tone::Border));
    painter.setBrush(m_theme.color(Theme::Tone::Surface));
    painter.drawRoundedRect(box.translated(0.5, 0.5), 6, 6);
    auto inner = box.adjusted(boxPadding, boxPadding - 2, -boxPadding, 0);
    auto y = inner.top() + metrics.ascent();
    painter.setFont(bold);
    painter.setPen(m_theme.color(Theme::Tone::Text));
    painter.drawText(QPointF(inner.left(), y), boldMetrics.elidedText(m_hover->title, Qt::ElideRight, inner.width()));
    y += row;
    painter.setPen(m_theme.color(Theme::Tone::TextMuted));
    painter.setFont([&] {
        auto plain = bold;
        plain.setWeight(QFont::Normal);
        return plain;
    }());
    painter.drawText(QPointF(inner.left(), y), m_hover->total);
    y += row + 4;
    for (const auto &line : m_hover->lines) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(line.color);
        painter.drawRoundedRect(QRectF(inner.left(), y - swatch + 1, swatch, swatch), 2, 2);
        painter.setPen(m_theme.color(Theme::Tone::Text));
        const auto countWidth = metrics.horizontalAdvance(line.count);
        const auto nameWidth = inner.width() - swatch - 8 - countWidth - 12;
        painter.drawText(QPointF(inner.left() + swatch + 8, y),
                         metrics.elidedText(line.name, Qt::ElideRight, nameWidth));
        painter.drawText(QPointF(inner.right() - countWidth, y), line.count);
        y += row;
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace commander::ui
