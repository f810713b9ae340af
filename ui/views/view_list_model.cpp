// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_list_model.h"

#include "models/format.h"

#include <algorithm>
#include <QIcon>

namespace commander::ui {

namespace {

/// The engine's own bookkeeping, while it has nothing to tell: people look for their views here.
bool isIdleBookkeeping(const ViewStatus &view)
{
    return view.name.starts_with("commander-") && view.documents == 0 && view.error.empty();
}

} // namespace

ViewListModel::ViewListModel(Theme &theme, QObject *parent) : QAbstractTableModel(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] {
        if (!m_views.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1),
                               {Qt::DecorationRole, Qt::ForegroundRole});
    });
}

void ViewListModel::setViews(std::vector<ViewStatus> views, Position head)
{
    std::erase_if(views, isIdleBookkeeping);
    const auto sameNames = std::equal(views.begin(), views.end(), m_views.begin(), m_views.end(),
                                      [](const auto &a, const auto &b) { return a.name == b.name; });
    if (!sameNames)
        beginResetModel();
    m_views = std::move(views);
    m_head = head;
    if (!sameNames)
        endResetModel();
    else if (!m_views.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const ViewStatus *ViewListModel::viewAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_views[static_cast<std::size_t>(row)] : nullptr;
}

int ViewListModel::rowOf(const std::string &name) const
{
    const auto found
        = std::find_if(m_views.begin(), m_views.end(), [&](const auto &view) { return view.name == name; });
    return found == m_views.end() ? -1 : static_cast<int>(found - m_views.begin());
}

int ViewListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_views.size());
}

int ViewListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::uint64_t ViewListModel::lagOf(const ViewStatus &view) const
{
    return m_head > view.position ? m_head.value - view.position.value : 0;
}

QString ViewListModel::detail(const ViewStatus &view) const
{
    auto text = tr("%1, version %2, of the domain %3. Everything up to #%4 is in it.")
                    .arg(toText(view.name))
                    .arg(view.version)
                    .arg(toText(view.domain), formatCount(view.position.value));
    if (!view.path.empty())
        text += QLatin1Char('\n') + tr("Query path: %1").arg(toText(view.path));
    if (!view.error.empty())
        text += QLatin1Char('\n') + tr("Stopped: %1").arg(toText(view.error));
    return text;
}

QVariant ViewListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &view = m_views[static_cast<std::size_t>(index.row())];
    const auto lag = lagOf(view);
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Name)
            return toText(view.name);
        if (index.column() == Documents)
            return formatCount(view.documents);
        return !view.error.empty() ? tr("stopped") : lag == 0 ? tr("current") : tr("%1 behind").arg(formatCount(lag));
    case Qt::ToolTipRole:
        return detail(view);
    case Qt::DecorationRole:
        if (index.column() == Lag) {
            if (!view.error.empty())
                return m_theme.icon(QStringLiteral("failed"), m_theme.color(Theme::Tone::Failed));
            return lag == 0 ? m_theme.icon(QStringLiteral("check"), m_theme.color(Theme::Tone::Succeeded))
                            : m_theme.icon(QStringLiteral("clock"), m_theme.color(Theme::Tone::Pending));
        }
        return {};
    case Qt::ForegroundRole:
        if (index.column() == Lag && !view.error.empty())
            return m_theme.color(Theme::Tone::Failed);
        return index.column() == Name ? QVariant() : QVariant(m_theme.color(Theme::Tone::TextMuted));
    case Qt::TextAlignmentRole:
        return index.column() == Documents ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    default:
        return {};
    }
}

QVariant ViewListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Documents ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("View") : section == Documents ? tr("Documents") : tr("State");
}

} // namespace commander::ui
