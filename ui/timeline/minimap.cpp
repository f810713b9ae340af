// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/minimap.h"

#include "timeline/time_ticks.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace commander::ui {

namespace {
constexpr double gripReach = 5;   // pixels around an edge that grab it
constexpr double windowLeast = 6; // a window is never drawn narrower
} // namespace

Minimap::Minimap(Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Overview of the whole ledger"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    describe();
}

void Minimap::setExtent(TimeWindow extent)
{
    m_extent = extent;
    update();
}

void Minimap::setOverview(const Density &density)
{
    m_grid = density.grid;
    m_counts.assign(density.grid.bins, 0);
    for (const auto &series : density.series) {
        for (std::size_t bin = 0; bin < m_counts.size(); ++bin)
            m_counts[bin] += series.counts[bin];
    }
    update();
}

void Minimap::setWindow(TimeWindow window)
{
    m_window = window;
    describe();
    update();
}

void Minimap::setRange(std::optional<TimeWindow> range)
{
    m_range = range;
    update();
}

void Minimap::setPlotMargins(int left, int right)
{
    m_left = left;
    m_right = right;
    update();
}

void Minimap::describe()
{
    setAccessibleDescription(tr("Shows %1 to %2. Left and right move the window, plus and minus change its width.")
                                 .arg(timeText(m_window.from, 1'000'000), timeText(m_window.to, 1'000'000)));
}

QRectF Minimap::plot() const
{
    return QRectF(rect()).adjusted(m_left, 3, -m_right, -3);
}

double Minimap::xOf(std::int64_t time) const
{
    const auto area = plot();
    return m_extent.isEmpty() ? area.left()
                              : area.left()
            + area.width() * static_cast<double>(time - m_extent.from) / static_cast<double>(m_extent.width());
}

std::int64_t Minimap::timeAt(double x) const
{
    const auto area = plot();
    const auto share = area.width() > 0 ? (x - area.left()) / area.width() : 0.0;
    return m_extent.from + static_cast<std::int64_t>(std::llround(share * static_cast<double>(m_extent.width())));
}

Minimap::Grip Minimap::gripAt(double x) const
{
    const auto from = xOf(m_window.from);
    const auto to = xOf(m_window.to);
    if (to - from > 3 * gripReach) {
        if (std::abs(x - from) <= gripReach)
            return Grip::From;
        if (std::abs(x - to) <= gripReach)
            return Grip::To;
    }
    return x >= from - gripReach && x <= to + gripReach ? Grip::Move : Grip::None;
}

void Minimap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const auto area = plot();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(Theme::Tone::SurfaceAlt));
    painter.drawRoundedRect(area, 4, 4);
    if (m_extent.isEmpty())
        return;

    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto highest = m_counts.empty() ? 0 : *std::max_element(m_counts.begin(), m_counts.end());
    const auto bars = m_theme.tint(m_theme.color(Theme::Tone::TextMuted), 0.55);
    for (std::size_t bin = 0; highest > 0 && bin < m_counts.size(); ++bin) {
        if (m_counts[bin] == 0)
            continue;
        const auto span = m_grid.bin(bin);
        const auto left = std::max(std::round(xOf(span.from)), area.left());
        const auto right = std::min(std::max(std::round(xOf(span.to)), left + 1), area.right());
        // A square root keeps the quiet hours visible beside a burst.
        const auto share = std::sqrt(static_cast<double>(m_counts[bin]) / static_cast<double>(highest));
        const auto height = std::max(2.0, std::round(share * (area.height() - 8)));
        painter.fillRect(QRectF(left, area.bottom() - height, right - left, height), bars);
    }
    if (m_range) {
        auto tint = m_theme.color(Theme::Tone::Accent);
        tint.setAlphaF(0.30F);
        const auto left = std::clamp(xOf(m_range->from), area.left(), area.right());
        const auto right = std::clamp(xOf(m_range->to), area.left(), area.right());
        painter.fillRect(QRectF(left, area.top(), std::max(2.0, right - left), area.height()), tint);
    }

    auto left = std::clamp(xOf(m_window.from), area.left(), area.right());
    auto right = std::clamp(xOf(m_window.to), area.left(), area.right());
    if (right - left < windowLeast) {
        const auto middle
            = std::clamp((left + right) / 2, area.left() + windowLeast / 2, area.right() - windowLeast / 2);
        left = middle - windowLeast / 2;
        right = middle + windowLeast / 2;
    }
    auto veil = m_theme.color(Theme::Tone::Surface);
    veil.setAlphaF(0.66F);
    painter.fillRect(QRectF(area.left(), area.top(), left - area.left(), area.height()), veil);
    painter.fillRect(QRectF(right, area.top(), area.right() - right, area.height()), veil);

    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(
        QPen(m_theme.color(hasFocus() ? Theme::Tone::Accent : Theme::Tone::TextMuted), hasFocus() ? 2 : 1.2));
    painter.drawRoundedRect(QRectF(left, area.top(), right - left, area.height()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    if (right - left > 3 * gripReach) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(hasFocus() ? Theme::Tone::Accent : Theme::Tone::TextMuted));
        for (const auto x : {left, right})
            painter.drawRoundedRect(QRectF(x - 2, area.center().y() - 8, 4, 16), 2, 2);
    }
}

void Minimap::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_extent.isEmpty())
        return;
    m_grip = gripAt(event->position().x());
    m_grabbed = timeAt(event->position().x());
    if (m_grip == Grip::None) {
        m_grip = Grip::Move;
        Q_EMIT windowWanted(panned(m_window, m_grabbed - (m_window.from + m_window.to) / 2));
    }
    m_grabbedWindow = m_window;
}

void Minimap::mouseMoveEvent(QMouseEvent *event)
{
    const auto time = timeAt(event->position().x());
    switch (m_grip) {
    case Grip::None: {
        const auto grip = gripAt(event->position().x());
        setCursor(grip == Grip::Move       ? Qt::OpenHandCursor
                      : grip == Grip::None ? Qt::PointingHandCursor
                                           : Qt::SizeHorCursor);
        break;
    }
    case Grip::Move:
        Q_EMIT windowWanted(panned(m_grabbedWindow, time - m_grabbed));
        break;
    case Grip::From:
        Q_EMIT windowWanted({std::min(time, m_window.to - windowMicrosMin), m_window.to});
        break;
    case Grip::To:
        Q_EMIT windowWanted({m_window.from, std::max(time, m_window.from + windowMicrosMin)});
        break;
    }
}

void Minimap::mouseReleaseEvent(QMouseEvent *)
{
    m_grip = Grip::None;
}

void Minimap::keyPressEvent(QKeyEvent *event)
{
    const auto middle = (m_window.from + m_window.to) / 2;
    switch (event->key()) {
    case Qt::Key_Left:
        Q_EMIT windowWanted(panned(m_window, -m_window.width() / 4));
        break;
    case Qt::Key_Right:
        Q_EMIT windowWanted(panned(m_window, m_window.width() / 4));
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        Q_EMIT windowWanted(zoomed(m_window, 0.8, middle));
        break;
    case Qt::Key_Minus:
        Q_EMIT windowWanted(zoomed(m_window, 1.25, middle));
        break;
    case Qt::Key_Home:
        Q_EMIT windowWanted(panned(m_window, m_extent.from - m_window.from));
        break;
    case Qt::Key_End:
        Q_EMIT windowWanted(panned(m_window, m_extent.to - m_window.to));
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace commander::ui
