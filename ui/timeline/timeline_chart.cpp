// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/timeline_chart.h"

#include "models/utc_zone.h"
#include "timeline/density_item.h"
#include "timeline/time_ticks.h"
#include "timeline/timeline_overlay.h"

#include <QChart>
#include <QDateTime>
#include <QDateTimeAxis>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QLocale>
#include <QMouseEvent>
#include <QValueAxis>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace commander::ui {

namespace {

constexpr double pixelsPerBin = 4;
constexpr std::size_t binsAtMost = 300;
constexpr double zoomStep = 0.8;
constexpr int wheelNotch = 120;
constexpr QMargins chartMargins{64, 18, 14, 46}; // room for labels that DensityItem paints

QDateTime utc(std::int64_t micros)
{
    return QDateTime::fromMSecsSinceEpoch(micros / 1000, utcZone);
}

} // namespace

TimelineChart::TimelineChart(Theme &theme, QWidget *parent)
    : QChartView(new QChart, parent), m_theme(theme), m_timeAxis(new QDateTimeAxis), m_countAxis(new QValueAxis),
      m_bars(new DensityItem(theme, chart())), m_overlay(new TimelineOverlay(theme, *m_bars, chart()))
{
    m_names = [](const DensitySeries &series) { return series.name; };
    m_colors = [this](const DensitySeries &series) { return m_theme.seriesColor(series.color); };
    chart()->legend()->hide();
    chart()->setMargins(chartMargins);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setBackgroundRoundness(0);
    // The axes need a series to belong to; the bars themselves are painted by DensityItem. QDateTimeAxis cuts its range
    // in equal parts, which gives labels like 14:33:27, so DensityItem labels round times instead.
    auto *anchor = new QLineSeries(chart());
    chart()->addSeries(anchor);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    chart()->addAxis(m_countAxis, Qt::AlignLeft);
    anchor->attachAxis(m_timeAxis);
    anchor->attachAxis(m_countAxis);
    m_timeAxis->setLabelsVisible(false);
    m_timeAxis->setGridLineVisible(false);
    m_timeAxis->setTickCount(2);
    m_countAxis->setLabelsVisible(false);
    m_countAxis->setTickType(QValueAxis::TicksDynamic);
    m_countAxis->setTickAnchor(0);
    m_bars->setZValue(5);
    m_overlay->setZValue(10);
    scaleCounts();

    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(180);
    setRubberBand(QChartView::NoRubberBand);
    setAccessibleName(tr("Counts of records over time"));
    setAccessibleDescription(tr(
        "Plus and minus zoom, left and right move, 0 shows everything. Control with left and right steps through the "
        "bins, Shift added selects a range, Escape clears it."));
    connect(chart(), &QChart::plotAreaChanged, this, &TimelineChart::placeItems);
    connect(&theme, &Theme::changed, this, &TimelineChart::applyTheme);
    applyTheme();
}

void TimelineChart::setWindow(TimeWindow window)
{
    if (window == m_window)
        return;
    m_window = window;
    m_timeAxis->setRange(utc(window.from), utc(window.to));
    m_bars->setWindow(window);
    scaleCounts();
    m_overlay->update();
    if (m_hovered && m_gesture == Gesture::None)
        hoverAt(m_hovered);
}

void TimelineChart::setDensity(const Density &density)
{
    m_bars->setDensity(density);
    scaleCounts();
    if (m_hovered)
        hoverAt(m_hovered);
}

void TimelineChart::setColors(std::function<QColor(const DensitySeries &)> colors)
{
    m_colors = colors;
    m_bars->setColors(std::move(colors));
}

void TimelineChart::setHidden(const QSet<QString> &names)
{
    m_hidden = names;
    m_bars->setHidden(names);
    scaleCounts();
}

void TimelineChart::setRange(std::optional<TimeWindow> range)
{
    m_overlay->setRange(range);
}

void TimelineChart::setRecordMark(std::optional<std::int64_t> time)
{
    m_overlay->setRecordMark(time);
}

void TimelineChart::setMomentMark(std::optional<std::int64_t> time)
{
    m_overlay->setMomentMark(time);
}

std::size_t TimelineChart::binsMax() const
{
    const auto bins = static_cast<std::size_t>(std::max(1.0, plotArea().width() / pixelsPerBin));
    return std::clamp<std::size_t>(bins, 20, binsAtMost);
}

QRectF TimelineChart::plotArea() const
{
    return chart()->plotArea();
}

double TimelineChart::xOf(std::int64_t time) const
{
    return m_bars->xOf(time);
}

void TimelineChart::applyTheme()
{
    chart()->setBackgroundBrush(m_theme.color(Theme::Tone::Surface));
    chart()->setBackgroundPen(Qt::NoPen);
    setBackgroundBrush(m_theme.color(Theme::Tone::Surface));
    for (QAbstractAxis *axis : {static_cast<QAbstractAxis *>(m_timeAxis), static_cast<QAbstractAxis *>(m_countAxis)}) {
        axis->setLinePenColor(m_theme.color(Theme::Tone::Border));
        axis->setGridLineColor(m_theme.color(Theme::Tone::Border));
    }
    m_countAxis->setLineVisible(false);
    m_bars->update();
    m_overlay->update();
}

void TimelineChart::scaleCounts()
{
    const auto highest = highestStack(m_bars->density(), m_window,
                                      [this](const DensitySeries &series) { return !m_hidden.contains(series.name); });
    const auto wanted = countScale(highest);
    // Falls back only when the picture has become half as high: the axis must not breathe with every new record.
    const auto binMicros = m_bars->density().grid.binMicros;
    if (binMicros == m_scaledFor && wanted.top <= m_counts.top && highest * 2 > m_counts.top)
        return;
    m_scaledFor = binMicros;
    m_counts = wanted;
    m_countAxis->setRange(0, static_cast<double>(wanted.top));
    m_countAxis->setTickInterval(static_cast<double>(wanted.step));
    m_bars->setCountScale(wanted);
}

void TimelineChart::placeItems()
{
    m_bars->setPlot(plotArea());
    m_overlay->setPlot(plotArea());
    Q_EMIT plotAreaChanged();
}

void TimelineChart::zoomBy(double factor, std::int64_t anchor)
{
    if (!m_window.isEmpty())
        Q_EMIT windowWanted(zoomed(m_window, factor, anchor));
}

std::optional<std::size_t> TimelineChart::binAt(std::int64_t time) const
{
    const auto &grid = m_bars->density().grid;
    if (grid.bins == 0 || !grid.window().contains(time))
        return {};
    return static_cast<std::size_t>((time - grid.from) / grid.binMicros);
}

TimeWindow TimelineChart::snapped(std::int64_t a, std::int64_t b) const
{
    const auto from = binAt(std::min(a, b));
    const auto to = binAt(std::max(a, b));
    const auto &grid = m_bars->density().grid;
    if (!from || !to)
        return {std::min(a, b), std::max(a, b) + 1};
    return {grid.bin(*from).from, grid.bin(*to).to};
}

void TimelineChart::hoverAt(std::optional<std::int64_t> time)
{
    m_hovered = time;
    const auto bin = time ? binAt(*time) : std::nullopt;
    if (!bin || !m_window.contains(*time)) {
        m_overlay->setHover({});
        return;
    }
    const auto &density = m_bars->density();
    TimelineOverlay::Hover hover;
    hover.bin = density.grid.bin(*bin);
    hover.title = spanText(hover.bin, density.grid.binMicros);
    const QLocale locale;
    std::uint64_t total = 0;
    for (auto series = density.series.rbegin(); series != density.series.rend(); ++series) {
        const auto count = series->counts[*bin];
        if (count == 0 || m_hidden.contains(series->name))
            continue;
        total += count;
        hover.lines.push_back({m_names(*series), m_colors(*series), locale.toString(static_cast<qulonglong>(count))});
    }
    const auto duration = durationText(density.grid.binMicros);
    hover.total = total == 1 ? tr("1 record in %1").arg(duration)
                             : tr("%1 records in %2").arg(locale.toString(static_cast<qulonglong>(total)), duration);
    m_overlay->setHover(std::move(hover));
}

void TimelineChart::moveBinCursor(int bins, bool select)
{
    const auto &grid = m_bars->density().grid;
    if (grid.bins == 0)
        return;
    const auto start = m_hovered.value_or((m_window.from + m_window.to) / 2);
    const auto time = std::clamp(start + bins * grid.binMicros, m_window.from, m_window.to - 1);
    if (select) {
        m_rangeRoot = m_rangeRoot.value_or(start);
        Q_EMIT rangeWanted(snapped(*m_rangeRoot, time));
    } else {
        m_rangeRoot.reset();
    }
    hoverAt(time);
}

void TimelineChart::wheelEvent(QWheelEvent *event)
{
    event->accept();
    const auto delta = event->angleDelta();
    const bool sideways = std::abs(delta.x()) > std::abs(delta.y()) || event->modifiers().testFlag(Qt::ShiftModifier);
    const double notches = static_cast<double>(delta.x() != 0 && sideways ? delta.x() : delta.y()) / wheelNotch;
    if (sideways)
        Q_EMIT windowWanted(panned(m_window, -std::llround(notches * 0.1 * static_cast<double>(m_window.width()))));
    else
        zoomBy(std::pow(zoomStep, notches), m_bars->timeAt(event->position().x()));
}

void TimelineChart::mousePressEvent(QMouseEvent *event)
{
    const bool pan = event->button() == Qt::MiddleButton
        || (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
    if (!pan && event->button() != Qt::LeftButton)
        return;
    m_gesture = pan ? Gesture::Pan : Gesture::Select;
    m_pressed = event->pos();
    m_pressedWindow = m_window;
    if (pan)
        setCursor(Qt::ClosedHandCursor);
    event->accept();
}

void TimelineChart::mouseMoveEvent(QMouseEvent *event)
{
    const auto time = m_bars->timeAt(event->position().x());
    switch (m_gesture) {
    case Gesture::None:
        hoverAt(plotArea().contains(event->position()) ? std::optional(time) : std::nullopt);
        break;
    case Gesture::Pan: {
        const auto share = (m_pressed.x() - event->position().x()) / std::max(1.0, plotArea().width());
        Q_EMIT windowWanted(
            panned(m_pressedWindow, std::llround(share * static_cast<double>(m_pressedWindow.width()))));
        break;
    }
    case Gesture::Select:
        hoverAt(std::nullopt);
        if ((event->pos() - m_pressed).manhattanLength() > 4) {
            const auto inside = [this](std::int64_t t) { return std::clamp(t, m_window.from, m_window.to - 1); };
            Q_EMIT rangeWanted(snapped(inside(m_bars->timeAt(m_pressed.x())), inside(time)));
        }
        break;
    }
    event->accept();
}

void TimelineChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_gesture == Gesture::Pan)
        unsetCursor();
    m_gesture = Gesture::None;
    event->accept();
}

void TimelineChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        zoomBy(0.5, m_bars->timeAt(event->position().x()));
    event->accept();
}

void TimelineChart::keyPressEvent(QKeyEvent *event)
{
    const auto step = m_window.width() / 10;
    const auto middle = (m_window.from + m_window.to) / 2;
    const bool bins = event->modifiers().testFlag(Qt::ControlModifier);
    const bool select = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int sign = event->key() == Qt::Key_Left ? -1 : 1;
        if (bins)
            moveBinCursor(sign, select);
        else
            Q_EMIT windowWanted(panned(m_window, sign * step));
        break;
    }
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(zoomStep, m_hovered.value_or(middle));
        break;
    case Qt::Key_Minus:
        zoomBy(1 / zoomStep, m_hovered.value_or(middle));
        break;
    case Qt::Key_0:
    case Qt::Key_Home:
        Q_EMIT fitWanted();
        break;
    case Qt::Key_Escape:
        m_rangeRoot.reset();
        hoverAt(std::nullopt);
        Q_EMIT rangeClearWanted();
        break;
    default:
        QChartView::keyPressEvent(event);
        return;
    }
    event->accept();
}

void TimelineChart::focusOutEvent(QFocusEvent *event)
{
    m_rangeRoot.reset();
    hoverAt(std::nullopt);
    QChartView::focusOutEvent(event);
}

void TimelineChart::leaveEvent(QEvent *event)
{
    if (m_gesture == Gesture::None)
        hoverAt(std::nullopt);
    QChartView::leaveEvent(event);
}

} // namespace commander::ui
