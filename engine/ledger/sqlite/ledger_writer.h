// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/append_worker.h"
#include "ledger/record_feed.h"
#include "ledger/sqlite/head_file.h"
#include "ledger/sqlite/progress_table.h"
#include "ledger/sqlite/record_table.h"
#include "sqlite/database.h"

#include <commander/clock.h>

#include <atomic>
#include <span>

namespace commander {

/// What a ledger did since it was opened.
struct LedgerCounters {
    std::uint64_t commits = 0;       ///< group commits: one sync of the log and one of the head file each
    std::uint64_t transactions = 0;  ///< acknowledged
    std::uint64_t records = 0;       ///< acknowledged
    std::uint64_t refused = 0;       ///< transactions that were not written
    std::uint64_t largestCommit = 0; ///< records
    std::uint64_t checkpoints = 0;
};

/// The one connection that writes and checkpoints. Turns waiting transactions into one SQLite transaction, makes it
/// durable, publishes it and acknowledges it, in this order. Used by the writer thread only, counters() excepted.
class LedgerWriter {
public:
    struct Options {
        const Clock &clock;
        RandomSource &random;
        RecordFeed &feed;
        LedgerHead head; ///< where the ledger ends
    };
    [[nodiscard]] static Result<std::unique_ptr<LedgerWriter>> open(Database database, HeadFile headFile,
                                                                    const Options &options);

    /// See AppendWorker::Commit. An Error means that what is on the disk is no longer certain.
    [[nodiscard]] Result<void> commit(std::vector<WaitingAppend> &batch);
    [[nodiscard]] LedgerCounters counters() const;

private:
    enum class DuplicateCheck { ByInsert, BeforeInsert };
    LedgerWriter(Database database, HeadFile headFile, const Options &options);
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> write(std::vector<WaitingAppend> &batch, std::vector<Result<Appended>> &outcomes);
    [[nodiscard]] Result<void> stageAll(std::vector<WaitingAppend> &batch, std::vector<Result<Appended>> &outcomes,
                                        DuplicateCheck check);
    [[nodiscard]] Result<Appended> stage(LedgerTransaction &transaction, std::span<const std::uint8_t> salts,
                                         DuplicateCheck check);
    void giveDraftsBack();
    /// What is cached of the tables may come from a transaction that was taken back.
    void forgetUncommitted();
    [[nodiscard]] Result<void> insert(RecordDraft &draft, std::span<const std::uint8_t> salt, Appended &appended);
    [[nodiscard]] Result<bool> isThere(const Uuid &id);
    [[nodiscard]] Result<void> abandon(const Error &error, bool storeIsSound, std::vector<WaitingAppend> &batch,
                                       std::vector<Result<Appended>> &outcomes);
    void acknowledge(std::vector<WaitingAppend> &batch, std::vector<Result<Appended>> &outcomes);
    [[nodiscard]] Result<void> checkpointWhenLong();
    [[nodiscard]] Error unavailable(const Error &cause);

    // Writer thread only
    Database m_database; ///< first: the statements below belong to it
    HeadFile m_headFile;
    const Clock &m_clock;
    RandomSource &m_random;
    RecordFeed &m_feed;
    Statement m_begin;
    Statement m_commit;
    Statement m_find;
    RecordTable m_table;
    ProgressTable m_progress;
    LedgerHead m_head;   ///< durable
    LedgerHead m_staged; ///< including what the commit in work has inserted
    std::vector<std::uint8_t> m_salts;
    std::vector<RecordPtr> m_records;           ///< of the commit in work
    std::vector<RecordDraft *> m_drafts;        ///< where m_records came from
    std::vector<ConsumerProgress> m_progressed; ///< of the commit in work
    bool m_storeFailed = false;  ///< a statement failed for another reason than the transaction's own content
    bool m_duplicateMet = false; ///< … namely an id that is already there
    int m_logPages = 0;          ///< set by SQLite's hook at each commit
    int m_checkpointAt = 0;

    // Written by the writer thread, read by any
    std::atomic<std::uint64_t> m_commits{0};
    std::atomic<std::uint64_t> m_transactions{0};
    std::atomic<std::uint64_t> m_recordCount{0};
    std::atomic<std::uint64_t> m_refused{0};
    std::atomic<std::uint64_t> m_largestCommit{0};
    std::atomic<std::uint64_t> m_checkpoints{0};
};

} // namespace commander
