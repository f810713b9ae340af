// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QStyledItemDelegate>

namespace commander::ui {

/// Paints the cells of the record table: kinds and states with an icon beside their word, data in monospace, and a
/// quiet bar where a row is still on its way. Paints directly, because the style's own way takes several times as long.
class RecordDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit RecordDelegate(Theme &theme, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Theme &m_theme;
    QFont m_monospace;
};

} // namespace commander::ui
