// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/watchdog.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace commander::script {

namespace {
constexpr auto lookEvery = std::chrono::milliseconds(5);
constexpr int idleLooksMax = 200;  ///< then it sleeps until the next call
constexpr int realTimeFactor = 30; ///< for a caller that does not work at all

std::chrono::nanoseconds workedBy(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

Watchdog::Seat::Seat(Watchdog &watchdog, std::function<void()> interrupt)
    : m_watchdog(watchdog), m_interrupt(std::move(interrupt))
{
    const std::scoped_lock lock(m_watchdog.m_mutex);
    m_watchdog.m_seats.push_back(this);
}

Watchdog::Seat::~Seat()
{
    const std::scoped_lock lock(m_watchdog.m_mutex);
    std::erase(m_watchdog.m_seats, this);
}

void Watchdog::Seat::begin(std::chrono::milliseconds budget)
{
    m_budget.store(budget.count(), std::memory_order_relaxed);
    clockid_t clock = CLOCK_MONOTONIC;
    ::pthread_getcpuclockid(::pthread_self(), &clock);
    m_clock.store(clock, std::memory_order_relaxed);
    m_state.fetch_add(Running - Idle);
    if (m_watchdog.m_sleeping.load())
        m_watchdog.wake();
}

bool Watchdog::Seat::end()
{
    auto state = m_state.load();
    if (state % PhaseCount == Running && m_state.compare_exchange_strong(state, state + PhaseCount - Running))
        return false;
    // The watchdog was quicker: it is about to interrupt this call, and must not meet the next one.
    while (state % PhaseCount != Interrupted) {
        m_state.wait(state);
        state = m_state.load();
    }
    m_state.store(state + PhaseCount - Interrupted);
    return true;
}

Watchdog::Watchdog() : m_thread([this](const std::stop_token &stop) { run(stop); }) { }

Watchdog::~Watchdog() = default;

void Watchdog::wake()
{
    const std::scoped_lock lock(m_mutex);
    m_sleeping.store(false);
    m_changed.notify_all();
}

void Watchdog::run(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    int idleLooks = 0;
    while (!stop.stop_requested()) {
        idleLooks = look() ? 0 : idleLooks + 1;
        if (idleLooks < idleLooksMax) {
            m_changed.wait_for(lock, stop, lookEvery, [] { return false; });
            continue;
        }
        m_sleeping.store(true);
        // A call that began before it could see this is seen here; a later one wakes.
        if (!look())
            m_changed.wait(lock, stop, [this] { return !m_sleeping.load(); });
        m_sleeping.store(false);
        idleLooks = 0;
    }
}

bool Watchdog::look()
{
    bool running = false;
    const auto now = std::chrono::steady_clock::now();
    for (auto *const seat : m_seats) {
        auto state = seat->m_state.load();
        const bool runs = state % Seat::PhaseCount == Seat::Running;
        if (state != seat->m_seen) {
            seat->m_seen = state;
            seat->m_since = now;
            if (runs)
                seat->m_workedBefore = workedBy(seat->m_clock.load(std::memory_order_relaxed));
        }
        if (!runs)
            continue;
        running = true;
        const std::chrono::milliseconds budget(seat->m_budget.load(std::memory_order_relaxed));
        const auto worked = workedBy(seat->m_clock.load(std::memory_order_relaxed)) - seat->m_workedBefore;
        if (worked < budget && now - seat->m_since < budget * realTimeFactor)
            continue;
        if (!seat->m_state.compare_exchange_strong(state, state - Seat::Running + Seat::Interrupting))
            continue;
        seat->m_interrupt();
        seat->m_state.store(state - Seat::Running + Seat::Interrupted);
        seat->m_state.notify_all();
    }
    return running;
}

} // namespace commander::script
