// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/verify.h>

#include "ledger/sqlite/chain_walk.h"
#include "ledger/sqlite/head_file.h"
#include "ledger/sqlite/index_check.h"
#include "ledger/sqlite/ledger_file.h"
#include "ledger/sqlite/ledger_schema.h"
#include "ledger/sqlite/progress_table.h"
#include "ledger/sqlite/record_row.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace commander {

namespace {

using Verdict = VerifyReport::Verdict;

// Long enough to be quick, short enough that a writer's log can be reset in between.
constexpr std::int64_t chunkRecords = 20'000;
constexpr std::chrono::milliseconds progressInterval{100};

class Verification {
public:
    Verification(FileSystem &fileSystem, std::string path, std::stop_token stop,
                 const std::function<void(std::uint64_t, std::uint64_t)> &progress)
        : m_fileSystem(fileSystem), m_path(std::move(path)), m_stop(std::move(stop)), m_progress(progress)
    {
    }

    [[nodiscard]] Result<VerifyReport> run()
    {
        if (const auto checked = check(); !checked) {
            if (m_stop.stop_requested())
                return fail(ErrorCode::Cancelled, "the check was cancelled", m_path);
            found(m_connected ? Verdict::Tampered : Verdict::Unreadable, m_reached, checked.error().text());
        }
        if (m_stop.stop_requested())
            return fail(ErrorCode::Cancelled, "the check was cancelled", m_path);
        m_report.records = m_walk.head().position.value;
        m_report.head = m_walk.head().position;
        m_report.chain = m_walk.head().chain;
        return m_report;
    }

private:
    /// Fills the report as far as it gets; an Error is a fault of the file or of reading it.
    [[nodiscard]] Result<void> check();
    [[nodiscard]] Result<void> walkRecords(Database &database);
    /// The number of records that were taken; fewer than a chunk at the end or at a bad record.
    [[nodiscard]] Result<std::int64_t> walkChunk(Statement &rows, RecordRows &reader, Record &record);
    void checkPromise();
    [[nodiscard]] std::string checkOffset(const Record &record);
    void tellProgress();

    void found(Verdict verdict, Position where, std::string problem)
    {
        if (m_bad)
            return;
        m_bad = true;
        m_report.verdict = verdict;
        m_report.firstBad = where;
        m_report.problem = std::move(problem);
    }

    // Constant after construction
    FileSystem &m_fileSystem;
    const std::string m_path;
    const std::stop_token m_stop;
    const std::function<void(std::uint64_t, std::uint64_t)> &m_progress;

    VerifyReport m_report;
    HeadReading m_reading;
    Uuid m_id;
    ChainWalk m_walk;
    IndexSums m_sums;
    std::map<TopicPartition, std::uint64_t> m_nextOffsets;
    std::optional<Hash256> m_chainAtPromise;
    Position m_end;     ///< where the ledger ended when the check began
    Position m_reached; ///< first record that is not known to be right
    bool m_connected = false;
    bool m_bad = false;
    std::chrono::steady_clock::time_point m_told;
};

Result<void> Verification::check()
{
    const auto kind = inspectLedgerFile(m_fileSystem, m_path);
    if (!kind)
        return fail(kind.error());
    if (*kind != LedgerFileKind::Ledger)
        return fail(ErrorCode::NotFound, "there is no ledger", m_path);
    // The head first: beside a writer the ledger may only be ahead of what was read here.
    auto reading = HeadFile::read(m_fileSystem, m_path);
    if (!reading)
        return fail(reading.error());
    m_reading = *reading;
    if (m_reading.promise) {
        m_report.promised = m_reading.promise->head.position;
        if (m_reading.promise->head.position.value == 0)
            m_chainAtPromise = Hash256{};
    }

    auto quiet = openQuietly(m_fileSystem, m_path);
    if (!quiet)
        return fail(quiet.error());
    m_connected = true;
    m_reached = {1};
    auto &database = quiet->database;
    if (auto schema = checkLedgerSchema(database); !schema)
        return schema;
    const auto id = readLedgerId(database);
    if (!id)
        return fail(id.error());
    m_id = *id;
    const auto end = database.queryInteger("SELECT max(position) FROM records");
    if (!end)
        return fail(end.error());
    m_end = {static_cast<std::uint64_t>(*end)};

    IndexCheck indexes(m_fileSystem, m_path, m_end, m_stop);
    if (auto walked = walkRecords(database); !walked)
        return walked;
    checkPromise();
    if (m_bad)
        return {};
    if (const auto consumers = ProgressTable::readAll(database); !consumers)
        found(Verdict::Tampered, {}, consumers.error().text());
    if (const auto problem = indexes.finish(m_sums); !problem.empty())
        found(Verdict::Tampered, {}, problem);
    if (!m_bad)
        m_report.verdict = Verdict::Intact;
    return {};
}

Result<void> Verification::walkRecords(Database &database)
{
    auto reader = RecordRows::open(database);
    if (!reader)
        return fail(reader.error());
    // Negative and zero positions are found as well: the first chunk starts below all of them.
    auto rows = database.prepare("SELECT " + std::string(recordColumns)
                                 + " FROM records WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3");
    if (!rows)
        return fail(rows.error());
    auto strange = database.queryInteger("SELECT count(*) FROM records WHERE position < 1");
    if (!strange)
        return fail(strange.error());
    if (*strange > 0) {
        found(Verdict::Tampered, {1}, "there are records before the first position");
        return {};
    }
    Record record;
    while (!m_bad && !m_stop.stop_requested()) {
        rows->bind(1, static_cast<std::int64_t>(m_walk.head().position.value));
        rows->bind(2, static_cast<std::int64_t>(m_end.value)).bind(3, chunkRecords);
        const auto taken = walkChunk(*rows, *reader, record);
        rows->reset();
        if (!taken)
            return fail(taken.error());
        if (*taken < chunkRecords)
            break;
    }
    if (!m_bad && !m_stop.stop_requested() && m_walk.head().position < m_end)
        found(Verdict::Tampered, m_reached, "record " + std::to_string(m_reached.value) + " cannot be reached");
    return {};
}

Result<std::int64_t> Verification::walkChunk(Statement &rows, RecordRows &reader, Record &record)
{
    for (std::int64_t taken = 0;; ++taken) {
        const auto row = rows.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return taken;
        if (auto read = reader.read(rows, record); !read) {
            found(Verdict::Tampered, m_reached, read.error().text());
            return taken;
        }
        auto problem = m_walk.take(record);
        if (problem.empty())
            problem = checkOffset(record);
        if (!problem.empty()) {
            found(Verdict::Tampered, m_reached, std::move(problem));
            return taken;
        }
        m_reached = record.position.next();
        m_sums.add(record, rows.integer(1));
        if (m_reading.promise && record.position == m_reading.promise->head.position)
            m_chainAtPromise = record.chain;
        if (taken % 1000 == 0) {
            tellProgress();
            if (m_stop.stop_requested())
                return taken;
        }
    }
}

std::string Verification::checkOffset(const Record &record)
{
    auto &next = m_nextOffsets[{record.topic, record.partition}];
    if (record.offset.value != next) {
        return "its offset in " + record.topic + " is " + std::to_string(record.offset.value) + " and not "
            + std::to_string(next);
    }
    ++next;
    return {};
}

void Verification::checkPromise()
{
    if (m_bad || m_stop.stop_requested())
        return;
    if (!m_reading.promise) {
        if (m_reading.present || m_end.value > 0) {
            found(Verdict::Truncated, {},
                  "the head file is missing or not readable, so nothing tells whether records are missing at the end");
        }
        return;
    }
    const auto &promise = *m_reading.promise;
    if (promise.ledgerId != m_id) {
        found(Verdict::Tampered, {}, "the head file belongs to another ledger");
    } else if (promise.head.position > m_end) {
        found(Verdict::Truncated, m_end.next(),
              std::to_string(promise.head.position.value) + " records were acknowledged, the file holds "
                  + std::to_string(m_end.value));
    } else if (m_chainAtPromise != promise.head.chain) {
        found(Verdict::Tampered, promise.head.position, "the records are not those that the head file knows");
    }
}

void Verification::tellProgress()
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_progress || now - m_told < progressInterval)
        return;
    m_told = now;
    m_progress(m_walk.head().position.value, m_end.value);
}

} // namespace

std::string_view verifyVerdictName(VerifyReport::Verdict verdict) noexcept
{
    switch (verdict) {
    case VerifyReport::Verdict::Intact:
        return "intact";
    case VerifyReport::Verdict::Tampered:
        return "tampered";
    case VerifyReport::Verdict::Truncated:
        return "truncated";
    case VerifyReport::Verdict::Unreadable:
        break;
    }
    return "unreadable";
}

Result<VerifyReport> verifyLedger(const std::string &path, FileSystem &fileSystem, std::stop_token stop,
                                  const std::function<void(std::uint64_t, std::uint64_t)> &progress)
{
    return Verification(fileSystem, path, std::move(stop), progress).run();
}

} // namespace commander
