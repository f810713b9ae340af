// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "timeline/time_window.h"

#include <optional>
#include <QGraphicsItem>
#include <vector>

namespace commander::ui {

class DensityItem;

/// What lies over the bars: the chosen range, the mark of the selected record, the mark of the moment, and the box that
/// tells the counts of the bin under the cursor.
class TimelineOverlay final : public QGraphicsItem {
public:
    TimelineOverlay(const Theme &theme, const DensityItem &density, QGraphicsItem *parent = nullptr);

    struct HoverLine {
        QString name;
        QColor color;
        QString count;
    };
    struct Hover {
        TimeWindow bin;
        QString title;
        std::vector<HoverLine> lines;
        QString total;
    };
    void setPlot(const QRectF &plot);
    void setRange(std::optional<TimeWindow> range);
    void setRecordMark(std::optional<std::int64_t> time);
    void setMomentMark(std::optional<std::int64_t> time);
    void setHover(std::optional<Hover> hover);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void paintRange(QPainter &painter) const;
    void paintMark(QPainter &painter, std::int64_t time, const QColor &color, const QString &name) const;
    void paintHover(QPainter &painter) const;

    // Constant after construction
    const Theme &m_theme;
    const DensityItem &m_density; ///< knows where a time lies

    // GUI thread only
    QRectF m_plot;
    std::optional<TimeWindow> m_range;
    std::optional<std::int64_t> m_record;
    std::optional<std::int64_t> m_moment;
    std::optional<Hover> m_hover;
};

} // namespace commander::ui
