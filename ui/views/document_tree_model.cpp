// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_tree_model.h"

#include "models/format.h"

#include <algorithm>
#include <map>
#include <QFont>
#include <QIcon>
#include <QSize>

namespace commander::ui {

namespace {

constexpr int rowHeight = 26;

std::size_t countOf(const Json &value)
{
    if (const auto *object = value.asObject())
        return object->size();
    const auto *array = value.asArray();
    return array ? array->size() : 0;
}

} // namespace

DocumentTreeModel::DocumentTreeModel(Theme &theme, QObject *parent) : QAbstractItemModel(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1),
                               {Qt::DecorationRole, Qt::ForegroundRole});
    });
}

void DocumentTreeModel::append(Nodes &nodes, const QString &name, const std::string &pointer, const Json &value,
                               std::size_t parent)
{
    const auto self = nodes.size();
    Node node;
    node.name = name;
    node.pointer = pointer;
    node.parent = parent;
    const auto count = countOf(value);
    node.container = count > 0;
    node.value = !node.container ? toText(writeJson(value))
        : value.isObject()       ? tr("{ %1 }", "an object, its fields").arg(count)
                                 : tr("[ %1 ]", "an array, its items").arg(count);
    if (parent != none) {
        node.row = static_cast<int>(nodes[parent].children.size());
        nodes[parent].children.push_back(self);
    }
    nodes.push_back(std::move(node));
    if (const auto *object = value.asObject()) {
        for (const auto &[key, child] : *object)
            append(nodes, toText(key), pointer + '/' + escapePointerToken(key), child, self);
    } else if (const auto *array = value.asArray()) {
        for (std::size_t i = 0; i < array->size(); ++i)
            append(nodes, QString::number(i), pointer + '/' + std::to_string(i), (*array)[i], self);
    }
}

void DocumentTreeModel::assignOrigins(Nodes &nodes) const
{
    std::map<std::string_view, std::size_t> byPointer;
    for (std::size_t i = 0; i < m_origins.size(); ++i)
        byPointer.emplace(m_origins[i].pointer, i);
    // Children stand behind their parents, so that backwards every parent sees all of its children done.
    for (auto i = nodes.size(); i-- > 0;) {
        auto &node = nodes[i];
        if (const auto found = byPointer.find(node.pointer); found != byPointer.end())
            node.origin = found->second;
        for (const auto child : node.children) {
            const auto origin = nodes[child].origin;
            if (origin != none && (node.origin == none || m_origins[origin].position > m_origins[node.origin].position))
                node.origin = origin;
        }
    }
}

Result<void> DocumentTreeModel::setDocument(const Document &document, const std::vector<FieldOrigin> &origins)
{
    const auto json = parseJson(document.json);
    if (!json)
        return fail(json.error());
    Nodes nodes;
    append(nodes, {}, {}, *json, none);
    if (nodes.front().children.empty())
        // A document that is a bare value still needs a row to be seen.
        append(nodes, tr("value"), {}, *json, 0);
    const bool sameShape
        = std::equal(nodes.begin(), nodes.end(), m_nodes.begin(), m_nodes.end(),
                     [](const Node &a, const Node &b) { return a.pointer == b.pointer && a.parent == b.parent; });
    if (!sameShape)
        beginResetModel();
    m_origins = origins;
    m_position = document.position;
    assignOrigins(nodes);
    m_nodes = std::move(nodes);
    if (!sameShape) {
        endResetModel();
        return {};
    }
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (const auto &children = m_nodes[i].children; !children.empty())
            Q_EMIT dataChanged(createIndex(0, 0, children.front()),
                               createIndex(static_cast<int>(children.size()) - 1, ColumnCount - 1, children.back()));
    }
    return {};
}

void DocumentTreeModel::clear()
{
    beginResetModel();
    m_nodes.clear();
    m_origins.clear();
    endResetModel();
}

const FieldOrigin *DocumentTreeModel::originAt(const QModelIndex &index) const
{
    if (!index.isValid() || nodeAt(index).origin == none)
        return nullptr;
    return &m_origins[nodeAt(index).origin];
}

QString DocumentTreeModel::pointerAt(const QModelIndex &index) const
{
    return index.isValid() ? toText(nodeAt(index).pointer) : QString();
}

QModelIndex DocumentTreeModel::indexOf(const QString &pointer) const
{
    const auto wanted = toUtf8(pointer);
    for (std::size_t i = 1; i < m_nodes.size(); ++i) {
        if (m_nodes[i].pointer == wanted)
            return createIndex(m_nodes[i].row, 0, i);
    }
    return {};
}

QModelIndex DocumentTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const auto above = parent.isValid() ? static_cast<std::size_t>(parent.internalId()) : 0;
    return createIndex(row, column, m_nodes[above].children[static_cast<std::size_t>(row)]);
}

QModelIndex DocumentTreeModel::parent(const QModelIndex &child) const
{
    if (!child.isValid())
        return {};
    const auto above = nodeAt(child).parent;
    return above == none || above == 0 ? QModelIndex() : createIndex(m_nodes[above].row, 0, above);
}

int DocumentTreeModel::rowCount(const QModelIndex &parent) const
{
    if (m_nodes.empty() || parent.column() > 0)
        return 0;
    const auto node = parent.isValid() ? static_cast<std::size_t>(parent.internalId()) : 0;
    return static_cast<int>(m_nodes[node].children.size());
}

int DocumentTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant DocumentTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &node = nodeAt(index);
    const auto *origin = originAt(index);
    const bool newest = origin && origin->position == m_position;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        if (index.column() == Field)
            return node.name;
        if (index.column() == Value)
            return node.value;
        if (!origin)
            return {};
        return role == Qt::DisplayRole
            ? tr("#%2 · %1", "position · event").arg(toText(origin->action), formatCount(origin->position.value))
            : tr("Set by %1 at #%2, %3")
                  .arg(toText(origin->action), formatCount(origin->position.value),
                       formatTimeLong(origin->recordedAt, TimeStyle::Utc, origin->recordedAt));
    case Qt::DecorationRole:
        // The newest event's fields carry a mark, so that a step shows what it changed.
        if (index.column() == SetBy && origin)
            return newest ? m_theme.icon(QStringLiteral("change"), m_theme.color(Theme::Tone::Change))
                          : m_theme.icon(QStringLiteral("event"), m_theme.color(Theme::Tone::TextMuted));
        return {};
    case Qt::SizeHintRole:
        return QSize(0, rowHeight);
    case Qt::FontRole:
        if (index.column() == Value && !node.container)
            return m_theme.monospace();
        return {};
    case Qt::ForegroundRole:
        if (index.column() == Value)
            return node.container ? QVariant(m_theme.color(Theme::Tone::TextMuted)) : QVariant();
        if (index.column() == SetBy)
            return m_theme.color(newest ? Theme::Tone::Change : Theme::Tone::TextMuted);
        return {};
    case Qt::BackgroundRole:
        return newest && !node.container ? QVariant(m_theme.tint(m_theme.color(Theme::Tone::Change), 0.10))
                                         : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == Value ? tr("%1: %2", "field: value").arg(node.name, node.value) : QVariant();
    default:
        return {};
    }
}

QVariant DocumentTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Field ? tr("Field") : section == Value ? tr("Value") : tr("Set by");
}

} // namespace commander::ui
