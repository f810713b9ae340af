// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/gather_policy.h"

#include <commander/ledger.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace commander {

/// A transaction on its way into a ledger.
struct WaitingAppend {
    LedgerTransaction transaction;
    Ledger::Done done;
};

/// The bounded queue in front of a ledger and the one thread behind it. Every Done runs on that thread, refusals too.
class AppendWorker {
public:
    /// Takes all of `batch` and calls every `done` exactly once. An Error means that the store must not be written any
    /// more: whatever waits, and whatever comes, is refused with it.
    using Commit = std::function<Result<void>(std::vector<WaitingAppend> &batch)>;

    AppendWorker(std::string name, Commit commit);
    ~AppendWorker(); ///< stop()
    AppendWorker(const AppendWorker &) = delete;
    AppendWorker &operator=(const AppendWorker &) = delete;

    /// Thread-safe. Refuses with Busy when limits::appendQueueMax or appendQueueBytesMax is reached.
    void append(LedgerTransaction transaction, Ledger::Done done);
    /// Lets the commit in work finish, refuses what waits with ShuttingDown and ends the thread. Idempotent.
    void stop();

private:
    struct Refused {
        Ledger::Done done;
        Error error;
    };
    void run();
    /// Needs m_mutex, which it gives up while it waits.
    void gather(std::unique_lock<std::mutex> &lock);
    [[nodiscard]] std::vector<WaitingAppend> takeBatch();
    void refuseAll(const Error &error);

    // Constant after construction
    const std::string m_name;
    const Commit m_commit;

    // Guarded by m_mutex
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<WaitingAppend> m_waiting;
    std::size_t m_waitingBytes = 0;
    std::vector<Refused> m_refused;
    std::optional<Error> m_fault;
    bool m_stopping = false;
    GatherPolicy m_gather;
    bool m_gathering = false; ///< the thread wants to know only of what ends its waiting for more

    std::thread m_thread; ///< last: uses the members above
};

} // namespace commander
