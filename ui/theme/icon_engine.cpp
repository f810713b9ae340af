// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icon_engine.h"

#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace commander::ui {

OutlineIconEngine::OutlineIconEngine(QByteArray svg, const QColor &normal, const QColor &disabled)
    : m_svg(std::move(svg)), m_normal(normal), m_disabled(disabled)
{
}

void OutlineIconEngine::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state)
{
    const qreal scale = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
    painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
}

QPixmap OutlineIconEngine::pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state)
{
    return scaledPixmap(size, mode, state, 1.0);
}

QPixmap OutlineIconEngine::scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal)
{
    const bool disabled = mode == QIcon::Disabled;
    const quint64 key = (quint64(size.width()) << 33) | (quint64(size.height()) << 1) | quint64(disabled);
    if (const auto found = m_pixmaps.constFind(key); found != m_pixmaps.cend())
        return *found;
    QByteArray coloured = m_svg;
    coloured.replace("currentColor", (disabled ? m_disabled : m_normal).name().toLatin1());
    QSvgRenderer renderer(coloured);
    QPixmap result(size);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(QPointF(0, 0), size));
    painter.end();
    m_pixmaps.insert(key, result);
    return result;
}

} // namespace commander::ui
