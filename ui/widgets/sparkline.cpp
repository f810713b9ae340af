// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sparkline.h"

#include <algorithm>
#include <QPainter>
#include <QPainterPath>

namespace commander::ui {

Sparkline::Sparkline(Theme &theme, Theme::Tone tone, std::size_t capacity, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_tone(tone), m_capacity(std::max<std::size_t>(capacity, 2))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumHeight(36);
}

void Sparkline::push(double value)
{
    if (m_values.size() >= m_capacity)
        m_values.erase(m_values.begin());
    m_values.push_back(value);
    update();
}

double Sparkline::maximum() const
{
    return m_values.empty() ? 0.0 : *std::max_element(m_values.begin(), m_values.end());
}

void Sparkline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = QRectF(rect()).adjusted(1, 2, -1, -2);
    painter.setPen(QPen(m_theme.color(Theme::Tone::Border), 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (m_values.size() < 2)
        return;

    const double top = std::max(maximum(), 1.0);
    const double step = area.width() / double(m_capacity - 1);
    const double left = area.right() - step * double(m_values.size() - 1);
    QPainterPath line;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const QPointF point(left + step * double(i), area.bottom() - area.height() * m_values[i] / top);
        if (i == 0)
            line.moveTo(point);
        else
            line.lineTo(point);
    }
    QPainterPath fill = line;
    fill.lineTo(area.right(), area.bottom());
    fill.lineTo(left, area.bottom());
    fill.closeSubpath();
    const QColor tone = m_theme.color(m_tone);
    painter.fillPath(fill, m_theme.tint(tone, 0.16));
    painter.strokePath(line, QPen(tone, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
}

} // namespace commander::ui
