// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "timeline/density.h"

#include <functional>
#include <QGraphicsItem>
#include <QSet>

namespace commander::ui {

/// Paints the stacked bars, the grid lines at round times, and the labels of both axes. One item however many records:
/// it paints bins.
class DensityItem final : public QGraphicsItem {
public:
    explicit DensityItem(const Theme &theme, QGraphicsItem *parent = nullptr);

    void setPlot(const QRectF &plot); ///< where the bars stand, in parent coordinates
    void setWindow(TimeWindow window);
    void setDensity(const Density &density);
    void setCountScale(CountScale scale);
    void setHidden(const QSet<QString> &names);
    void setColors(std::function<QColor(const DensitySeries &)> colors) { m_colors = std::move(colors); }

    [[nodiscard]] const Density &density() const { return m_density; }
    [[nodiscard]] double xOf(std::int64_t time) const;
    [[nodiscard]] std::int64_t timeAt(double x) const;

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void paintScale(QPainter &painter) const;
    void paintCounts(QPainter &painter) const;
    void paintBars(QPainter &painter) const;

    // Constant after construction
    const Theme &m_theme;

    // GUI thread only
    std::function<QColor(const DensitySeries &)> m_colors;
    QRectF m_plot;
    TimeWindow m_window;
    Density m_density;
    CountScale m_counts;
    QSet<QString> m_hidden;
};

} // namespace commander::ui
