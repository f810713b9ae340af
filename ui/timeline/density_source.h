// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "timeline/time_window.h"

#include <optional>
#include <QElapsedTimer>
#include <QTimer>

namespace commander::ui {

/// Fetches the counts that the timeline draws: those of the window, those of the whole extent for the minimap, and the
/// extent itself. A new window replaces the question before; news of the ledger wait for the running answer, so that a
/// busy ledger cannot starve the picture. GUI thread only.
class DensitySource : public QObject {
    Q_OBJECT
public:
    explicit DensitySource(EngineLink &link, QObject *parent = nullptr);

    void setActive(bool active); ///< only an active source asks
    void setWindow(TimeWindow window, std::size_t binsMax);
    void setGroupBy(HistogramRequest::GroupBy groupBy);
    /// Counts the records between two times; the answer comes as rangeCounted.
    void countRange(TimeWindow range);

    [[nodiscard]] const std::optional<IndexExtent> &extent() const { return m_extent; }
    [[nodiscard]] bool isLoading() const { return m_windowAsk.isPending(); }
    void retry(); ///< asks again after a failure

Q_SIGNALS:
    void extentLoaded(const commander::IndexExtent &extent);
    void windowLoaded(const commander::Histogram &histogram, commander::HistogramRequest::GroupBy groupBy);
    void overviewLoaded(const commander::Histogram &histogram);
    void rangeCounted(qulonglong count);
    void failed(const commander::Error &error);
    void loadingChanged();

private:
    void noticeProgress();
    void refresh();
    void askExtent();
    void askOverview();
    void askWindow();

    // Constant after construction
    EngineLink &m_link;

    // GUI thread only
    bool m_active = false;
    bool m_stale = true; ///< the ledger has grown since the last extent was asked
    TimeWindow m_window;
    std::size_t m_binsMax = 300;
    HistogramRequest::GroupBy m_groupBy = HistogramRequest::GroupBy::Topic;
    std::optional<IndexExtent> m_extent;
    QTimer m_newsTimer;   ///< spaces answers to progress
    QTimer m_windowTimer; ///< joins the moves of one gesture
    Ask m_extentAsk;
    Ask m_overviewAsk;
    Ask m_windowAsk;
    Ask m_rangeAsk;
};

} // namespace commander::ui
