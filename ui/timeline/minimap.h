// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "timeline/density.h"

#include <optional>
#include <QWidget>

namespace commander::ui {

/// The whole extent of the ledger in one strip, with the visible window on it: drag the window to move it, its edges to
/// change it, or press elsewhere to bring it there. GUI thread only.
class Minimap final : public QWidget {
    Q_OBJECT
public:
    explicit Minimap(Theme &theme, QWidget *parent = nullptr);

    void setExtent(TimeWindow extent);
    void setOverview(const Density &density);
    void setWindow(TimeWindow window);
    void setRange(std::optional<TimeWindow> range);
    /// Room at the sides, so that it stands exactly under the chart's plot.
    void setPlotMargins(int left, int right);

    [[nodiscard]] QSize sizeHint() const override { return {400, 52}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {100, 52}; }

Q_SIGNALS:
    void windowWanted(const commander::ui::TimeWindow &window);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    enum class Grip { None, Move, From, To };
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] double xOf(std::int64_t time) const;
    [[nodiscard]] std::int64_t timeAt(double x) const;
    [[nodiscard]] Grip gripAt(double x) const;
    void describe();

    // Constant after construction
    Theme &m_theme;

    // GUI thread only
    TimeWindow m_extent;
    TimeWindow m_window;
    std::optional<TimeWindow> m_range;
    BinGrid m_grid;
    std::vector<std::uint64_t> m_counts;
    int m_left = 0;
    int m_right = 0;
    Grip m_grip = Grip::None;
    std::int64_t m_grabbed = 0; ///< time under the mouse when it was pressed
    TimeWindow m_grabbedWindow;
};

} // namespace commander::ui
