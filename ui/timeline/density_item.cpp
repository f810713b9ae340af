// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/density_item.h"

#include "timeline/time_ticks.h"

#include <algorithm>
#include <cmath>
#include <QFontMetricsF>
#include <QPainter>

namespace commander::ui {

namespace {
constexpr double labelGap = 6;
constexpr double labelRows = 44; // two rows of labels below the plot
constexpr double tickSpacing = 96;
} // namespace

DensityItem::DensityItem(const Theme &theme, QGraphicsItem *parent) : QGraphicsItem(parent), m_theme(theme)
{
    m_colors = [this](const DensitySeries &series) { return m_theme.seriesColor(series.color); };
}

void DensityItem::setPlot(const QRectF &plot)
{
    if (plot == m_plot)
        return;
    prepareGeometryChange();
    m_plot = plot;
}

void DensityItem::setWindow(TimeWindow window)
{
    m_window = window;
    update();
}

void DensityItem::setDensity(const Density &density)
{
    m_density = density;
    update();
}

void DensityItem::setCountTop(std::uint64_t top)
{
    m_top = std::max<std::uint64_t>(top, 1);
    update();
}

void DensityItem::setHidden(const QSet<QString> &names)
{
    m_hidden = names;
    update();
}

double DensityItem::xOf(std::int64_t time) const
{
    if (m_window.isEmpty())
        return m_plot.left();
    return m_plot.left()
        + m_plot.width() * static_cast<double>(time - m_window.from) / static_cast<double>(m_window.width());
}

std::int64_t DensityItem::timeAt(double x) const
{
    if (m_plot.width() <= 0)
        return m_window.from;
    const auto share = (x - m_plot.left()) / m_plot.width();
    return m_window.from + static_cast<std::int64_t>(std::llround(share * static_cast<double>(m_window.width())));
}

QRectF DensityItem::boundingRect() const
{
    return m_plot.adjusted(-1, -1, 1, labelRows);
}

void DensityItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing, false);
    paintScale(*painter);
    paintBars(*painter);
}

void DensityItem::paintScale(QPainter &painter) const
{
    const auto scale = timeScale(m_window, std::max(1, static_cast<int>(m_plot.width() / tickSpacing)));
    const QFontMetricsF metrics(painter.font());
    const auto tickTop = m_plot.bottom() + labelGap;
    const auto contextTop = tickTop + metrics.height() + 1;
    auto grid = m_theme.color(Theme::Tone::Border);
    grid.setAlphaF(0.7F);

    for (const auto &tick : scale.ticks) {
        const auto x = std::round(xOf(tick.time));
        painter.setPen(grid);
        painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
        painter.setPen(m_theme.color(Theme::Tone::TextMuted));
        const auto width = metrics.horizontalAdvance(tick.label);
        const auto left = std::clamp(x - width / 2, m_plot.left(), std::max(m_plot.left(), m_plot.right() - width));
        painter.drawText(QPointF(left, tickTop + metrics.ascent()), tick.label);
    }

    auto bold = painter.font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    const QFontMetricsF boldMetrics(bold);
    for (std::size_t i = 0; i < scale.contexts.size(); ++i) {
        const auto &context = scale.contexts[i];
        const auto border = xOf(context.from);
        // The label sticks to the left edge until the next context pushes it out.
        const auto end = i + 1 < scale.contexts.size() ? xOf(scale.contexts[i + 1].from) : m_plot.right();
        const auto width = boldMetrics.horizontalAdvance(context.label);
        const auto x = std::min(std::max(border, m_plot.left()), std::max(border, end - width - 12));
        if (border > m_plot.left()) {
            painter.setPen(m_theme.color(Theme::Tone::TextMuted));
            painter.drawLine(QPointF(std::round(border), m_plot.bottom()),
                             QPointF(std::round(border), contextTop + boldMetrics.height()));
        }
        painter.setPen(m_theme.color(Theme::Tone::Text));
        painter.save();
        painter.setClipRect(QRectF(m_plot.left(), contextTop, m_plot.width(), boldMetrics.height() + 2));
        painter.drawText(QPointF(x + (border > m_plot.left() ? 5 : 0), contextTop + boldMetrics.ascent()),
                         context.label);
        painter.restore();
    }
}

void DensityItem::paintBars(QPainter &painter) const
{
    if (m_density.isEmpty() || m_window.isEmpty())
        return;
    painter.save();
    painter.setClipRect(m_plot);
    std::vector<std::pair<const DensitySeries *, QColor>> shown;
    for (const auto &series : m_density.series) {
        if (!m_hidden.contains(series.name))
            shown.emplace_back(&series, m_colors(series));
    }
    const auto unit = m_plot.height() / static_cast<double>(m_top);
    for (std::size_t bin = 0; bin < m_density.grid.bins; ++bin) {
        const auto span = m_density.grid.bin(bin);
        if (span.to <= m_window.from || span.from >= m_window.to)
            continue;
        const auto left = std::round(xOf(span.from));
        auto right = std::round(xOf(span.to));
        if (right - left >= 4)
            right -= 1; // a gap between the bars, where there is room for one
        std::uint64_t below = 0;
        for (const auto &[series, color] : shown) {
            const auto count = series->counts[bin];
            if (count == 0)
                continue;
            const auto bottom = std::round(m_plot.bottom() - unit * static_cast<double>(below));
            below += count;
            auto top = std::round(m_plot.bottom() - unit * static_cast<double>(below));
            top = std::min(top, bottom - 1); // one record is never invisible
            painter.fillRect(QRectF(left, top, std::max(1.0, right - left), bottom - top), color);
        }
    }
    painter.restore();
}

} // namespace commander::ui
