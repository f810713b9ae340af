// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/pattern_strip.h"

#include "models/format.h"

#include <QPainter>
#include <QPainterPath>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr double gap = 34;
constexpr double radius = 8;
constexpr int iconPixels = 22;
} // namespace

PatternStrip::PatternStrip(Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_stations = {
        {u"command"_s, tr("Command"), tr("what somebody wants"), {}, Theme::Tone::Command},
        {u"ledger"_s, tr("Ledger"), tr("kept for good, in order"), {}, Theme::Tone::Accent},
        {u"gear"_s, tr("Processor"), tr("decides by the domain's rules"), {}, Theme::Tone::Pending},
        {u"event"_s, tr("Event"), tr("what has happened"), {}, Theme::Tone::Event},
        {u"views"_s, tr("View"), tr("what one reads"), {}, Theme::Tone::Change},
    };
    setCounts(0, 0, 0, 0);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PatternStrip::setCounts(std::uint64_t commands, std::uint64_t position, std::uint64_t events,
                             std::uint64_t documents)
{
    m_stations[0].count = tr("%1 accepted").arg(formatCount(commands));
    m_stations[1].count = tr("position %1").arg(formatCount(position));
    m_stations[2].count = tr("one result each");
    m_stations[3].count = tr("%1 recorded").arg(formatCount(events));
    m_stations[4].count = tr("%1 documents").arg(formatCount(documents));
    QStringList spoken;
    for (const Station &station : m_stations)
        spoken << u"%1: %2, %3"_s.arg(station.name, station.does, station.count);
    setAccessibleName(tr("The way of a command"));
    setAccessibleDescription(spoken.join(u"; "_s));
    update();
}

void PatternStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto count = double(m_stations.size());
    const double boxWidth = (width() - gap * (count - 1)) / count;
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    bold.setPointSizeF(font().pointSizeF() + 1.5);
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() - 1);

    for (std::size_t i = 0; i < m_stations.size(); ++i) {
        const Station &station = m_stations[i];
        const QColor tone = m_theme.color(station.tone);
        const QRectF box(double(i) * (boxWidth + gap) + 0.5, 0.5, boxWidth - 1, height() - 1);
        painter.setPen(QPen(m_theme.tint(tone, 0.45), 1));
        painter.setBrush(m_theme.tint(tone, 0.07));
        painter.drawRoundedRect(box, radius, radius);

        const QRectF inner = box.adjusted(14, 10, -10, -7);
        const QRect iconArea(int(inner.left()), int(inner.top()), iconPixels, iconPixels);
        m_theme.icon(station.icon, tone).paint(&painter, iconArea);
        painter.setFont(bold);
        painter.setPen(m_theme.color(Theme::Tone::Text));
        const auto line = [&](const QRectF &area, const QString &text) {
            painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(text, Qt::ElideRight, int(area.width())));
        };
        line({inner.left() + iconPixels + 9, inner.top(), inner.width() - iconPixels - 9, iconPixels}, station.name);
        painter.setFont(small);
        painter.setPen(m_theme.color(Theme::Tone::TextMuted));
        line({inner.left(), inner.top() + 29, inner.width(), 18}, station.does);
        painter.setPen(tone);
        painter.setFont(font());
        line({inner.left(), inner.bottom() - 22, inner.width(), 20}, station.count);

        if (i + 1 < m_stations.size()) {
            const double y = height() / 2.0;
            const double from = box.right() + 7;
            const double to = box.right() + gap - 7;
            painter.setPen(
                QPen(m_theme.color(Theme::Tone::TextMuted), 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            painter.drawLine(QPointF(from, y), QPointF(to, y));
            painter.drawPolyline(QPolygonF({{to - 5, y - 5}, {to, y}, {to - 5, y + 5}}));
        }
    }
}

} // namespace commander::ui
