// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/request_model.h"

#include "models/format.h"

#include <algorithm>
#include <QCoreApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr std::size_t atOnce = 2'000;

class Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::RequestModel)
};

bool isWrite(const RequestEntry &entry)
{
    return entry.method != "GET" && entry.method != "HEAD" && entry.method != "OPTIONS";
}

bool isStream(const RequestEntry &entry)
{
    return entry.kind == RequestEntry::Kind::StreamBegan || entry.kind == RequestEntry::Kind::StreamEnded;
}

Theme::Tone toneOf(const RequestEntry &entry)
{
    if (entry.kind == RequestEntry::Kind::Abandoned)
        return Theme::Tone::TextMuted;
    if (entry.status >= 500 || entry.status == 0)
        return Theme::Tone::Failed;
    return entry.status >= 400 ? Theme::Tone::Rejected : Theme::Tone::Succeeded;
}

QString iconOf(const RequestEntry &entry)
{
    if (entry.kind == RequestEntry::Kind::StreamBegan)
        return u"follow"_s;
    if (entry.status >= 500 || entry.status == 0)
        return u"failed"_s;
    return entry.status >= 400 ? u"rejected"_s : u"succeeded"_s;
}

QString milliseconds(std::uint64_t micros)
{
    return QLocale().toString(double(micros) / 1000.0, 'f', micros < 10'000 ? 2 : 0);
}

} // namespace

QString outcomeText(const RequestEntry &entry)
{
    switch (entry.kind) {
    case RequestEntry::Kind::Abandoned:
        return Texts::tr("The client left before the answer");
    case RequestEntry::Kind::StreamBegan:
        return Texts::tr("%1, an open stream").arg(entry.status);
    case RequestEntry::Kind::StreamEnded:
        return Texts::tr("%1, a stream that is over").arg(entry.status);
    case RequestEntry::Kind::Refused:
        return Texts::tr("%1, refused before anything looked at it: %2").arg(entry.status).arg(toText(entry.code));
    case RequestEntry::Kind::Answered:
        break;
    }
    return entry.code.empty() ? QString::number(entry.status) : u"%1, %2"_s.arg(entry.status).arg(toText(entry.code));
}

RequestModel::RequestModel(Theme &theme, QObject *parent) : QAbstractTableModel(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] {
        if (!m_shown.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), {Qt::DecorationRole});
    });
}

void RequestModel::setLog(std::shared_ptr<const RequestLog> log)
{
    if (log == m_log)
        return;
    beginResetModel();
    m_log = std::move(log);
    m_seen = m_taken = m_missed = 0;
    m_all.clear();
    m_shown.clear();
    endResetModel();
    update();
}

void RequestModel::update()
{
    while (m_log && m_log->newest() > m_seen) {
        auto entries = m_log->after(m_seen, atOnce);
        if (entries.empty())
            return;
        m_missed += entries.front().sequence - m_seen - 1;
        m_seen = entries.back().sequence;
        add(std::move(entries));
    }
}

void RequestModel::add(std::vector<RequestEntry> entries)
{
    std::vector<RequestEntry> fresh;
    for (auto &entry : entries) {
        ++m_taken;
        if (entry.kind == RequestEntry::Kind::StreamEnded && endStream(entry)) {
            const auto begun = std::find_if(fresh.begin(), fresh.end(),
                                            [&entry](const auto &one) { return one.request == entry.request; });
            if (begun != fresh.end()) { // within one look
                entry.time = begun->time;
                *begun = std::move(entry);
            }
            continue;
        }
        m_all.push_front(entry);
        if (isShown(entry))
            fresh.push_back(std::move(entry));
    }
    if (!fresh.empty()) {
        beginInsertRows({}, 0, int(fresh.size()) - 1);
        for (auto &entry : fresh)
            m_shown.push_front(std::move(entry));
        endInsertRows();
    }
    if (m_all.size() > rowsMax)
        m_all.resize(rowsMax);
    if (m_shown.size() > rowsMax) {
        beginRemoveRows({}, int(rowsMax), int(m_shown.size()) - 1);
        m_shown.resize(rowsMax);
        endRemoveRows();
    }
}

bool RequestModel::endStream(const RequestEntry &entry)
{
    const auto begins = [&entry](const RequestEntry &one) {
        return one.request == entry.request && one.kind == RequestEntry::Kind::StreamBegan;
    };
    const auto all = std::find_if(m_all.begin(), m_all.end(), begins);
    if (all == m_all.end())
        return false;
    const auto time = all->time;
    *all = entry;
    all->time = time;
    const auto shown = std::find_if(m_shown.begin(), m_shown.end(), begins);
    if (shown == m_shown.end())
        return true;
    *shown = *all;
    const int row = int(shown - m_shown.begin());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    return true;
}

void RequestModel::setFilter(const QString &words, Only only)
{
    const auto wanted = words.split(u' ', Qt::SkipEmptyParts);
    if (wanted == m_words && only == m_only)
        return;
    beginResetModel();
    m_words = wanted;
    m_only = only;
    m_shown.clear();
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(m_shown),
                 [this](const RequestEntry &entry) { return isShown(entry); });
    endResetModel();
}

bool RequestModel::isShown(const RequestEntry &entry) const
{
    if (m_only == Only::Writes && !isWrite(entry))
        return false;
    if (m_only == Only::Refused && entry.status > 0 && entry.status < 400)
        return false;
    if (m_words.isEmpty())
        return true;
    QString hay;
    for (int column = 0; column < ColumnCount; ++column)
        hay += text(entry, column) + u' ';
    hay += toText(entry.token + ' ' + entry.code + ' ' + entry.command);
    return std::all_of(m_words.begin(), m_words.end(),
                       [&hay](const QString &word) { return hay.contains(word, Qt::CaseInsensitive); });
}

const RequestEntry *RequestModel::entryAt(int row) const
{
    return row >= 0 && row < int(m_shown.size()) ? &m_shown[std::size_t(row)] : nullptr;
}

std::vector<RequestEntry> RequestModel::entries() const
{
    return {m_shown.begin(), m_shown.end()};
}

int RequestModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int RequestModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RequestModel::text(const RequestEntry &entry, int column) const
{
    switch (column) {
    case Time:
        return formatTime(entry.time, TimeStyle::Local, currentTime());
    case Method:
        return toText(entry.method);
    case Target:
        return toText(entry.target);
    case Status:
        return entry.status == 0 ? u"–"_s : QString::number(entry.status);
    case Duration:
        return entry.kind == RequestEntry::Kind::StreamBegan ? tr("open") : milliseconds(entry.micros);
    case Size:
        return formatBytes(entry.bytes);
    case Client:
        return toText(entry.token.empty() ? entry.client : entry.token);
    default:
        return {};
    }
}

QVariant RequestModel::data(const QModelIndex &index, int role) const
{
    const auto *entry = entryAt(index.row());
    if (!entry)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(*entry, index.column());
    case Qt::ToolTipRole:
        return index.column() == Status ? outcomeText(*entry) : text(*entry, index.column());
    case Qt::DecorationRole:
        if (index.column() == Status)
            return m_theme.icon(iconOf(*entry), m_theme.color(isStream(*entry) ? Theme::Tone::Accent : toneOf(*entry)));
        return {};
    case Qt::TextAlignmentRole:
        return int(headerData(index.column(), Qt::Horizontal, role).toInt());
    case Qt::AccessibleTextRole:
        return index.column() == Status ? outcomeText(*entry) : text(*entry, index.column());
    default:
        return {};
    }
}

QVariant RequestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Duration || section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Method:
        return tr("Method");
    case Target:
        return tr("Path");
    case Status:
        return tr("Status");
    case Duration:
        return tr("ms");
    case Size:
        return tr("Sent");
    case Client:
        return tr("Client");
    default:
        return {};
    }
}

} // namespace commander::ui
