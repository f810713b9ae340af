// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/history_model.h"

#include "lineage/node_text.h"
#include "models/format.h"

#include <algorithm>
#include <iterator>
#include <QFont>
#include <QIcon>

namespace commander::ui {

namespace {

constexpr std::size_t fieldsNamed = 3;

Result<std::vector<HistoryModel::Row>> readHistory(Engine &engine, const Selection::DocumentKey &document,
                                                   std::optional<Position> before, std::stop_token stop)
{
    auto changes = engine.views().history(document.view, document.key, before, HistoryModel::pageRows);
    if (!changes) {
        // No change at all is an answer.
        if (changes.error().code == ErrorCode::NotFound)
            return std::vector<HistoryModel::Row>();
        return fail(changes.error());
    }
    std::vector<Position> positions;
    std::transform(changes->begin(), changes->end(), std::back_inserter(positions),
                   [](const auto &change) { return change.position; });
    const auto events = engine.records().at(positions, stop);
    if (!events)
        return fail(events.error());
    std::vector<HistoryModel::Row> rows;
    for (std::size_t i = 0; i < changes->size(); ++i)
        rows.push_back({std::move((*changes)[i]), (*events)[i]->action, (*events)[i]->recordedAt});
    return rows;
}

} // namespace

HistoryModel::HistoryModel(EngineLink &link, Theme &theme, QObject *parent)
    : QAbstractTableModel(parent), m_link(link), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, &HistoryModel::repaintAll);
}

void HistoryModel::setDocument(std::optional<Selection::DocumentKey> document)
{
    if (document == m_document)
        return;
    m_document = std::move(document);
    m_olderAsk.cancel();
    m_loaded = false;
    if (m_document) {
        askNewest();
        return;
    }
    m_newestAsk.cancel();
    beginResetModel();
    m_rows.clear();
    m_complete = true;
    endResetModel();
}

void HistoryModel::setMoment(std::optional<Position> moment)
{
    m_moment = moment;
    repaintAll();
}

void HistoryModel::setPins(std::optional<Position> a, std::optional<Position> b)
{
    m_pinA = a;
    m_pinB = b;
    repaintAll();
}

void HistoryModel::refresh()
{
    if (m_document && !m_newestAsk.isPending())
        askNewest();
}

void HistoryModel::askNewest()
{
    m_link.ask<Rows>(
        m_newestAsk,
        [document = *m_document](Engine &engine, std::stop_token stop) {
            return readHistory(engine, document, {}, stop);
        },
        [this](Result<Rows> answer) {
            if (answer)
                takeNewest(std::move(*answer));
            else
                Q_EMIT failed(answer.error());
        });
}

void HistoryModel::takeNewest(Rows rows)
{
    const auto isKnown
        = [this](const Row &row) { return !m_rows.empty() && row.change.position <= m_rows.front().change.position; };
    const auto known = std::find_if(rows.begin(), rows.end(), isKnown);
    if (m_loaded && known != rows.end()) {
        // The new ones come on top; what is below stays where it is.
        const auto fresh = static_cast<int>(known - rows.begin());
        if (fresh > 0) {
            beginInsertRows({}, 0, fresh - 1);
            m_rows.insert(m_rows.begin(), std::make_move_iterator(rows.begin()), std::make_move_iterator(known));
            endInsertRows();
        }
    } else if (!m_loaded || !rows.empty() || !m_rows.empty()) {
        m_olderAsk.cancel();
        beginResetModel();
        m_complete = rows.size() < pageRows;
        m_rows = std::move(rows);
        m_loaded = true;
        endResetModel();
    }
    Q_EMIT loaded();
}

bool HistoryModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_loaded && !m_complete;
}

void HistoryModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent) || m_olderAsk.isPending())
        return;
    m_link.ask<Rows>(
        m_olderAsk,
        [document = *m_document, before = m_rows.back().change.position](Engine &engine, std::stop_token stop) {
            return readHistory(engine, document, before, stop);
        },
        [this](Result<Rows> answer) {
            if (!answer) {
                Q_EMIT failed(answer.error());
                return;
            }
            m_complete = answer->size() < pageRows;
            if (answer->empty())
                return;
            beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(answer->size()) - 1);
            std::move(answer->begin(), answer->end(), std::back_inserter(m_rows));
            endInsertRows();
        });
}

const HistoryModel::Row *HistoryModel::rowAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int HistoryModel::shownRow() const
{
    if (m_rows.empty())
        return -1;
    if (!m_moment)
        return 0;
    const auto found = std::partition_point(m_rows.begin(), m_rows.end(),
                                            [this](const Row &row) { return row.change.position > *m_moment; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void HistoryModel::repaintAll()
{
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int HistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString HistoryModel::fieldsText(const DocumentChange &change) const
{
    if (change.created)
        return tr("created");
    if (change.removed)
        return tr("removed");
    QStringList parts;
    for (const auto &field : change.fields) {
        if (parts.size() == static_cast<qsizetype>(fieldsNamed)) {
            parts << tr("+%1 more").arg(change.fields.size() - fieldsNamed);
            break;
        }
        const auto line = fieldLine(field);
        parts << (line.kind == FieldLine::Kind::Changed
                      ? tr("%1 %2 → %3").arg(line.name, line.before, line.after)
                      : tr("%1 %2", "field added or removed").arg(line.name, changeWord(line.kind)));
    }
    return parts.join(QStringLiteral(", "));
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &row = m_rows[static_cast<std::size_t>(index.row())];
    const auto position = row.change.position;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case PositionColumn:
            return QLatin1Char('#') + formatCount(position.value)
                + (m_pinA == position ? tr(" A", "pin A, after a position") : QString())
                + (m_pinB == position ? tr(" B", "pin B, after a position") : QString());
        case Time:
            return formatTime(row.recordedAt, TimeStyle::Utc, currentTime());
        case Event:
            return toText(row.action);
        case Fields:
            return fieldsText(row.change);
        default:
            return {};
        }
    case Qt::ToolTipRole:
        return index.column() == Time ? formatTimeLong(row.recordedAt, TimeStyle::Utc, currentTime())
                                      : data(index, Qt::DisplayRole);
    case Qt::DecorationRole:
        if (index.column() == PositionColumn && index.row() == shownRow())
            return m_theme.icon(QStringLiteral("next"), m_theme.color(Theme::Tone::Accent));
        if (index.column() == Event)
            return m_theme.icon(QStringLiteral("event"), m_theme.kindColor(RecordKind::Event));
        return {};
    case Qt::FontRole:
        if (index.row() == shownRow() && index.column() == PositionColumn) {
            QFont font;
            font.setWeight(QFont::DemiBold);
            return font;
        }
        return {};
    case Qt::ForegroundRole: {
        const bool later = m_moment && position > *m_moment;
        return later || index.column() == Time || index.column() == Fields
            ? QVariant(m_theme.color(Theme::Tone::TextMuted))
            : QVariant();
    }
    default:
        return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case PositionColumn:
        return tr("Position");
    case Time:
        return tr("Time (UTC)");
    case Event:
        return tr("Event");
    case Fields:
        return tr("Fields");
    default:
        return {};
    }
}

} // namespace commander::ui
