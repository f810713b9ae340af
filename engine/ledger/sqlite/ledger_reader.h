// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/sqlite/record_row.h"
#include "sqlite/database.h"

#include <commander/ledger.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace commander {

/// One read-only connection with its statements. Every method is one short read transaction, so that the write-ahead
/// log can be reset between them. Used by one thread at a time.
class LedgerReader {
public:
    [[nodiscard]] static Result<std::unique_ptr<LedgerReader>> open(Database database);

    /// Records from `from` to `last`, at most `max` of them and, after the first one, at most `bytesMax` bytes of
    /// payload.
    [[nodiscard]] Result<std::vector<RecordPtr>> range(Position from, Position last, std::size_t max,
                                                       std::size_t bytesMax);
    [[nodiscard]] Result<std::vector<RecordPtr>> partition(const TopicPartition &source, Offset from, Position last,
                                                           std::size_t max);
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id, Position last);
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer, const TopicPartition &source);
    /// Position 0 in an empty ledger.
    [[nodiscard]] Result<LedgerHead> head();
    /// Of one read transaction.
    [[nodiscard]] Result<LedgerState> state();

private:
    [[nodiscard]] Result<std::vector<RecordPtr>> collect(Statement &statement, std::size_t bytesMax);

    Database m_database; ///< first: the statements below belong to it
    RecordRows m_rows;
    Statement m_range;
    Statement m_partition;
    Statement m_find;
    Statement m_progress;
    Statement m_head;
};

/// A few readers, lent to whoever asks; those who come when all are out wait. Thread-safe.
class ReaderPool {
public:
    using Open = std::function<Result<std::unique_ptr<LedgerReader>>()>;
    ReaderPool(std::size_t readersMax, Open open) : m_readersMax(readersMax), m_open(std::move(open)) { }

    /// Runs `use` with a reader and takes it back.
    template <class Use> auto with(Use use) -> decltype(use(std::declval<LedgerReader &>()))
    {
        auto reader = borrow();
        if (!reader)
            return fail(reader.error());
        auto result = use(**reader);
        giveBack(std::move(*reader));
        return result;
    }

private:
    [[nodiscard]] Result<std::unique_ptr<LedgerReader>> borrow();
    void giveBack(std::unique_ptr<LedgerReader> reader);

    // Constant after construction
    const std::size_t m_readersMax;
    const Open m_open;

    // Guarded by m_mutex
    std::mutex m_mutex;
    std::condition_variable m_returned;
    std::vector<std::unique_ptr<LedgerReader>> m_idle;
    std::size_t m_out = 0;
};

} // namespace commander
