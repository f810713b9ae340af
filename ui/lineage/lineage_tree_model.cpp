// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_tree_model.h"

#include "lineage/node_text.h"
#include "models/format.h"

#include <QColor>
#include <QIcon>
#include <QSize>

namespace commander::ui {

namespace {
constexpr int rowHeight = 26;
}

LineageTreeModel::LineageTreeModel(Theme &theme, QObject *parent) : QAbstractItemModel(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] {
        if (!m_nodes.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1),
                               {Qt::DecorationRole, Qt::ForegroundRole});
    });
}

void LineageTreeModel::setGraph(const LineageGraph &graph)
{
    beginResetModel();
    m_nodes = graph.nodes;
    m_places.assign(m_nodes.size(), {});
    m_roots.clear();
    for (const auto &edge : graph.edges) {
        // Causes come before their effects, so that an edge from later to earlier can only be part of a circle.
        if (edge.effect < m_places.size() && edge.cause < edge.effect && m_places[edge.effect].parent == none)
            m_places[edge.effect].parent = edge.cause;
    }
    for (std::size_t node = 0; node < m_nodes.size(); ++node) {
        auto &siblings = m_places[node].parent == none ? m_roots : m_places[m_places[node].parent].children;
        m_places[node].row = static_cast<int>(siblings.size());
        siblings.push_back(node);
    }
    endResetModel();
}

QModelIndex LineageTreeModel::indexOf(std::size_t node) const
{
    return node < m_places.size() ? createIndex(m_places[node].row, 0, node) : QModelIndex();
}

std::optional<std::size_t> LineageTreeModel::nodeAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.model() != this)
        return {};
    return static_cast<std::size_t>(index.internalId());
}

QModelIndex LineageTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const auto &siblings = parent.isValid() ? m_places[parent.internalId()].children : m_roots;
    return createIndex(row, column, siblings[static_cast<std::size_t>(row)]);
}

QModelIndex LineageTreeModel::parent(const QModelIndex &child) const
{
    const auto node = nodeAt(child);
    return node && m_places[*node].parent != none ? indexOf(m_places[*node].parent) : QModelIndex();
}

int LineageTreeModel::rowCount(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return 0;
    return static_cast<int>(parent.isValid() ? m_places[parent.internalId()].children.size() : m_roots.size());
}

int LineageTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QString LineageTreeModel::text(std::size_t node, int column) const
{
    const auto &each = m_nodes[node];
    const auto words = nodeText(each);
    switch (column) {
    case What:
        return words.title;
    case Kind:
        return words.kind;
    case Status:
        return words.status;
    case Key:
        return each.change ? toText(each.change->key) : each.record ? toText(each.record->key) : QString();
    case Details: {
        if (!words.warning.isEmpty())
            return words.warning;
        QStringList fields;
        for (const auto &field : words.fields)
            fields << tr("%1 %2 → %3", "field: old → new")
                          .arg(field.name, field.before.isEmpty() ? tr("–") : field.before,
                               field.after.isEmpty() ? tr("–") : field.after);
        if (words.moreFields > 0)
            fields << tr("+%1 more").arg(words.moreFields);
        if (!fields.isEmpty())
            return fields.join(QStringLiteral(", "));
        return each.record && each.record->kind == RecordKind::Result ? words.detail
            : each.record && !each.change                             ? toText(each.record->actor)
                                                                      : QString();
    }
    case Time:
        return each.record ? clockText(each.change ? each.record->recordedAt : each.record->time()) : QString();
    case After: {
        const auto cause = m_places[node].parent;
        return cause == none ? QString() : latencyText(m_nodes[cause], each);
    }
    case PositionColumn: {
        const auto position = each.change ? each.change->position : each.record ? each.record->position : Position{};
        return position == Position{} ? QString() : QLatin1Char('#') + formatCount(position.value);
    }
    default:
        return {};
    }
}

QVariant LineageTreeModel::data(const QModelIndex &index, int role) const
{
    const auto node = nodeAt(index);
    if (!node || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &each = m_nodes[*node];
    switch (role) {
    case Qt::DisplayRole:
        return text(*node, index.column());
    case Qt::ToolTipRole:
        return text(*node, index.column());
    case Qt::SizeHintRole:
        return QSize(0, rowHeight);
    case Qt::TextAlignmentRole:
        return index.column() >= After ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::DecorationRole:
        if (index.column() == What)
            return m_theme.icon(nodeText(each).icon, nodeColor(each, m_theme));
        if (index.column() == Status && !nodeText(each).statusIcon.isEmpty()) {
            const auto status = each.record->kind == RecordKind::Result ? resultStatus(*each.record) : each.status;
            return m_theme.icon(nodeText(each).statusIcon, m_theme.statusColor(status));
        }
        return {};
    case Qt::ForegroundRole:
        if (index.column() == Details && each.orphan)
            return m_theme.color(Theme::Tone::Warning);
        return index.column() == What ? QVariant() : QVariant(m_theme.color(Theme::Tone::TextMuted));
    default:
        return {};
    }
}

QVariant LineageTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= After ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case What:
        return tr("Action or document");
    case Kind:
        return tr("Kind");
    case Status:
        return tr("Status");
    case Key:
        return tr("Key");
    case Details:
        return tr("Details");
    case Time:
        return tr("Time (UTC)");
    case After:
        return tr("After");
    case PositionColumn:
        return tr("Position");
    default:
        return {};
    }
}

} // namespace commander::ui
