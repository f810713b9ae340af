// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/timeline_page.h"

#include "engine_link/selection.h"
#include "models/words.h"
#include "timeline/density_source.h"
#include "timeline/minimap.h"
#include "timeline/range_bar.h"
#include "timeline/series_legend.h"
#include "timeline/time_ticks.h"
#include "timeline/timeline_chart.h"
#include "widgets/banner.h"
#include "widgets/empty_state.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <array>

namespace commander::ui {

namespace {

constexpr std::int64_t followMicros
    = 5 * 60 * std::int64_t{1'000'000}; ///< what "follow" shows when everything was shown before
constexpr std::array groupings{HistogramRequest::GroupBy::Topic, HistogramRequest::GroupBy::Action,
                               HistogramRequest::GroupBy::Kind};

} // namespace

TimelinePage::TimelinePage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : Page(link, selection, parent), m_theme(theme), m_source(new DensitySource(link, this)), m_style(theme)
{
    build();
    connectParts();
}

TimelinePage::~TimelinePage() = default;

void TimelinePage::build()
{
    m_stack = new QStackedWidget;
    m_empty = new EmptyState(m_theme, QStringLiteral("timeline"));
    m_empty->setTexts(tr("Reading the ledger…"), {});
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(20, 16, 20, 20);
    column->setSpacing(12);
    m_error = new Banner(m_theme, Theme::Tone::Failed, Banner::Weight::Quiet, QStringLiteral("warning"));
    m_error->setAction(tr("Try again"));
    m_error->hide();
    column->addWidget(m_error);
    column->addWidget(buildToolBar());
    column->addWidget(buildChartCard(), 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
}

QWidget *TimelinePage::buildToolBar()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_groupBy = new SegmentedControl(tr("Stack by"), {tr("Topic"), tr("Action"), tr("Kind")});
    m_span = makeLabel(LabelRole::Body);
    m_bin = makeLabel(LabelRole::Muted);
    auto *zoomOut = new IconButton(m_theme, QStringLiteral("zoom-out"), tr("Zoom out (−)"));
    auto *zoomIn = new IconButton(m_theme, QStringLiteral("zoom-in"), tr("Zoom in (+)"));
    auto *fitAll = new IconButton(m_theme, QStringLiteral("fit"), tr("Show everything (0)"));
    m_follow = new IconButton(m_theme, QStringLiteral("follow"), tr("Follow the newest records"));
    m_follow->setText(tr("Follow"));
    m_follow->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_follow->setCheckable(true);
    row->addWidget(makeLabel(LabelRole::Muted, tr("Stack by")));
    row->addWidget(m_groupBy);
    row->addSpacing(12);
    row->addWidget(m_span);
    row->addWidget(m_bin);
    row->addStretch(1);
    row->addWidget(zoomOut);
    row->addWidget(zoomIn);
    row->addWidget(fitAll);
    row->addWidget(m_follow);
    const auto zoomButton
        = [this](double factor) { wantWindow(zoomed(m_window, factor, (m_window.from + m_window.to) / 2)); };
    connect(zoomOut, &QToolButton::clicked, this, [zoomButton] { zoomButton(2.0); });
    connect(zoomIn, &QToolButton::clicked, this, [zoomButton] { zoomButton(0.5); });
    connect(fitAll, &QToolButton::clicked, this, &TimelinePage::fit);
    connect(m_follow, &QToolButton::toggled, this, &TimelinePage::setFollow);
    return bar;
}

QWidget *TimelinePage::buildChartCard()
{
    auto *card = new QFrame;
    card->setProperty("card", true);
    m_chart = new TimelineChart(m_theme);
    m_minimap = new Minimap(m_theme);
    m_legend = new SeriesLegend(m_theme);
    m_legend->setFixedWidth(220);
    m_rangeBar = new RangeBar(m_theme, m_chart);
    m_rangeBar->hide();
    m_chart->installEventFilter(this);
    m_chart->setNames([this](const DensitySeries &series) { return m_style.name(series); });
    m_chart->setColors([this](const DensitySeries &series) { return m_style.color(series); });

    auto *charts = new QVBoxLayout;
    charts->setContentsMargins(0, 0, 0, 0);
    charts->setSpacing(6);
    charts->addWidget(m_chart, 1);
    charts->addWidget(m_minimap);
    auto *side = new QVBoxLayout;
    side->setSpacing(6);
    side->addWidget(makeLabel(LabelRole::Caption, tr("LAYERS")));
    side->addWidget(m_legend, 1);
    auto *hint = makeLabel(LabelRole::Small, tr("Drag to select a range. The wheel zooms, Shift and drag moves."));
    hint->setWordWrap(true);
    side->addWidget(hint);
    auto *row = new QHBoxLayout(card);
    row->setContentsMargins(8, 10, 16, 14);
    row->setSpacing(14);
    row->addLayout(charts, 1);
    row->addLayout(side);
    return card;
}

void TimelinePage::connectParts()
{
    connect(m_source, &DensitySource::extentLoaded, this, &TimelinePage::takeExtent);
    connect(m_source, &DensitySource::windowLoaded, this, &TimelinePage::takeHistogram);
    connect(m_source, &DensitySource::overviewLoaded, this, [this](const Histogram &histogram) {
        SeriesColors unused;
        m_minimap->setOverview(densityOf(histogram, unused));
    });
    connect(m_source, &DensitySource::failed, this, &TimelinePage::takeError);
    connect(m_source, &DensitySource::rangeCounted, this, [this](qulonglong count) {
        auto rest = m_selection.filter();
        rest.from.reset();
        rest.to.reset();
        m_rangeBar->setCount(count, rest.matchesAll());
        placeRangeBar();
    });
    connect(m_error, &Banner::acted, m_source, &DensitySource::retry);
    connect(m_empty, &EmptyState::acted, m_source, &DensitySource::retry);
    connect(m_groupBy, &SegmentedControl::chosen, this, [this] {
        m_source->setGroupBy(groupings.at(static_cast<std::size_t>(std::max(0, m_groupBy->current()))));
    });
    connect(m_chart, &TimelineChart::windowWanted, this, &TimelinePage::wantWindow);
    connect(m_minimap, &Minimap::windowWanted, this, &TimelinePage::wantWindow);
    connect(m_chart, &TimelineChart::fitWanted, this, &TimelinePage::fit);
    connect(m_chart, &TimelineChart::rangeWanted, this, [this](const TimeWindow &range) { setRange(range); });
    connect(m_chart, &TimelineChart::rangeClearWanted, this, [this] { setRange({}); });
    connect(m_chart, &TimelineChart::plotAreaChanged, this, [this] {
        const auto plot = m_chart->plotArea();
        m_minimap->setPlotMargins(static_cast<int>(plot.left()), static_cast<int>(m_chart->width() - plot.right()));
        m_source->setWindow(m_window, m_chart->binsMax());
        placeRangeBar();
    });
    connect(m_legend, &SeriesLegend::hiddenChanged, m_chart, &TimelineChart::setHidden);
    connect(m_rangeBar, &RangeBar::clearWanted, this, [this] {
        setRange({});
        m_chart->setFocus();
    });
    connect(m_rangeBar, &RangeBar::zoomWanted, this, [this] {
        if (m_range)
            wantWindow(*m_range);
    });
    connect(m_rangeBar, &RangeBar::showWanted, this, [this] { m_selection.show(Selection::Page::Ledger); });
    connect(&m_selection, &Selection::filterChanged, this, &TimelinePage::showFilterRange);
    connect(&m_selection, &Selection::recordChanged, this, &TimelinePage::showRecordMark);
    connect(&m_selection, &Selection::momentChanged, this, &TimelinePage::showMomentMark);
    connect(&m_theme, &Theme::changed, this, &TimelinePage::redrawSeries);
}

void TimelinePage::activate()
{
    m_active = true;
    m_source->setActive(true);
    showFilterRange();
    showRecordMark();
    showMomentMark();
}

void TimelinePage::deactivate()
{
    m_active = false;
    m_source->setActive(false);
    m_recordAsk.cancel();
    m_momentAsk.cancel();
}

bool TimelinePage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_chart && event->type() == QEvent::Resize)
        placeRangeBar();
    return Page::eventFilter(watched, event);
}

void TimelinePage::takeExtent(const IndexExtent &extent)
{
    if (extent.position == Position{0}) {
        m_empty->setTexts(tr("Nothing has been recorded yet"),
                          tr("Send a first command from Home or through the REST interface; it appears here at once."));
        m_empty->setAction({});
        m_stack->setCurrentIndex(0);
        return;
    }
    m_extent = extentOf(extent.first, extent.last);
    m_minimap->setExtent(m_extent);
    if (m_fitted)
        showWindow(m_extent);
    else if (m_following)
        showWindow(keptInside(panned(m_window, m_extent.to - m_window.to), m_extent));
    showFilterRange();
}

void TimelinePage::takeHistogram(const Histogram &histogram, HistogramRequest::GroupBy groupBy)
{
    if (groupBy != m_style.groupBy())
        m_colors.clear();
    m_style.setGroupBy(groupBy);
    m_error->hide();
    m_density = densityOf(histogram, m_colors);
    m_style.setFolded(m_density.folded);
    redrawSeries();
    m_bin->setText(tr("· %1 per bar").arg(durationText(histogram.binMicros)));
    if (!m_shown) {
        m_shown = true;
        m_chart->setFocus();
    }
    m_stack->setCurrentIndex(1);
}

void TimelinePage::takeError(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    const auto text = errorText(error);
    if (m_shown) {
        m_error->setText(tr("The picture is not up to date: %1").arg(text));
        m_error->show();
        return;
    }
    m_empty->setTexts(tr("The timeline could not be read"), text);
    m_empty->setAction(tr("Try again"));
    m_stack->setCurrentIndex(0);
}

void TimelinePage::redrawSeries()
{
    m_legend->setDensity(m_density, m_style);
    m_chart->setDensity(m_density);
}

void TimelinePage::wantWindow(TimeWindow window)
{
    const bool zooms = window.width() != m_window.width();
    m_fitted = window.from <= m_extent.from && window.to >= m_extent.to;
    if (m_following && zooms)
        window = panned(window, m_extent.to - window.to);
    window = m_fitted ? m_extent : keptInside(window, m_extent);
    if (m_following && !zooms && window.to < m_extent.to)
        m_follow->setChecked(false);
    showWindow(window);
}

void TimelinePage::showWindow(TimeWindow window)
{
    m_window = window;
    m_chart->setWindow(window);
    m_minimap->setWindow(window);
    m_span->setText(tr("%1 UTC").arg(spanText(window, window.width() / 100)));
    m_source->setWindow(window, m_chart->binsMax());
    placeRangeBar();
}

void TimelinePage::fit()
{
    m_fitted = true;
    m_follow->setChecked(false);
    showWindow(m_extent);
}

void TimelinePage::setFollow(bool follow)
{
    m_following = follow;
    if (!follow || m_extent.isEmpty())
        return;
    const auto width = m_fitted ? std::min(m_extent.width(), followMicros) : m_window.width();
    m_fitted = false;
    showWindow(keptInside({m_extent.to - width, m_extent.to}, m_extent));
}

void TimelinePage::setRange(std::optional<TimeWindow> range)
{
    auto filter = m_selection.filter();
    filter.from.reset();
    filter.to.reset();
    if (range) {
        filter.from = Timestamp{range->from};
        filter.to = Timestamp{range->to};
    }
    m_selection.setFilter(std::move(filter));
}

void TimelinePage::showFilterRange()
{
    const auto &filter = m_selection.filter();
    std::optional<TimeWindow> range;
    if (filter.from || filter.to)
        range = TimeWindow{filter.from ? filter.from->micros : m_extent.from,
                           filter.to ? filter.to->micros : m_extent.to};
    const bool counts = range && !range->isEmpty() && m_active;
    if (range != m_range && range) {
        m_rangeBar->setRange(*range);
        m_rangeBar->setCount({}, true);
    }
    m_range = range;
    m_chart->setRange(range);
    m_minimap->setRange(range);
    m_rangeBar->setVisible(range.has_value());
    if (counts)
        m_source->countRange(*range);
    placeRangeBar();
}

void TimelinePage::showRecordMark()
{
    const auto id = m_selection.record();
    if (id.isNull() || !m_active) {
        m_recordAsk.cancel();
        m_chart->setRecordMark({});
        return;
    }
    m_link.ask<RecordPtr>(
        m_recordAsk, [id](Engine &engine, std::stop_token) { return engine.records().find(id); },
        [this](Result<RecordPtr> answer) {
            // A record that is gone from sight is simply not marked: the page's own questions report faults of the
            // index.
            m_chart->setRecordMark(answer ? std::optional((*answer)->recordedAt.micros) : std::nullopt);
        });
}

void TimelinePage::showMomentMark()
{
    const auto moment = m_selection.moment();
    if (!moment || !m_active) {
        m_momentAsk.cancel();
        m_chart->setMomentMark({});
        return;
    }
    m_link.ask<std::vector<RecordPtr>>(
        m_momentAsk,
        [at = *moment](Engine &engine, std::stop_token stop) { return engine.records().range(at, 1, stop); },
        [this](Result<std::vector<RecordPtr>> answer) {
            const bool found = answer && !answer->empty();
            m_chart->setMomentMark(found ? std::optional(answer->front()->recordedAt.micros) : std::nullopt);
        });
}

void TimelinePage::placeRangeBar()
{
    if (!m_range)
        return;
    m_rangeBar->adjustSize();
    const auto plot = m_chart->plotArea();
    const auto middle = (m_chart->xOf(std::clamp(m_range->from, m_window.from, m_window.to))
                         + m_chart->xOf(std::clamp(m_range->to, m_window.from, m_window.to)))
        / 2;
    const auto left = std::clamp(middle - m_rangeBar->width() / 2.0, plot.left() + 4,
                                 std::max(plot.left() + 4, plot.right() - m_rangeBar->width() - 4));
    m_rangeBar->move(static_cast<int>(left), static_cast<int>(plot.top()) + 8);
    m_rangeBar->raise();
}

} // namespace commander::ui
