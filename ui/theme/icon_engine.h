// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QColor>
#include <QHash>
#include <QIconEngine>

namespace commander::ui {

/// Draws one of our outline icons in a colour, sharp at every size.
class OutlineIconEngine final : public QIconEngine {
public:
    OutlineIconEngine(QByteArray svg, const QColor &normal, const QColor &disabled);
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    [[nodiscard]] QIconEngine *clone() const override { return new OutlineIconEngine(*this); }

private:
    QByteArray m_svg;
    QColor m_normal;
    QColor m_disabled;
    QHash<quint64, QPixmap> m_pixmaps;
};

} // namespace commander::ui
