// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/result_waiters.h"

#include <algorithm>
#include <iterator>
#include <pthread.h>

namespace commander {

namespace {

using namespace std::chrono_literals;

// The clock comes from outside and tells nobody when it jumps, so it is looked at while somebody waits.
constexpr auto clockLookInterval = 50ms;

} // namespace

ResultWaiters::ResultWaiters(const Clock &clock) : m_clock(clock), m_thread([this] { run(); }) { }

ResultWaiters::~ResultWaiters()
{
    stop();
}

void ResultWaiters::add(const Uuid &command, std::chrono::milliseconds wait, Commands::ResultDone done)
{
    std::unique_lock lock(m_mutex);
    if (m_stopping) {
        lock.unlock();
        done(nullptr);
        return;
    }
    // A wait of "for ever" must not overflow the deadline.
    const auto until = m_clock.steady() + std::clamp<std::chrono::milliseconds>(wait, 0ms, 24h);
    const auto deadline = m_deadlines.emplace(until, command);
    m_waiters[command].push_back({std::move(done), deadline});
    const bool soonest = deadline == m_deadlines.begin();
    lock.unlock();
    if (soonest)
        m_changed.notify_one();
}

void ResultWaiters::take(const Uuid &command, std::vector<Commands::ResultDone> &out)
{
    const auto found = m_waiters.find(command);
    if (found == m_waiters.end())
        return;
    for (auto &waiter : found->second) {
        m_deadlines.erase(waiter.deadline);
        out.push_back(std::move(waiter.done));
    }
    m_waiters.erase(found);
}

void ResultWaiters::takeExpired(std::vector<Commands::ResultDone> &out)
{
    const auto now = m_clock.steady();
    while (!m_deadlines.empty() && (m_stopping || m_deadlines.begin()->first <= now)) {
        const auto deadline = m_deadlines.begin();
        const auto found = m_waiters.find(deadline->second);
        auto &waiters = found->second;
        const auto waiter = std::find_if(waiters.begin(), waiters.end(),
                                         [deadline](const Waiter &one) { return one.deadline == deadline; });
        out.push_back(std::move(waiter->done));
        waiters.erase(waiter);
        if (waiters.empty())
            m_waiters.erase(found);
        m_deadlines.erase(deadline);
    }
}

void ResultWaiters::resolve(std::span<const RecordPtr> results)
{
    std::vector<std::pair<RecordPtr, Commands::ResultDone>> ready;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_waiters.empty())
            return;
        std::vector<Commands::ResultDone> waiting;
        for (const auto &result : results) {
            take(result->parent, waiting);
            for (auto &done : waiting)
                ready.emplace_back(result, std::move(done));
            waiting.clear();
        }
    }
    for (const auto &[result, done] : ready)
        done(result);
}

void ResultWaiters::answer(const RecordPtr &result)
{
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<Commands::ResultDone> waiting;
        take(result->parent, waiting);
        if (waiting.empty())
            return;
        m_jobs.emplace_back([result, waiting = std::move(waiting)] {
            for (const auto &done : waiting)
                done(result);
        });
    }
    m_changed.notify_one();
}

bool ResultWaiters::post(std::function<void()> job)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopping)
            return false;
        m_jobs.push_back(std::move(job));
    }
    m_changed.notify_one();
    return true;
}

void ResultWaiters::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void ResultWaiters::run()
{
    pthread_setname_np(pthread_self(), "cmd-intake");
    std::unique_lock lock(m_mutex);
    for (;;) {
        std::vector<Commands::ResultDone> expired;
        takeExpired(expired);
        auto jobs = std::exchange(m_jobs, {});
        const bool last = m_stopping;
        if (!jobs.empty() || !expired.empty()) {
            lock.unlock();
            for (const auto &job : jobs)
                job();
            for (const auto &done : expired)
                done(nullptr);
            lock.lock();
            if (!last)
                continue;
        }
        if (last)
            return;
        if (m_deadlines.empty()) {
            m_changed.wait(lock);
        } else {
            const auto left = m_deadlines.begin()->first - m_clock.steady();
            m_changed.wait_for(lock, std::clamp<std::chrono::nanoseconds>(left, 0ns, clockLookInterval));
        }
    }
}

} // namespace commander
