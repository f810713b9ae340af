// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/diff_model.h"

#include "models/format.h"

#include <QIcon>
#include <QPainter>
#include <QPixmap>

namespace commander::ui {

namespace {

Theme::Tone toneOf(FieldLine::Kind kind)
{
    return kind == FieldLine::Kind::Added  ? Theme::Tone::Added
        : kind == FieldLine::Kind::Removed ? Theme::Tone::Removed
                                           : Theme::Tone::Change;
}

} // namespace

DiffModel::DiffModel(Theme &theme, QObject *parent) : QAbstractTableModel(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    });
}

void DiffModel::setRows(std::vector<DiffRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

const DiffRow *DiffModel::rowAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int DiffModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DiffModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QIcon DiffModel::signOf(FieldLine::Kind kind) const
{
    constexpr int side = 28;
    QPixmap picture(side, side);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(m_theme.color(toneOf(kind)), 3.4, Qt::SolidLine, Qt::RoundCap));
    if (kind == FieldLine::Kind::Changed) {
        painter.drawLine(QPointF(6, 10), QPointF(22, 10));
        painter.drawLine(QPointF(6, 18), QPointF(22, 18));
        painter.drawLine(QPointF(18, 5), QPointF(10, 23));
    } else {
        painter.drawLine(QPointF(6, 14), QPointF(22, 14));
        if (kind == FieldLine::Kind::Added)
            painter.drawLine(QPointF(14, 6), QPointF(14, 22));
    }
    return picture;
}

QVariant DiffModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &row = m_rows[static_cast<std::size_t>(index.row())];
    const auto line = fieldLine(row.field);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        switch (index.column()) {
        case Field:
            return role == Qt::ToolTipRole ? tr("%1 (%2)", "field (added)").arg(line.name, changeWord(line.kind))
                                           : line.name;
        case Before:
            return row.field.before ? line.before : tr("–", "no value");
        case After:
            return row.field.after ? line.after : tr("–", "no value");
        case Cause:
            return row.position
                ? tr("#%2 · %1", "position · event").arg(toText(row.action), formatCount(row.position->value))
                : QString();
        default:
            return {};
        }
    case Qt::AccessibleTextRole:
        return index.column() == Field ? tr("%1, %2", "field, added").arg(line.name, changeWord(line.kind))
                                       : data(index, Qt::DisplayRole);
    case Qt::DecorationRole:
        return index.column() == Field ? QVariant(signOf(line.kind)) : QVariant();
    case Qt::FontRole:
        return index.column() == Before || index.column() == After ? QVariant(m_theme.monospace()) : QVariant();
    case Qt::ForegroundRole:
        if (index.column() == Before)
            return m_theme.color(row.field.before ? Theme::Tone::Removed : Theme::Tone::TextMuted);
        if (index.column() == After)
            return m_theme.color(row.field.after ? Theme::Tone::Added : Theme::Tone::TextMuted);
        return index.column() == Cause ? QVariant(m_theme.color(Theme::Tone::TextMuted)) : QVariant();
    default:
        return {};
    }
}

QVariant DiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Field ? tr("Field")
        : section == Before ? tr("Before")
        : section == After  ? tr("After")
                            : tr("Set by");
}

} // namespace commander::ui
