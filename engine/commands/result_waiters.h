// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>
#include <commander/commands.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace commander {

/// Who waits for which command's result, until when, and the thread that ends the waiting. Thread-safe.
class ResultWaiters {
public:
    explicit ResultWaiters(const Clock &clock);
    ~ResultWaiters(); ///< stop()
    ResultWaiters(const ResultWaiters &) = delete;
    ResultWaiters &operator=(const ResultWaiters &) = delete;

    /// `done` runs once: with a result that resolve() or answer() brings, or with null after `wait` or at stop().
    void add(const Uuid &command, std::chrono::milliseconds wait, Commands::ResultDone done);
    /// Results that have just been committed; calls who waits for them on the calling thread.
    void resolve(std::span<const RecordPtr> results);
    /// A result that was there already; calls who waits for it on the own thread.
    void answer(const RecordPtr &result);
    /// Runs `job` on the own thread; false after stop().
    [[nodiscard]] bool post(std::function<void()> job);
    /// Ends the thread; all who wait get null. Idempotent.
    void stop();

private:
    using Deadlines = std::multimap<std::chrono::steady_clock::time_point, Uuid>;
    struct Waiter {
        Commands::ResultDone done;
        Deadlines::iterator deadline;
    };
    void run();
    /// These need m_mutex.
    void take(const Uuid &command, std::vector<Commands::ResultDone> &out);
    void takeExpired(std::vector<Commands::ResultDone> &out);

    // Constant after construction
    const Clock &m_clock;

    // Guarded by m_mutex
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::unordered_map<Uuid, std::vector<Waiter>> m_waiters;
    Deadlines m_deadlines;
    std::vector<std::function<void()>> m_jobs;
    bool m_stopping = false;

    std::thread m_thread; ///< last: uses the members above
};

} // namespace commander
