// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/record_window_model.h"

#include "models/words.h"

#include <algorithm>

namespace commander::ui {

namespace {

// Longer data is cut for the table: a page must not hold 200 megabytes for a preview of one line.
constexpr std::size_t keptDataBytes = 4096;

Result<std::vector<RecordRow>> describe(RecordReader &reader, std::vector<RecordPtr> records, std::stop_token stop)
{
    std::vector<RecordRow> rows;
    rows.reserve(records.size());
    for (RecordPtr &record : records) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "cancelled");
        RecordRow row{record, std::nullopt, record->data.size()};
        if (record->kind == RecordKind::Command) {
            auto status = reader.status(record->id);
            if (!status)
                return fail(std::move(status.error()));
            row.status = *status;
        } else if (record->kind == RecordKind::Result) {
            row.status = commandStatusFromName(record->action);
        }
        if (record->data.size() > keptDataBytes) {
            auto shortened = std::make_shared<Record>(*record);
            shortened->data.resize(keptDataBytes);
            shortened->data.shrink_to_fit();
            row.record = std::move(shortened);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace

RecordWindowModel::RecordWindowModel(EngineLink &link, QObject *parent)
    : QAbstractTableModel(parent), m_link(link), m_matches(link), m_now(currentTime())
{
    m_flush.setSingleShot(true);
    m_flush.setInterval(0);
    connect(&m_flush, &QTimer::timeout, this, &RecordWindowModel::flush);
    connect(&m_matches, &MatchCollector::grew, this, &RecordWindowModel::updateTotal);
    connect(&link, &EngineLink::progressed, this, [this](const Progress &progress) {
        if (!m_active)
            return;
        if (m_filtered)
            m_matches.poll(progress.indexed);
        updateTotal();
        wantWindow(); // commands of the window may have got their result
    });
}

void RecordWindowModel::setFilter(const RecordFilter &filter)
{
    beginResetModel();
    m_ask.cancel();
    m_pages.clear();
    m_filtered = !filter.matchesAll();
    m_total = 0;
    m_first = 0;
    m_rows = 0;
    endResetModel();
    if (m_filtered)
        m_matches.start(filter);
    else
        m_matches.clear();
    updateTotal();
    Q_EMIT totalChanged();
}

void RecordWindowModel::setActive(bool active)
{
    m_active = active;
    if (!active)
        return;
    m_now = currentTime();
    if (m_filtered)
        m_matches.poll(m_link.progress().indexed);
    updateTotal();
    wantWindow();
}

void RecordWindowModel::setTimeStyle(TimeStyle style)
{
    m_timeStyle = style;
    m_now = currentTime();
    Q_EMIT headerDataChanged(Qt::Horizontal, int(RecordColumn::Time), int(RecordColumn::Time));
    redrawWindow();
}

void RecordWindowModel::refreshTimes()
{
    m_now = currentTime();
    redrawWindow();
}

void RecordWindowModel::updateTotal()
{
    const std::uint64_t total = m_filtered ? m_matches.positions().size() : m_link.progress().indexed.value;
    if (total == m_total)
        return;
    m_total = total;
    Q_EMIT totalChanged(); // whoever shows us sets the window
}

void RecordWindowModel::setWindow(std::uint64_t first, std::uint64_t rows)
{
    m_wantedRows = rows;
    first = std::min(first, m_total > rows ? m_total - rows : 0);
    const int count = int(std::min(rows, m_total - first));
    if (count > m_rows) {
        beginInsertRows({}, m_rows, count - 1);
        m_rows = count;
        endInsertRows();
    } else if (count < m_rows) {
        beginRemoveRows({}, count, m_rows - 1);
        m_rows = count;
        endRemoveRows();
    }
    if (first != m_first) {
        m_first = first;
        redrawWindow();
    }
    wantWindow();
}

Position RecordWindowModel::positionAt(std::uint64_t index) const
{
    if (index >= m_total)
        return {};
    return m_filtered ? m_matches.positions()[std::size_t(index)] : Position{index + 1};
}

std::optional<std::uint64_t> RecordWindowModel::indexOf(Position position) const
{
    if (position.value == 0)
        return std::nullopt;
    const std::uint64_t index = indexNear(position);
    if (positionAt(index) != position)
        return std::nullopt;
    return index;
}

std::uint64_t RecordWindowModel::indexNear(Position position) const
{
    if (m_total == 0)
        return 0;
    if (!m_filtered)
        return std::clamp<std::uint64_t>(position.value, 1, m_total) - 1;
    const auto &positions = m_matches.positions();
    const auto found = std::lower_bound(positions.begin(), positions.end(), position);
    return std::min<std::uint64_t>(std::uint64_t(found - positions.begin()), m_total - 1);
}

const RecordRow *RecordWindowModel::rowAt(int row) const
{
    const std::uint64_t index = m_first + std::uint64_t(row);
    RecordPage *page = m_pages.get(index / pageRows);
    const std::size_t inPage = std::size_t(index % pageRows);
    return page && inPage < page->rows.size() ? &page->rows[inPage] : nullptr;
}

int RecordWindowModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int RecordWindowModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : recordColumnCount;
}

QVariant RecordWindowModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == PositionRole)
        return qulonglong(positionAt(m_first + std::uint64_t(index.row())).value);
    const RecordRow *row = rowAt(index.row());
    if (role == LoadedRole)
        return row != nullptr;
    if (!row)
        return {};
    const auto column = RecordColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(*row, column, m_timeStyle, m_now);
    case Qt::ToolTipRole:
        return cellDetail(*row, column, m_timeStyle, m_now);
    case Qt::TextAlignmentRole:
        return int((isNumericColumn(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case KindRole:
        return int(row->record->kind);
    case StatusRole:
        return row->status ? QVariant(int(*row->status)) : QVariant();
    default:
        return {};
    }
}

QVariant RecordWindowModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical || section < 0 || section >= recordColumnCount)
        return {};
    const auto column = RecordColumn(section);
    if (role == Qt::DisplayRole)
        return columnTitle(column, m_timeStyle);
    if (role == Qt::TextAlignmentRole)
        return int((isNumericColumn(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

bool RecordWindowModel::isStale(const RecordPage *page, std::uint64_t number) const
{
    if (!page)
        return true;
    const std::uint64_t expected = std::min<std::uint64_t>(pageRows, m_total - number * pageRows);
    return page->rows.size() < expected || (page->unsettled && page->loadedAt < m_link.progress().indexed);
}

void RecordWindowModel::flush()
{
    if (!m_active || m_rows == 0)
        return;
    // One screen more on either side, so that scrolling finds rows ready.
    const std::uint64_t margin = m_wantedRows;
    const std::uint64_t from = (m_first > margin ? m_first - margin : 0) / pageRows;
    const std::uint64_t to = std::min(m_first + std::uint64_t(m_rows) + margin, m_total - 1) / pageRows;
    std::optional<std::uint64_t> firstPage;
    std::uint64_t lastPage = 0;
    for (std::uint64_t number = from; number <= to; ++number) {
        if (isStale(m_pages.get(number), number)) {
            firstPage = firstPage.value_or(number);
            lastPage = number;
        }
    }
    if (!firstPage)
        return;
    // What is under way and still of use is let finish; it comes back here. Otherwise the newest wish wins.
    if (m_ask.isPending() && m_askedFirst <= *firstPage && m_askedLast >= lastPage)
        return;
    ask(*firstPage, lastPage);
}

void RecordWindowModel::ask(std::uint64_t firstPage, std::uint64_t lastPage)
{
    m_askedFirst = firstPage;
    m_askedLast = lastPage;
    const std::uint64_t begin = firstPage * pageRows;
    const std::uint64_t end = std::min((lastPage + 1) * pageRows, m_total);
    std::vector<Position> positions;
    if (m_filtered) {
        const auto &all = m_matches.positions();
        positions.assign(all.begin() + std::ptrdiff_t(begin), all.begin() + std::ptrdiff_t(end));
    }
    const Position indexed = m_link.progress().indexed;
    m_link.ask<std::vector<RecordRow>>(
        m_ask,
        [filtered = m_filtered, positions = std::move(positions), begin,
         end](Engine &engine, std::stop_token stop) -> Result<std::vector<RecordRow>> {
            RecordReader &reader = engine.records();
            auto records = filtered ? reader.at(positions, stop)
                                    : reader.range(Position{begin + 1}, std::size_t(end - begin), stop);
            if (!records)
                return fail(std::move(records.error()));
            return describe(reader, std::move(*records), stop);
        },
        [this, firstPage, lastPage, indexed](Result<std::vector<RecordRow>> rows) {
            if (rows)
                accept(firstPage, lastPage, indexed, std::move(*rows));
            else
                Q_EMIT loadFailed(errorText(rows.error()));
        });
}

void RecordWindowModel::accept(std::uint64_t firstPage, std::uint64_t lastPage, Position indexed,
                               std::vector<RecordRow> rows)
{
    for (std::uint64_t number = firstPage; number <= lastPage; ++number) {
        const std::size_t begin = std::min(std::size_t(number - firstPage) * pageRows, rows.size());
        const std::size_t end = std::min(begin + pageRows, rows.size());
        if (begin == end)
            break;
        RecordPage page;
        page.loadedAt = indexed;
        page.rows.assign(std::make_move_iterator(rows.begin() + std::ptrdiff_t(begin)),
                         std::make_move_iterator(rows.begin() + std::ptrdiff_t(end)));
        page.unsettled = std::any_of(page.rows.begin(), page.rows.end(),
                                     [](const RecordRow &row) { return row.status == CommandStatus::Accepted; });
        m_pages.put(number, std::move(page));
    }
    redrawWindow();
    Q_EMIT loaded();
    if (!rows.empty())
        wantWindow(); // the window or the ledger may have moved on meanwhile
}

void RecordWindowModel::redrawWindow()
{
    if (m_rows > 0)
        Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, recordColumnCount - 1));
}

} // namespace commander::ui
