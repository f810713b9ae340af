// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/ledger_follower.h"

#include "values/sabotage.h"

#include <algorithm>
#include <pthread.h>

namespace commander {

namespace {

constexpr std::size_t smallBatchPart = 4; ///< a batch of this part of what it may hold is worth a commit of its own
constexpr std::chrono::milliseconds batchTime{200}; ///< about what a batch may take

/// How many records the next batch may have, by what this one took.
std::size_t nextBatchMax(std::size_t max, std::size_t batch, std::chrono::nanoseconds took, std::size_t most)
{
    if (took <= batchTime)
        return std::min(most, 2 * max);
    const auto part = static_cast<double>(batch)
        * (std::chrono::nanoseconds(batchTime) / std::chrono::duration<double, std::nano>(took));
    return std::max<std::size_t>(1, static_cast<std::size_t>(part));
}

} // namespace

LedgerFollower::LedgerFollower(Ledger &ledger, std::string name, std::size_t batchMax, Consume consume,
                               std::chrono::milliseconds pace)
    : m_ledger(ledger), m_name(std::move(name)), m_batchMax(batchMax), m_consume(std::move(consume)), m_pace(pace)
{
}

LedgerFollower::~LedgerFollower()
{
    stop();
}

Result<void> LedgerFollower::start(FollowFrom from)
{
    if (auto *const position = std::get_if<Position>(&from); position && sabotaged(Saboteur::FollowerSkips))
        position->value += 2; // a command and its event
    auto cursor = m_ledger.follow(std::move(from));
    if (!cursor)
        return fail(cursor.error());
    m_cursor = std::move(*cursor);
    m_thread = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
    return {};
}

void LedgerFollower::stop()
{
    if (!m_thread.joinable())
        return;
    m_thread.request_stop();
    m_cursor->wake();
    m_thread.join();
    m_cursor.reset();
}

std::string LedgerFollower::fault() const
{
    const std::scoped_lock lock(m_mutex);
    return m_fault;
}

void LedgerFollower::run(std::stop_token stop)
{
    pthread_setname_np(pthread_self(), m_name.substr(0, 15).c_str());
    // Where a record takes long, people see it progress, and whoever waits for a place in the ledger does not wait for
    // what has come since.
    auto batchMax = m_batchMax;
    while (!stop.stop_requested()) {
        auto batch = m_cursor->next(batchMax, std::chrono::milliseconds(1000));
        const auto taken = std::chrono::steady_clock::now();
        Result<void> consumed;
        if (!batch) {
            consumed = fail(batch.error());
        } else if (!batch->empty()) {
            if (!beginWork(stop))
                return; // held, it is not taken, and is there again after the next start
            const auto begun = std::chrono::steady_clock::now();
            consumed = m_consume(*batch);
            batchMax = nextBatchMax(batchMax, batch->size(), std::chrono::steady_clock::now() - begun, m_batchMax);
            rest();
        }
        if (!consumed) {
            const std::scoped_lock lock(m_mutex);
            if (consumed.error().code != ErrorCode::ShuttingDown)
                m_fault = m_name + ": " + consumed.error().text();
            return;
        }
        if (batch->size() < m_batchMax / smallBatchPart)
            pause(taken + m_pace, stop);
    }
}

void LedgerFollower::hold(bool held)
{
    std::unique_lock lock(m_mutex);
    m_held = held;
    m_pausing.notify_all();
    m_pausing.wait(lock, [this] { return !m_held || !m_working; });
}

bool LedgerFollower::beginWork(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    m_pausing.wait(lock, stop, [this] { return !m_held; });
    m_working = !m_held; // stopped all the same, what it has is taken
    return m_working;
}

void LedgerFollower::rest()
{
    const std::scoped_lock lock(m_mutex);
    m_working = false;
    m_pausing.notify_all();
}

void LedgerFollower::pause(std::chrono::steady_clock::time_point until, const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    m_pausing.wait_until(lock, stop, until, [] { return false; });
}

} // namespace commander
