// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace commander::script {

/// Stops calls that take longer than they may: one thread watches the calls of one domain. What counts is the processor
/// time of the caller, so that a call ends alike on a busy machine; of real time it may take several times as much. A
/// call costs two atomic operations; the watchdog looks at all of them every few milliseconds while any runs, and
/// sleeps otherwise.
class Watchdog {
public:
    /// One caller's place: at most one call at a time.
    class Seat {
    public:
        /// `interrupt` runs on the watchdog's thread, at most once a call, and never after that call's end().
        Seat(Watchdog &watchdog, std::function<void()> interrupt);
        ~Seat();
        Seat(const Seat &) = delete;
        Seat &operator=(const Seat &) = delete;

        void begin(std::chrono::milliseconds budget);
        /// True when the call was interrupted; `interrupt` has returned then.
        [[nodiscard]] bool end();

    private:
        friend class Watchdog;
        enum Phase : std::uint64_t { Idle, Running, Interrupting, Interrupted, PhaseCount };

        Watchdog &m_watchdog;
        const std::function<void()> m_interrupt;
        std::atomic<std::uint64_t> m_state{Idle}; ///< number of the call * PhaseCount + its phase
        std::atomic<std::int64_t> m_budget{0};    ///< milliseconds
        std::atomic<clockid_t> m_clock{};         ///< of the caller's processor time
        // Watchdog thread only
        std::uint64_t m_seen = 0; ///< state at the last look
        std::chrono::steady_clock::time_point m_since;
        std::chrono::nanoseconds m_workedBefore{}; ///< processor time of the caller then
    };

    Watchdog();
    ~Watchdog();
    Watchdog(const Watchdog &) = delete;
    Watchdog &operator=(const Watchdog &) = delete;

private:
    void run(const std::stop_token &stop);
    /// Whether any call runs.
    bool look();
    void wake();

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::vector<Seat *> m_seats;        ///< guarded by m_mutex
    std::atomic<bool> m_sleeping{true}; ///< set under m_mutex; nobody is watched
    std::jthread m_thread;              ///< last: stops before the rest goes
};

} // namespace commander::script
