// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/density_item.h"

#include "models/format.h"
#include "timeline/time_ticks.h"

#include <algorithm>
#include <cmath>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

namespace commander::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::DensityItem)
};

constexpr double labelGap = 6;
constexpr double labelRows = 44; // two rows of labels below the plot
constexpr double tickSpacing = 96;
constexpr double countsRoom = 64; // left of the plot
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

void DensityItem::setCountScale(CountScale scale)
{
    m_counts = scale;
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
    return m_plot.adjusted(-countsRoom, -10, 1, labelRows);
}

void DensityItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing, false);
    paintScale(*painter);
    paintCounts(*painter);
    paintBars(*painter);
}

void DensityItem::paintCounts(QPainter &painter) const
{
    painter.save();
    auto plain = painter.font();
    plain.setWeight(QFont::Normal);
    painter.setFont(plain);
    painter.setPen(m_theme.color(Theme::Tone::TextMuted));
    const QFontMetricsF metrics(plain);
    for (std::uint64_t count = 0; count <= m_counts.top; count += m_counts.step) {
        const auto y
            = m_plot.bottom() - m_plot.height() * static_cast<double>(count) / static_cast<double>(m_counts.top);
        const QRectF row(m_plot.left() - countsRoom, y - metrics.height() / 2, countsRoom - 8, metrics.height());
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, formatCount(count));
    }
    const bool covered = m_density.grid.bins > 0 && m_density.grid.from <= m_window.from;
    if (covered && m_density.isEmpty()) {
        const auto text = Texts::tr("Nothing was recorded in this time");
        auto box = metrics.boundingRect(text).adjusted(-10, -4, 10, 4);
        box.moveCenter(m_plot.center());
        painter.fillRect(box, m_theme.color(Theme::Tone::Surface));
        painter.drawText(box, Qt::AlignCenter, text);
    }
    painter.restore();
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
    const auto unit = m_plot.height() / static_cast<double>(m_counts.top);
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
