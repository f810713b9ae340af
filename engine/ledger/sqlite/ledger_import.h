// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/sqlite/chain_walk.h"
#include "ledger/sqlite/head_file.h"
#include "ledger/sqlite/ledger_file.h"
#include "ledger/sqlite/ledger_reader.h"
#include "ledger/sqlite/progress_table.h"
#include "ledger/sqlite/record_table.h"

#include <commander/clock.h>

namespace commander {

/// Pointers must not be null and must outlive the import.
struct LedgerImportOptions {
    std::string path;
    Uuid ledgerId; ///< of the ledger that is to arise
    const Clock *clock = nullptr;
    FileSystem *fileSystem = nullptr;
    std::string holder; ///< what others are told about the owner of the lock
};

/// Writes records that another ledger has already numbered, timed and hashed, in their order, many a commit. Until
/// finish() the file carries a mark with which nothing else opens it; the mark goes in the same commit in which the
/// consumers' progress comes. So a crash leaves no ledger, and an import that goes on, but never half a ledger. Used by
/// one thread.
class LedgerImport {
public:
    /// Makes the file, or opens what an earlier import of the same ledger left. An empty ledger is replaced. Errors
    /// InvalidArgument (there is another ledger, or another one's import), and those of SqliteLedger::open().
    [[nodiscard]] static Result<std::unique_ptr<LedgerImport>> open(const LedgerImportOptions &options);
    ~LedgerImport();
    LedgerImport(const LedgerImport &) = delete;
    LedgerImport &operator=(const LedgerImport &) = delete;

    /// There is nothing left to do: the file is a ledger with this identity.
    [[nodiscard]] bool isFinished() const noexcept { return m_finished; }
    /// The last record that is there, whether committed or not.
    [[nodiscard]] const LedgerHead &head() const noexcept { return m_walk.head(); }
    /// Committed records of an unfinished import, from `from` on; at least one unless there are none.
    [[nodiscard]] Result<std::vector<RecordPtr>> present(Position from);

    /// The next record. Recomputes leaf and chain; an Error of the record (LedgerDamaged, InvalidArgument,
    /// LimitExceeded, DuplicateId) leaves the records before it as they were.
    [[nodiscard]] Result<void> take(const Record &record);
    /// What was taken is durable afterwards.
    [[nodiscard]] Result<void> commit();
    /// Commits, sets the progress and makes the file a ledger.
    [[nodiscard]] Result<void> finish(const std::vector<ConsumerProgress> &progress);
    /// Removes the unfinished file and its companions; the last call.
    [[nodiscard]] Result<void> discard();

private:
    explicit LedgerImport(const LedgerImportOptions &options) : m_options(options) { }
    [[nodiscard]] Result<void> openFile();
    [[nodiscard]] Result<void> takeOver(LedgerFileKind kind);
    [[nodiscard]] Result<void> create();
    [[nodiscard]] Result<void> removeFiles();
    [[nodiscard]] Result<void> prepare(std::uint64_t headGeneration);
    [[nodiscard]] Result<void> insert(const Record &record);
    [[nodiscard]] Result<void> setProgress(const std::vector<ConsumerProgress> &progress);
    [[nodiscard]] Result<void> checkpoint(bool whole);
    void takeBack();

    const LedgerImportOptions m_options;
    std::unique_ptr<FileLock> m_lock;
    Database m_database; ///< first: the statements of the tables belong to it
    RecordTable m_table;
    ProgressTable m_progress;
    std::unique_ptr<LedgerReader> m_reader; ///< gone before the connection above, which then takes the log down
    std::optional<HeadFile> m_headFile;
    LedgerHead m_committed;
    ChainWalk m_walk; ///< including what is not committed
    std::size_t m_openBytes = 0;
    std::uint64_t m_openRecords = 0;
    std::uint64_t m_sinceCheckpoint = 0;
    bool m_inTransaction = false;
    bool m_finished = false;
};

} // namespace commander
