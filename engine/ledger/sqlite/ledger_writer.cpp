// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/ledger_writer.h"

#include "ledger/transaction_check.h"
#include "values/sabotage.h"

#include <algorithm>
#include <sqlite3.h>

namespace commander {

namespace {

constexpr std::size_t saltBytes = 16;
// 32 MiB of log: long enough that an index page which changes often is written back once, short enough to read through.
constexpr int logPagesMax = 8192;
// What to let pass before the next attempt when readers held the last one back.
constexpr int logPagesRetry = 1024;

} // namespace

LedgerWriter::LedgerWriter(Database database, HeadFile headFile, const Options &options)
    : m_database(std::move(database)), m_headFile(std::move(headFile)), m_clock(options.clock),
      m_random(options.random), m_feed(options.feed), m_head(options.head), m_staged(options.head),
      m_checkpointAt(logPagesMax)
{
}

Result<std::unique_ptr<LedgerWriter>> LedgerWriter::open(Database database, HeadFile headFile, const Options &options)
{
    std::unique_ptr<LedgerWriter> writer(new LedgerWriter(std::move(database), std::move(headFile), options));
    if (auto prepared = writer->prepare(); !prepared)
        return fail(prepared.error());
    return writer;
}

Result<void> LedgerWriter::prepare()
{
    const std::pair<Statement *, std::string> statements[] = {
        {&m_begin, "BEGIN IMMEDIATE"},
        {&m_commit, "COMMIT"},
        {&m_find, "SELECT 1 FROM records WHERE id = ?1"},
    };
    for (const auto &[statement, sql] : statements) {
        auto prepared = m_database.prepare(sql);
        if (!prepared)
            return fail(prepared.error());
        *statement = std::move(*prepared);
    }
    auto table = RecordTable::open(m_database);
    if (!table)
        return fail(table.error());
    m_table = std::move(*table);
    auto progress = ProgressTable::open(m_database);
    if (!progress)
        return fail(progress.error());
    m_progress = std::move(*progress);
    sqlite3_wal_hook(
        m_database.handle(),
        [](void *self, sqlite3 *, const char *, int pages) {
            static_cast<LedgerWriter *>(self)->m_logPages = pages;
            return SQLITE_OK;
        },
        this);
    return {};
}

Result<void> LedgerWriter::commit(std::vector<WaitingAppend> &batch)
{
    std::vector<Result<Appended>> outcomes;
    outcomes.reserve(batch.size());
    if (auto written = write(batch, outcomes); !written) {
        auto &error = written.error();
        // A full disk or another program's lock leaves the ledger as it was: a later transaction may succeed.
        const bool busy = error.code == ErrorCode::LedgerLocked;
        if (busy)
            error.code = ErrorCode::Busy;
        return abandon(error, busy || error.code == ErrorCode::DiskFull, batch, outcomes);
    }
    if (!m_records.empty()) {
        if (const auto promised = m_headFile.write(m_staged); !promised)
            return abandon(promised.error(), sabotaged(Saboteur::FailedSyncForgotten), batch, outcomes);
    }
    m_head = m_staged;
    m_feed.publish(m_records, m_progressed);
    acknowledge(batch, outcomes);
    if (auto checkpointed = checkpointWhenLong(); !checkpointed)
        return fail(unavailable(checkpointed.error()));
    return {};
}

Result<void> LedgerWriter::write(std::vector<WaitingAppend> &batch, std::vector<Result<Appended>> &outcomes)
{
    // Looking every id up before inserting it would search the index twice, so duplicates, which are rare, are first
    // left to the insert to find. It may find one in the middle of a transaction; then all is taken back and done with
    // care.
    auto staged = stageAll(batch, outcomes, DuplicateCheck::ByInsert);
    if (!staged && m_duplicateMet) {
        if (auto takenBack = m_database.execute("ROLLBACK"); !takenBack)
            return takenBack;
        giveDraftsBack();
        outcomes.clear();
        staged = stageAll(batch, outcomes, DuplicateCheck::BeforeInsert);
    }
    if (!staged)
        return staged;
    if (m_records.empty() && m_progressed.empty())
        return m_database.execute("ROLLBACK");
    if (sabotaged(Saboteur::AcknowledgeBeforeDurable)) {
        acknowledge(batch, outcomes);
        batch.clear();
    }
    if (auto committed = m_commit.run(); !committed)
        return committed;
    ++m_commits;
    return {};
}

Result<void> LedgerWriter::stageAll(std::vector<WaitingAppend> &batch, std::vector<Result<Appended>> &outcomes,
                                    DuplicateCheck check)
{
    m_staged = m_head;
    m_records.clear();
    m_drafts.clear();
    m_progressed.clear();
    m_storeFailed = false;
    m_duplicateMet = false;
    std::size_t count = 0;
    for (const auto &waiting : batch)
        count += waiting.transaction.records.size();
    m_salts.resize(count * saltBytes);
    m_random.fill(m_salts);

    if (auto begun = m_begin.run(); !begun)
        return begun;
    std::size_t saltAt = 0;
    for (auto &waiting : batch) {
        const auto salts = std::span(m_salts).subspan(saltAt, waiting.transaction.records.size() * saltBytes);
        saltAt += salts.size();
        auto staged = stage(waiting.transaction, salts, check);
        if (!staged && m_storeFailed)
            return fail(std::move(staged.error()));
        outcomes.push_back(std::move(staged));
    }
    return {};
}

Result<Appended> LedgerWriter::stage(LedgerTransaction &transaction, std::span<const std::uint8_t> salts,
                                     DuplicateCheck check)
{
    // Everything that can refuse this transaction alone comes before its first change, so nothing has to be taken back.
    if (auto checked = checkTransaction(transaction); !checked)
        return fail(std::move(checked.error()));
    if (check == DuplicateCheck::BeforeInsert) {
        for (const auto &draft : transaction.records) {
            const auto there = isThere(draft.id);
            if (!there)
                return fail(there.error());
            if (*there)
                return fail(ErrorCode::DuplicateId, "a record with this id is already there", draft.id.text());
        }
    }

    m_staged.recordedAt = std::max(m_staged.recordedAt, m_clock.now());
    Appended appended;
    appended.records.reserve(transaction.records.size());
    for (auto &draft : transaction.records) {
        if (auto inserted = insert(draft, salts.first(saltBytes), appended); !inserted) {
            m_storeFailed = true;
            return fail(std::move(inserted.error()));
        }
        salts = salts.subspan(saltBytes);
    }
    for (const auto &progress : transaction.progress) {
        if (auto set = m_progress.set(progress); !set) {
            m_storeFailed = true;
            return fail(std::move(set.error()));
        }
        m_progressed.push_back(progress);
    }
    return appended;
}

void LedgerWriter::forgetUncommitted()
{
    m_table.forget();
    m_progress.forget();
}

void LedgerWriter::giveDraftsBack()
{
    // Nobody has seen these records yet.
    for (std::size_t i = 0; i < m_records.size(); ++i)
        *m_drafts[i] = std::move(static_cast<RecordDraft &>(*std::const_pointer_cast<Record>(m_records[i])));
    forgetUncommitted();
}

Result<void> LedgerWriter::insert(RecordDraft &draft, std::span<const std::uint8_t> salt, Appended &appended)
{
    const auto partition = m_table.partition(draft.topic, draft.partition);
    if (!partition)
        return fail(partition.error());
    auto record = std::make_shared<Record>();
    static_cast<RecordDraft &>(*record) = std::move(draft);
    record->position = m_staged.position.next();
    record->offset = {(*partition)->next};
    record->recordedAt = m_staged.recordedAt;
    std::copy(salt.begin(), salt.end(), record->salt.begin());
    record->leaf = recordLeaf(*record);
    record->chain = chainNext(m_staged.chain, record->leaf);

    m_records.push_back(record);
    m_drafts.push_back(&draft);
    if (auto inserted = m_table.insert(*record, **partition); !inserted) {
        m_duplicateMet = m_table.duplicateMet();
        return inserted;
    }
    m_staged.position = record->position;
    m_staged.chain = record->chain;
    appended.records.push_back(std::move(record));
    return {};
}

Result<bool> LedgerWriter::isThere(const Uuid &id)
{
    auto row = m_find.bind(1, id).step();
    m_storeFailed = !row;
    m_find.reset();
    return row;
}

Result<void> LedgerWriter::abandon(const Error &error, bool storeIsSound, std::vector<WaitingAppend> &batch,
                                   std::vector<Result<Appended>> &outcomes)
{
    if (!sqlite3_get_autocommit(m_database.handle())) {
        const auto takenBack = m_database.execute("ROLLBACK");
        storeIsSound = storeIsSound && takenBack.has_value();
    }
    // Offsets and topics that were counted for the lost transaction are read again.
    forgetUncommitted();

    m_refused += batch.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (i < outcomes.size() && !outcomes[i])
            batch[i].done(std::move(outcomes[i]));
        else
            batch[i].done(fail(error));
    }
    if (storeIsSound)
        return {};
    return fail(unavailable(error));
}

void LedgerWriter::acknowledge(std::vector<WaitingAppend> &batch, std::vector<Result<Appended>> &outcomes)
{
    m_recordCount += m_records.size();
    m_largestCommit = std::max<std::uint64_t>(m_largestCommit, m_records.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        ++(outcomes[i] ? m_transactions : m_refused);
        batch[i].done(std::move(outcomes[i]));
    }
}

Result<void> LedgerWriter::checkpointWhenLong()
{
    if (m_logPages < m_checkpointAt)
        return {};
    int pages = 0;
    int done = 0;
    const int code = sqlite3_wal_checkpoint_v2(m_database.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &done);
    m_checkpointAt = done >= pages ? logPagesMax : m_logPages + logPagesRetry;
    switch (code & 0xff) {
    case SQLITE_OK:
        ++m_checkpoints;
        return {};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL: // the log keeps everything until there is space
        m_checkpointAt = m_logPages + logPagesRetry;
        return {};
    default:
        return fail(m_database.error("cannot write the log back into the ledger file"));
    }
}

Error LedgerWriter::unavailable(const Error &cause)
{
    // Closing must not touch the file either: what the system says it wrote is no longer certain.
    sqlite3_db_config(m_database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return {ErrorCode::LedgerUnavailable,
            "the ledger stopped accepting writes after an error: " + cause.what,
            cause.where.empty() ? m_database.path() : cause.where,
            "Check the disk, then close and reopen the ledger.",
            {}};
}

LedgerCounters LedgerWriter::counters() const
{
    return {m_commits, m_transactions, m_recordCount, m_refused, m_largestCommit, m_checkpoints};
}

} // namespace commander
