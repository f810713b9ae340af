// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/index_feeder.h"

#include <commander/limits.h>

#include <algorithm>
#include <chrono>
#include <pthread.h>

namespace commander {

namespace {

/// Between attempts: long enough to cost nothing, short enough for whoever has just freed some space.
constexpr std::chrono::seconds retryAfter{1};

} // namespace

IndexFeeder::IndexFeeder(Options options) : m_options(std::move(options)) { }

Result<std::unique_ptr<IndexFeeder>> IndexFeeder::open(Options options)
{
    auto feeder = std::unique_ptr<IndexFeeder>(new IndexFeeder(std::move(options)));
    auto storage = IndexStorage::open(feeder->m_options.storage);
    if (!storage)
        return fail(storage.error());
    feeder->m_storage = std::move(*storage);
    return feeder;
}

IndexFeeder::~IndexFeeder()
{
    stop();
}

Result<void> IndexFeeder::start()
{
    if (auto started = startFollower(); !started)
        return started;
    m_supervisor = std::jthread([this](const std::stop_token &stop) { supervise(stop); });
    return {};
}

void IndexFeeder::stop()
{
    if (m_supervisor.joinable()) {
        m_supervisor.request_stop();
        m_supervisor.join();
    }
    if (m_follower)
        m_follower->stop();
}

std::string IndexFeeder::fault() const
{
    const std::scoped_lock lock(m_mutex);
    if (m_fault.empty() && m_follower)
        return m_follower->fault();
    return m_fault;
}

void IndexFeeder::reportDamage(const Error &error)
{
    report(error, Trouble::Damaged);
}

Result<void> IndexFeeder::startFollower()
{
    auto follower = std::make_shared<LedgerFollower>(
        ledger(), "index", limits::followerBatchMax,
        [this](std::span<const RecordPtr> records) { return consume(records); }, derivedPace);
    {
        const std::scoped_lock lock(m_mutex);
        follower->hold(m_paused);
    }
    if (auto started = follower->start(m_storage->place()); !started)
        return started;
    {
        const std::scoped_lock lock(m_mutex);
        m_follower = std::move(follower);
    }
    return {};
}

void IndexFeeder::setPaused(bool paused)
{
    std::shared_ptr<LedgerFollower> follower;
    {
        const std::scoped_lock lock(m_mutex);
        m_paused = paused;
        follower = m_follower;
    }
    if (follower)
        follower->hold(paused); // waits for its batch, which may have to report: without the lock
}

void IndexFeeder::reset()
{
    const std::scoped_lock lock(m_mutex);
    m_trouble = Trouble::Damaged;
    m_troubled.notify_all();
}

Result<void> IndexFeeder::consume(std::span<const RecordPtr> records)
{
    if (auto written = m_storage->write(records); !written) {
        const auto &error = written.error();
        if (m_storage->isDamage(error))
            report(error, Trouble::Damaged);
        else if (error.code != ErrorCode::ShuttingDown && error.code != ErrorCode::Internal)
            report(error, Trouble::TryAgain);
        return written;
    }
    {
        const std::scoped_lock lock(m_mutex);
        if (m_trouble == Trouble::None)
            m_fault.clear();
    }
    if (m_options.onProgress)
        m_options.onProgress(m_storage->snapshot()->position);
    return {};
}

void IndexFeeder::report(const Error &error, Trouble trouble)
{
    const std::scoped_lock lock(m_mutex);
    m_fault = "index: " + error.text();
    m_trouble = std::max(m_trouble, trouble);
    m_troubled.notify_all();
}

void IndexFeeder::supervise(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "index-care");
    for (bool mending = false;;) {
        bool damaged = false;
        {
            std::unique_lock lock(m_mutex);
            m_troubled.wait(lock, stop, [this] { return m_trouble != Trouble::None; });
            damaged = m_trouble == Trouble::Damaged;
            // Damage is mended at once, unless that has just been tried.
            if ((!damaged || mending) && !stop.stop_requested())
                m_troubled.wait_for(lock, stop, retryAfter, [] { return false; });
        }
        if (stop.stop_requested() && !damaged)
            return;
        m_follower->stop(); // it has ended by itself, or is reading into a file that goes away
        {
            const std::scoped_lock lock(m_mutex);
            damaged = m_trouble == Trouble::Damaged;
            m_trouble = Trouble::None;
        }
        Result<void> mended;
        if (damaged)
            mended = replaceStorage();
        mending = damaged;
        if (stop.stop_requested())
            return; // the next one who opens it fills it
        if (mended)
            mended = startFollower();
        if (!mended) {
            report(mended.error(), m_storage ? Trouble::TryAgain : Trouble::Damaged);
        } else if (damaged) {
            const std::scoped_lock lock(m_mutex);
            if (m_trouble == Trouble::None)
                m_fault.clear();
        }
    }
}

Result<void> IndexFeeder::replaceStorage()
{
    // Alone with it: connections to the old file would otherwise clean up "their" log by name when they close.
    const std::unique_lock storageLock(m_storageMutex);
    {
        // Whoever met the damage meanwhile has reported the file that goes away now.
        const std::scoped_lock lock(m_mutex);
        m_trouble = Trouble::None;
    }
    m_storage.reset();
    auto storage = IndexStorage::create(m_options.storage);
    if (!storage)
        return fail(storage.error());
    m_storage = std::move(*storage);
    return {};
}

} // namespace commander
