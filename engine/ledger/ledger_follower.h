// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>

namespace commander {

/// The pace of followers that commit what they derive.
inline constexpr std::chrono::milliseconds derivedPace{3};

/// A thread that feeds a ledger's records to one consumer, in order, from the place where the consumer says it is.
/// The consumer keeps its own position (in the same transaction as what it derives), so nothing is skipped or repeated.
class LedgerFollower {
public:
    /// Takes a non-empty batch; an Error stops the follower and is kept in fault().
    using Consume = std::function<Result<void>(std::span<const RecordPtr>)>;

    /// A batch has at most `batchMax` records, and fewer where records take so long that it would go on for more than
    /// about 200 ms. `pace`: how often a batch is taken at most while the records come in small ones. A consumer that
    /// commits each batch pays for every commit; the first record after a rest is taken at once all the same.
    LedgerFollower(Ledger &ledger, std::string name, std::size_t batchMax, Consume consume,
                   std::chrono::milliseconds pace = {});
    ~LedgerFollower(); ///< stop()
    LedgerFollower(const LedgerFollower &) = delete;
    LedgerFollower &operator=(const LedgerFollower &) = delete;

    /// Opens the cursor and starts the thread. Errors of Ledger::follow.
    [[nodiscard]] Result<void> start(FollowFrom from);
    /// Waits for the batch in work, then ends the thread. Idempotent.
    void stop();
    /// Held, it takes no batch; returns once the one in work is done. It stays held over stop() and start().
    void hold(bool held);
    /// Why it stopped by itself, or empty.
    [[nodiscard]] std::string fault() const;

private:
    void run(std::stop_token stop);
    /// Waits while it is held; false when it is to stop. Then it is at work until rest().
    [[nodiscard]] bool beginWork(const std::stop_token &stop);
    void rest();
    void pause(std::chrono::steady_clock::time_point until, const std::stop_token &stop);

    // Constant after construction
    Ledger &m_ledger;
    const std::string m_name;
    const std::size_t m_batchMax;
    const Consume m_consume;
    const std::chrono::milliseconds m_pace;
    // Set by start() before the thread runs
    std::unique_ptr<LedgerCursor> m_cursor;
    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable_any m_pausing; ///< only a stop ends a pause early
    std::string m_fault;
    bool m_held = false;
    bool m_working = false;

    std::jthread m_thread;
};

} // namespace commander
