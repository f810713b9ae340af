// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/append_worker.h"
#include "ledger/record_feed.h"
#include "ledger/sqlite/ledger_reader.h"
#include "ledger/sqlite/ledger_writer.h"

#include <commander/engine.h>
#include <commander/ledger.h>

namespace commander {

/// Pointers must not be null and must outlive the ledger.
struct SqliteLedgerOptions {
    std::string path;
    bool readOnly = false;
    Durability durability = Durability::Full;
    const Clock *clock = nullptr;
    RandomSource *random = nullptr;
    FileSystem *fileSystem = nullptr;
    std::string holder; ///< what others are told about the owner of the lock
};

/// A ledger in one SQLite file: one writer thread with group commit, a few read-only connections, PATH.head for what
/// was promised and PATH.lock for the one owner. Read-only it opens beside a writer, in this or another process, and
/// follows it. Every Done runs on the writer thread; a read-only ledger refuses in append() itself.
class SqliteLedger final : public Ledger {
public:
    /// Creates a missing file, unless readOnly. A file that is refused is left as it is, byte for byte, with its
    /// companions. Errors LedgerLocked, LedgerForeign, LedgerNewer, LedgerDamaged, NotFound, IoError, DiskFull,
    /// InvalidArgument.
    [[nodiscard]] static Result<std::unique_ptr<SqliteLedger>> open(const SqliteLedgerOptions &options);
    ~SqliteLedger() override;

    [[nodiscard]] LedgerTraits traits() const noexcept override { return {true, true, true}; }
    void append(LedgerTransaction transaction, Done done) override;
    [[nodiscard]] Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                      std::size_t max) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> readAt(Position from, std::size_t max) override;
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id) override;
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer,
                                                         const TopicPartition &source) override;
    [[nodiscard]] Result<LedgerHead> head() override;
    [[nodiscard]] Result<LedgerState> state() override;
    [[nodiscard]] Uuid ledgerId() const noexcept override { return m_id; }
    [[nodiscard]] LedgerCounters counters() const;

private:
    explicit SqliteLedger(const SqliteLedgerOptions &options);
    [[nodiscard]] Result<void> openForWriting();
    [[nodiscard]] Result<void> openForReading();
    [[nodiscard]] Result<std::unique_ptr<LedgerReader>> openReader() const;
    /// Records beyond it are not durable yet; a reader of another process's ledger sees whatever is committed.
    [[nodiscard]] Position visible() const noexcept;

    // Constant after open()
    const SqliteLedgerOptions m_options;
    std::unique_ptr<FileLock> m_lock;
    Uuid m_id;
    LedgerHead m_openedAt;

    // Thread-safe; destroyed bottom up, so that the writer's connection is the last one and takes the log down
    std::unique_ptr<LedgerWriter> m_writer;
    ReaderPool m_readers;
    RecordFeed m_feed;
    std::unique_ptr<AppendWorker> m_worker; ///< null when read-only
};

} // namespace commander
