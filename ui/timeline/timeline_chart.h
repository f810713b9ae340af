// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "timeline/density.h"

#include <optional>
#include <QChartView>
#include <QSet>

class QDateTimeAxis;
class QValueAxis;

namespace commander::ui {

class DensityItem;
class TimelineOverlay;

/// The chart: a QChart with a time axis and a counts axis, whose bars are painted by one item. Turns gestures and keys
/// into wishes (another window, a range) and leaves it to the page to grant them. GUI thread only.
class TimelineChart final : public QChartView {
    Q_OBJECT
public:
    explicit TimelineChart(Theme &theme, QWidget *parent = nullptr);

    void setWindow(TimeWindow window);
    [[nodiscard]] TimeWindow window() const { return m_window; }
    void setDensity(const Density &density);
    void setColors(std::function<QColor(const DensitySeries &)> colors);
    void setNames(std::function<QString(const DensitySeries &)> names) { m_names = std::move(names); }
    void setHidden(const QSet<QString> &names);
    void setRange(std::optional<TimeWindow> range);
    void setRecordMark(std::optional<std::int64_t> time);
    void setMomentMark(std::optional<std::int64_t> time);

    /// How many bins look good at this width.
    [[nodiscard]] std::size_t binsMax() const;
    [[nodiscard]] QRectF plotArea() const;
    [[nodiscard]] double xOf(std::int64_t time) const;

Q_SIGNALS:
    void windowWanted(const commander::ui::TimeWindow &window);
    void rangeWanted(const commander::ui::TimeWindow &range);
    void rangeClearWanted();
    void fitWanted();
    void plotAreaChanged();

protected:
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    enum class Gesture { None, Select, Pan };
    void applyTheme();
    void scaleCounts();
    void placeItems();
    void zoomBy(double factor, std::int64_t anchor);
    void hoverAt(std::optional<std::int64_t> time);
    void moveBinCursor(int bins, bool select);
    [[nodiscard]] std::optional<std::size_t> binAt(std::int64_t time) const;
    [[nodiscard]] TimeWindow snapped(std::int64_t a, std::int64_t b) const;

    // Constant after construction
    Theme &m_theme;
    QDateTimeAxis *m_timeAxis;
    QValueAxis *m_countAxis;
    DensityItem *m_bars;
    TimelineOverlay *m_overlay;

    // GUI thread only
    std::function<QString(const DensitySeries &)> m_names;
    std::function<QColor(const DensitySeries &)> m_colors;
    TimeWindow m_window;
    QSet<QString> m_hidden;
    CountScale m_counts;
    std::int64_t m_scaledFor = 0; ///< bin width that the counts axis was scaled for
    Gesture m_gesture = Gesture::None;
    QPoint m_pressed;
    TimeWindow m_pressedWindow;
    std::optional<std::int64_t> m_hovered;   ///< time under the mouse or the bin cursor
    std::optional<std::int64_t> m_rangeRoot; ///< where a range made by keys began
};

} // namespace commander::ui
