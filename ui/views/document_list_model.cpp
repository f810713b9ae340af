// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_list_model.h"

#include "models/format.h"

#include <algorithm>

namespace commander::ui {

namespace {
constexpr int previewCharacters = 160;
constexpr std::size_t refreshPagesMax = 3;
} // namespace

DocumentListModel::DocumentListModel(EngineLink &link, Theme &theme, QObject *parent)
    : QAbstractTableModel(parent), m_link(link), m_theme(theme)
{
    m_missingTimer.setSingleShot(true);
    m_missingTimer.setInterval(0);
    connect(&m_missingTimer, &QTimer::timeout, this, [this] {
        if (m_missing && !m_ask.isPending())
            askPages(*m_missing, 1);
    });
}

void DocumentListModel::setQuery(const std::string &view, const std::string &prefix, std::optional<Position> at)
{
    const bool other = view != m_view || prefix != m_prefix;
    if (!other && at == m_at && m_loaded)
        return;
    m_view = view;
    m_prefix = prefix;
    m_at = at;
    if (!other) {
        refresh();
        return;
    }
    m_looked.reset();
    m_starts.assign(1, std::nullopt);
    m_loaded = false;
    askPages(0, 1);
}

void DocumentListModel::clear()
{
    m_ask.cancel();
    beginResetModel();
    m_view.clear();
    m_rows = 0;
    m_starts.clear();
    m_next.reset();
    m_pages.clear();
    m_loaded = false;
    endResetModel();
}

void DocumentListModel::refresh()
{
    if (m_view.empty())
        return;
    const auto first = m_loaded && m_looked ? std::min(m_looked->first, m_starts.size() - 1) : 0;
    const auto last = m_loaded && m_looked ? std::min(m_looked->second, m_starts.size() - 1) : 0;
    askPages(first, std::min(last - first + 1, refreshPagesMax));
}

void DocumentListModel::askPages(std::size_t first, std::size_t count)
{
    m_missing.reset();
    auto after = first < m_starts.size() ? m_starts[first] : m_next;
    m_link.ask<Answer>(
        m_ask,
        [view = m_view, request = DocumentListRequest{m_prefix, after, pageRows, m_at}, first,
         count](Engine &engine, std::stop_token stop) mutable -> Result<Answer> {
            Answer answer{first, {}};
            for (std::size_t page = 0; page < count; ++page) {
                auto list = engine.views().list(view, request, stop);
                if (!list)
                    return fail(list.error());
                answer.pages.push_back(std::move(*list));
                if (!answer.pages.back().nextKey)
                    break;
                request.afterKey = answer.pages.back().nextKey;
            }
            return answer;
        },
        [this](Result<Answer> answer) {
            if (answer)
                take(std::move(*answer));
            else
                Q_EMIT failed(answer.error());
        });
}

void DocumentListModel::take(Answer answer)
{
    const auto first = answer.first;
    const auto count = answer.pages.size();
    const auto end = answer.pages.back().nextKey;
    auto starts = m_starts;
    starts.resize(std::min(starts.size(), first));
    starts.push_back(first < m_starts.size() ? m_starts[first] : m_next);
    for (std::size_t page = 0; page + 1 < count; ++page)
        starts.push_back(answer.pages[page].nextKey);

    auto rows = static_cast<int>((first + count - 1) * pageRows + answer.pages.back().documents.size());
    // The pages behind stay known while the key before them has not moved.
    const bool behindStays = m_loaded && end && first + count < m_starts.size() && m_starts[first + count] == end;
    if (behindStays) {
        starts.insert(starts.end(), m_starts.begin() + static_cast<std::ptrdiff_t>(first + count), m_starts.end());
        rows = m_rows;
    }
    m_starts = std::move(starts);
    m_next = behindStays ? m_next : end;
    m_looked.reset();
    const auto keepPages = [&] {
        for (std::size_t page = 0; page < count; ++page)
            m_pages.put(first + page, std::move(answer.pages[page].documents));
    };
    if (!m_loaded) {
        beginResetModel();
        m_pages.clear();
        keepPages();
        m_rows = rows;
        m_loaded = true;
        endResetModel();
    } else {
        // Surplus rows go before the others change and new ones come after it, so that at each step only what is told
        // happens.
        if (rows < m_rows) {
            beginRemoveRows({}, rows, m_rows - 1);
            m_rows = rows;
            endRemoveRows();
        }
        keepPages();
        const auto changedFrom = static_cast<int>(first * pageRows);
        const auto changedTo = std::min(static_cast<int>((first + count) * pageRows), m_rows) - 1;
        if (changedFrom <= changedTo)
            Q_EMIT dataChanged(index(changedFrom, 0), index(changedTo, ColumnCount - 1));
        if (rows > m_rows) {
            beginInsertRows({}, m_rows, rows - 1);
            m_rows = rows;
            endInsertRows();
        }
    }
    Q_EMIT loaded();
    if (m_missing)
        m_missingTimer.start();
}

DocumentListModel::Page *DocumentListModel::page(std::size_t number) const
{
    if (!m_looked)
        m_looked.emplace(number, number);
    m_looked->first = std::min(m_looked->first, number);
    m_looked->second = std::max(m_looked->second, number);
    auto *found = m_pages.get(number);
    if (!found)
        want(number);
    return found;
}

void DocumentListModel::want(std::size_t number) const
{
    m_missing = number;
    m_missingTimer.start();
}

const Document *DocumentListModel::documentAt(int row) const
{
    if (row < 0 || row >= m_rows)
        return nullptr;
    const auto number = static_cast<std::size_t>(row) / pageRows;
    const auto offset = static_cast<std::size_t>(row) % pageRows;
    const auto *documents = page(number);
    return documents && offset < documents->size() ? &(*documents)[offset] : nullptr;
}

int DocumentListModel::rowOf(const std::string &key) const
{
    for (std::size_t number = 0; number < m_starts.size(); ++number) {
        const auto *documents = m_pages.get(number);
        if (!documents)
            continue;
        const auto found
            = std::lower_bound(documents->begin(), documents->end(), key,
                               [](const Document &document, const std::string &k) { return document.key < k; });
        if (found != documents->end() && found->key == key)
            return static_cast<int>(number * pageRows) + static_cast<int>(found - documents->begin());
    }
    return -1;
}

int DocumentListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int DocumentListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DocumentListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return index.column() == Changed ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    if (role == Qt::ForegroundRole)
        return index.column() == Key ? QVariant() : QVariant(m_theme.color(Theme::Tone::TextMuted));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const auto *document = documentAt(index.row());
    if (!document)
        return index.column() == Key && role == Qt::DisplayRole ? tr("…", "not loaded yet") : QVariant();
    switch (index.column()) {
    case Key:
        if (role == Qt::ToolTipRole)
            return QString(toText(document->key) + QLatin1Char('\n') + previewText(document->json, previewCharacters));
        return toText(document->key);
    case Preview:
        return previewText(document->json, previewCharacters);
    case Changed:
        return QLatin1Char('#') + formatCount(document->position.value);
    default:
        return {};
    }
}

QVariant DocumentListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Changed ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : section == Preview ? tr("Document") : tr("Changed");
}

bool DocumentListModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_loaded && m_next.has_value();
}

void DocumentListModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent) && !m_ask.isPending())
        askPages(m_starts.size(), 1);
}

} // namespace commander::ui
