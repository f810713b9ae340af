// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "main_window/page.h"
#include "theme/theme.h"
#include "timeline/series_style.h"

#include <optional>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace commander::ui {

class Banner;
class DensitySource;
class EmptyState;
class Minimap;
class RangeBar;
class SegmentedControl;
class SeriesLegend;
class TimelineChart;

/// When things happened: counts per bin over the ledger's time, stacked by topic, action or kind.
class TimelinePage final : public Page {
    Q_OBJECT
public:
    TimelinePage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    ~TimelinePage() override;

    [[nodiscard]] QString title() const override { return tr("Timeline"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("timeline"); }
    void activate() override;
    void deactivate() override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    [[nodiscard]] QWidget *buildToolBar();
    [[nodiscard]] QWidget *buildChartCard();
    void connectParts();
    void takeExtent(const IndexExtent &extent);
    void takeHistogram(const Histogram &histogram, HistogramRequest::GroupBy groupBy);
    void takeError(const Error &error);
    void redrawSeries();
    void wantWindow(TimeWindow window); ///< the user moved or zoomed
    void showWindow(TimeWindow window);
    void fit();
    void setFollow(bool follow);
    void setRange(std::optional<TimeWindow> range);
    void showFilterRange();
    void showRecordMark();
    void showMomentMark();
    void placeRangeBar();

    // Constant after construction
    Theme &m_theme;
    DensitySource *m_source;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    Banner *m_error = nullptr;
    SegmentedControl *m_groupBy = nullptr;
    QLabel *m_span = nullptr;
    QLabel *m_bin = nullptr;
    QToolButton *m_follow = nullptr;
    TimelineChart *m_chart = nullptr;
    Minimap *m_minimap = nullptr;
    SeriesLegend *m_legend = nullptr;
    RangeBar *m_rangeBar = nullptr;

    // GUI thread only
    TimeWindow m_extent;
    TimeWindow m_window;
    std::optional<TimeWindow> m_range;
    bool m_active = false;
    bool m_fitted = true;     ///< the window is the extent, and grows with it
    bool m_following = false; ///< the right edge stays at the newest record
    bool m_shown = false;     ///< there has been a first picture
    SeriesColors m_colors;
    SeriesStyle m_style;
    Density m_density;
    Ask m_recordAsk;
    Ask m_momentAsk;
};

} // namespace commander::ui
