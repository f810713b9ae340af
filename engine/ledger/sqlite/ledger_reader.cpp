// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/ledger_reader.h"

#include "ledger/sqlite/progress_table.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace commander {

namespace {

/// Ends the statement's read transaction on every way out.
class ResetLater {
public:
    explicit ResetLater(Statement &statement) : m_statement(statement) { }
    ~ResetLater() { m_statement.reset(); }
    ResetLater(const ResetLater &) = delete;
    ResetLater &operator=(const ResetLater &) = delete;

private:
    Statement &m_statement;
};

std::int64_t clamped(std::uint64_t value)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

} // namespace

Result<std::unique_ptr<LedgerReader>> LedgerReader::open(Database database)
{
    std::unique_ptr<LedgerReader> reader(new LedgerReader);
    reader->m_database = std::move(database);
    auto &db = reader->m_database;
    auto rows = RecordRows::open(db);
    if (!rows)
        return fail(rows.error());
    reader->m_rows = std::move(*rows);

    const std::string columns(recordColumns);
    const std::pair<Statement *, std::string> statements[] = {
        {&reader->m_range,
         "SELECT " + columns + " FROM records WHERE position >= ?1 AND position <= ?2 ORDER BY position LIMIT ?3"},
        {&reader->m_partition,
         "SELECT " + columns
             + " FROM records INDEXED BY records_offset WHERE topic_id = (SELECT topic_id FROM topics WHERE name = ?1) "
               "AND partition = ?2 AND \"offset\" >= ?3 AND +position <= ?4 ORDER BY \"offset\" LIMIT ?5"},
        {&reader->m_find, "SELECT " + columns + " FROM records WHERE id = ?1 AND +position <= ?2"},
        {&reader->m_progress, "SELECT next, sum FROM progress WHERE consumer = ?1 AND topic = ?2 AND partition = ?3"},
        {&reader->m_head, "SELECT position, chain, recorded_at FROM records ORDER BY position DESC LIMIT 1"},
    };
    for (const auto &[statement, sql] : statements) {
        auto prepared = db.prepare(sql);
        if (!prepared)
            return fail(prepared.error());
        *statement = std::move(*prepared);
    }
    return reader;
}

Result<std::vector<RecordPtr>> LedgerReader::collect(Statement &statement, std::size_t bytesMax)
{
    std::vector<RecordPtr> records;
    std::size_t bytes = 0;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return records;
        auto record = std::make_shared<Record>();
        if (auto read = m_rows.read(statement, *record); !read)
            return fail(read.error());
        bytes += record->data.size() + record->headers.size();
        records.push_back(std::move(record));
        if (bytes >= bytesMax)
            return records;
    }
}

Result<std::vector<RecordPtr>> LedgerReader::range(Position from, Position last, std::size_t max, std::size_t bytesMax)
{
    const ResetLater reset(m_range);
    m_range.bind(1, clamped(from.value)).bind(2, clamped(last.value)).bind(3, clamped(max));
    return collect(m_range, bytesMax);
}

Result<std::vector<RecordPtr>> LedgerReader::partition(const TopicPartition &source, Offset from, Position last,
                                                       std::size_t max)
{
    const ResetLater reset(m_partition);
    m_partition.bind(1, source.topic).bind(2, std::int64_t{source.partition}).bind(3, clamped(from.value));
    m_partition.bind(4, clamped(last.value)).bind(5, clamped(max));
    return collect(m_partition, std::numeric_limits<std::size_t>::max());
}

Result<RecordPtr> LedgerReader::find(const Uuid &id, Position last)
{
    const ResetLater reset(m_find);
    m_find.bind(1, id).bind(2, clamped(last.value));
    auto found = collect(m_find, 1);
    if (!found)
        return fail(found.error());
    if (found->empty())
        return fail(ErrorCode::NotFound, "no such record", id.text());
    return std::move(found->front());
}

Result<std::optional<Offset>> LedgerReader::progress(const std::string &consumer, const TopicPartition &source)
{
    const ResetLater reset(m_progress);
    m_progress.bind(1, consumer).bind(2, source.topic).bind(3, std::int64_t{source.partition});
    const auto row = m_progress.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::nullopt;
    return ProgressTable::checkedNext(m_progress, consumer, source);
}

Result<LedgerHead> LedgerReader::head()
{
    const ResetLater reset(m_head);
    const auto row = m_head.step();
    if (!row)
        return fail(row.error());
    LedgerHead head;
    if (*row) {
        head.position = {static_cast<std::uint64_t>(m_head.integer(0))};
        const auto chain = m_head.blob(1);
        if (chain.size() != head.chain.size())
            return fail(ErrorCode::LedgerDamaged, "the last record has no chain hash", m_database.path());
        std::copy_n(reinterpret_cast<const std::uint8_t *>(chain.data()), chain.size(), head.chain.begin());
        head.recordedAt = {m_head.integer(2)};
    }
    return head;
}

Result<LedgerState> LedgerReader::state()
{
    if (auto begun = m_database.execute("BEGIN"); !begun)
        return fail(begun.error());
    const auto end = head();
    auto progress = ProgressTable::readAll(m_database);
    if (auto ended = m_database.execute("COMMIT"); !ended)
        return fail(ended.error());
    if (!end)
        return fail(end.error());
    if (!progress)
        return fail(progress.error());
    std::sort(progress->begin(), progress->end(), [](const ConsumerProgress &a, const ConsumerProgress &b) {
        return std::tie(a.consumer, a.source) < std::tie(b.consumer, b.source);
    });
    return LedgerState{*end, std::move(*progress)};
}

Result<std::unique_ptr<LedgerReader>> ReaderPool::borrow()
{
    {
        std::unique_lock lock(m_mutex);
        m_returned.wait(lock, [this] { return m_out < m_readersMax; });
        ++m_out;
        if (!m_idle.empty()) {
            auto reader = std::move(m_idle.back());
            m_idle.pop_back();
            return reader;
        }
    }
    auto reader = m_open();
    if (!reader)
        giveBack(nullptr);
    return reader;
}

void ReaderPool::giveBack(std::unique_ptr<LedgerReader> reader)
{
    {
        const std::scoped_lock lock(m_mutex);
        --m_out;
        if (reader)
            m_idle.push_back(std::move(reader));
    }
    m_returned.notify_one();
}

} // namespace commander
