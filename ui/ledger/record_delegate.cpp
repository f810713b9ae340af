// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/record_delegate.h"

#include "models/record_window_model.h"

#include <algorithm>
#include <QPainter>

namespace commander::ui {

namespace {

constexpr int padding = 8;
constexpr int iconPixels = 15;
constexpr int iconGap = 6;

struct Look {
    QColor text;
    QString icon;
    QColor iconColor;
};

Look lookOf(const Theme &theme, const QModelIndex &index, RecordColumn column)
{
    const auto kind = RecordKind(index.data(RecordWindowModel::KindRole).toInt());
    Look look{theme.color(Theme::Tone::Text), {}, {}};
    switch (column) {
    case RecordColumn::Kind:
        look.icon = Theme::kindIcon(kind);
        look.text = look.iconColor = theme.kindColor(kind);
        break;
    case RecordColumn::Status: {
        const QVariant status = index.data(RecordWindowModel::StatusRole);
        if (status.isValid()) {
            look.icon = Theme::statusIcon(CommandStatus(status.toInt()));
            look.text = look.iconColor = theme.statusColor(CommandStatus(status.toInt()));
        }
        break;
    }
    case RecordColumn::Position:
    case RecordColumn::Time:
    case RecordColumn::Data:
    case RecordColumn::Topic:
    case RecordColumn::Actor:
    case RecordColumn::Id:
    case RecordColumn::Size:
        look.text = theme.color(Theme::Tone::TextMuted);
        break;
    case RecordColumn::Action:
    case RecordColumn::Key:
        break;
    }
    return look;
}

} // namespace

RecordDelegate::RecordDelegate(Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_monospace(theme.monospace())
{
}

void RecordDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto column = RecordColumn(index.column());
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter->fillRect(option.rect, option.palette.color(QPalette::Highlight));

    if (!index.data(RecordWindowModel::LoadedRole).toBool()) {
        const int width = int(option.rect.width() * (0.45 + 0.1 * ((index.row() * 7 + index.column() * 3) % 4)));
        const QRect bar(option.rect.left() + padding, option.rect.center().y() - 3, width - 2 * padding, 7);
        painter->fillRect(bar, m_theme.tint(m_theme.color(Theme::Tone::TextMuted), 0.14));
        return;
    }

    const Look look = lookOf(m_theme, index, column);
    QRect area = option.rect.adjusted(padding, 0, -padding, 0);
    if (!look.icon.isEmpty()) {
        const QRect iconArea(area.left(), area.center().y() - iconPixels / 2, iconPixels, iconPixels);
        m_theme.icon(look.icon, look.iconColor).paint(painter, iconArea);
        area.setLeft(iconArea.right() + 1 + iconGap);
    }
    painter->setFont(isMonospaceColumn(column) ? m_monospace : option.font);
    painter->setPen(selected ? m_theme.color(Theme::Tone::Text) : look.text);
    // Shaping a text that cannot fit anyway costs the most; no character is narrower than a quarter of the average.
    const int charactersMax = area.width() * 4 / std::max(painter->fontMetrics().averageCharWidth(), 1) + 1;
    const QString text = index.data(Qt::DisplayRole).toString().left(charactersMax);
    const int alignment = index.data(Qt::TextAlignmentRole).toInt() | Qt::TextSingleLine;
    painter->drawText(area, alignment, painter->fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
}

QSize RecordDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {120, option.fontMetrics.height() + 11};
}

} // namespace commander::ui
