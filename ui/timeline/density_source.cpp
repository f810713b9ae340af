// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/density_source.h"

namespace commander::ui {

namespace {
using namespace std::chrono_literals;
constexpr auto newsInterval = 250ms; // at most four pictures a second while following
constexpr auto gestureInterval = 20ms;
constexpr std::size_t overviewBins = 400;
} // namespace

DensitySource::DensitySource(EngineLink &link, QObject *parent) : QObject(parent), m_link(link)
{
    m_newsTimer.setSingleShot(true);
    m_newsTimer.setInterval(newsInterval);
    m_windowTimer.setSingleShot(true);
    m_windowTimer.setInterval(gestureInterval);
    connect(&m_newsTimer, &QTimer::timeout, this, &DensitySource::refresh);
    connect(&m_windowTimer, &QTimer::timeout, this, &DensitySource::askWindow);
    connect(&link, &EngineLink::progressed, this, &DensitySource::noticeProgress);
}

void DensitySource::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    if (active) {
        m_stale = true;
        refresh();
        return;
    }
    m_newsTimer.stop();
    m_windowTimer.stop();
    m_extentAsk.cancel();
    m_overviewAsk.cancel();
    m_windowAsk.cancel();
}

void DensitySource::setWindow(TimeWindow window, std::size_t binsMax)
{
    if (window == m_window && binsMax == m_binsMax)
        return;
    m_window = window;
    m_binsMax = binsMax;
    if (m_active && !m_windowTimer.isActive())
        m_windowTimer.start();
}

void DensitySource::setGroupBy(HistogramRequest::GroupBy groupBy)
{
    if (groupBy == m_groupBy)
        return;
    m_groupBy = groupBy;
    if (m_active)
        askWindow();
}

void DensitySource::countRange(TimeWindow range)
{
    m_link.ask<Histogram>(
        m_rangeAsk,
        [range](Engine &engine, std::stop_token stop) {
            return engine.records().histogram({{range.from}, {range.to}, 1, HistogramRequest::GroupBy::Kind}, stop);
        },
        [this](Result<Histogram> answer) {
            if (answer)
                Q_EMIT rangeCounted(answer->total);
            else
                Q_EMIT failed(answer.error());
        });
}

void DensitySource::retry()
{
    m_stale = true;
    refresh();
}

void DensitySource::noticeProgress()
{
    m_stale = true;
    if (m_active && !m_newsTimer.isActive())
        m_newsTimer.start();
}

void DensitySource::refresh()
{
    if (!m_active || !m_stale)
        return;
    if (m_extentAsk.isPending() || m_overviewAsk.isPending() || m_windowAsk.isPending()) {
        m_newsTimer.start();
        return;
    }
    m_stale = false;
    askExtent();
}

void DensitySource::askExtent()
{
    m_link.ask<IndexExtent>(
        m_extentAsk, [](Engine &engine, std::stop_token) { return engine.records().extent(); },
        [this](Result<IndexExtent> answer) {
            if (!answer) {
                Q_EMIT failed(answer.error());
                return;
            }
            m_extent = *answer;
            Q_EMIT extentLoaded(*answer);
            if (answer->position == Position{0})
                return;
            askOverview();
            // The listener may have moved the window, and that asks by itself; new records in it need a new answer
            // anyhow.
            if (!m_window.isEmpty() && !m_windowTimer.isActive())
                m_windowTimer.start();
        });
}

void DensitySource::askOverview()
{
    const auto grid = gridFor(extentOf(m_extent->first, m_extent->last), overviewBins);
    m_link.ask<Histogram>(
        m_overviewAsk,
        [grid](Engine &engine, std::stop_token stop) {
            const auto span = grid.window();
            return engine.records().histogram({{span.from}, {span.to}, grid.bins, HistogramRequest::GroupBy::Kind},
                                              stop);
        },
        [this](Result<Histogram> answer) {
            if (answer)
                Q_EMIT overviewLoaded(*answer);
            else
                Q_EMIT failed(answer.error());
        });
}

void DensitySource::askWindow()
{
    if (!m_active || m_window.isEmpty())
        return;
    const auto grid = gridFor(m_window, m_binsMax);
    m_link.ask<Histogram>(
        m_windowAsk,
        [grid, groupBy = m_groupBy](Engine &engine, std::stop_token stop) {
            const auto span = grid.window();
            return engine.records().histogram({{span.from}, {span.to}, grid.bins, groupBy}, stop);
        },
        [this, groupBy = m_groupBy](Result<Histogram> answer) {
            Q_EMIT loadingChanged();
            if (answer)
                Q_EMIT windowLoaded(*answer, groupBy);
            else
                Q_EMIT failed(answer.error());
        });
    Q_EMIT loadingChanged();
}

} // namespace commander::ui
