// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/append_worker.h"

#include <commander/limits.h>

#include <algorithm>
#include <pthread.h>

namespace commander {

namespace {

std::size_t bytesOf(const LedgerTransaction &transaction)
{
    std::size_t bytes = 0;
    for (const auto &record : transaction.records)
        bytes += sizeof record + record.data.size() + record.headers.size();
    return bytes;
}

Error closing()
{
    return {ErrorCode::ShuttingDown, "the ledger is closing", {}, {}, {}};
}

} // namespace

AppendWorker::AppendWorker(std::string name, Commit commit)
    : m_name(std::move(name)), m_commit(std::move(commit)), m_thread([this] { run(); })
{
}

AppendWorker::~AppendWorker()
{
    stop();
}

void AppendWorker::append(LedgerTransaction transaction, Ledger::Done done)
{
    const auto bytes = bytesOf(transaction);
    bool wake = true;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopping) {
            m_refused.push_back({std::move(done), closing()});
        } else if (m_fault) {
            m_refused.push_back({std::move(done), *m_fault});
        } else if (m_waiting.size() >= limits::appendQueueMax
                   || (!m_waiting.empty() && m_waitingBytes + bytes > limits::appendQueueBytesMax)) {
            m_refused.push_back({std::move(done),
                                 {ErrorCode::Busy, "too many transactions wait for the ledger", {}, "Try again.", {}}});
        } else {
            m_waitingBytes += bytes;
            m_waiting.push_back({std::move(transaction), std::move(done)});
            m_gather.arrived(std::chrono::steady_clock::now());
            wake = !m_gathering || m_gather.enough();
        }
    }
    if (wake)
        m_changed.notify_one();
}

void AppendWorker::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

std::vector<WaitingAppend> AppendWorker::takeBatch()
{
    std::vector<WaitingAppend> batch;
    std::size_t records = 0;
    // A transaction is never split, so one that is larger than a commit makes a commit of its own.
    while (!m_waiting.empty()) {
        const auto count = std::max<std::size_t>(1, m_waiting.front().transaction.records.size());
        if (!batch.empty() && records + count > limits::commitRecordsMax)
            break;
        records += count;
        m_waitingBytes -= bytesOf(m_waiting.front().transaction);
        batch.push_back(std::move(m_waiting.front()));
        m_waiting.pop_front();
    }
    return batch;
}

void AppendWorker::refuseAll(const Error &error)
{
    for (auto &waiting : m_waiting)
        m_refused.push_back({std::move(waiting.done), error});
    m_waiting.clear();
    m_waitingBytes = 0;
}

void AppendWorker::gather(std::unique_lock<std::mutex> &lock)
{
    const auto until = m_waiting.empty() ? std::nullopt : m_gather.waitUntil(m_waiting.size());
    if (!until)
        return;
    m_gathering = true;
    m_changed.wait_until(lock, *until, [this] { return m_stopping || !m_refused.empty() || m_gather.enough(); });
    m_gathering = false;
}

void AppendWorker::run()
{
    pthread_setname_np(pthread_self(), m_name.substr(0, 15).c_str());
    for (bool stopping = false; !stopping;) {
        std::vector<WaitingAppend> batch;
        std::vector<Refused> refused;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_stopping || !m_waiting.empty() || !m_refused.empty(); });
            gather(lock);
            stopping = m_stopping;
            if (stopping)
                refuseAll(closing());
            batch = takeBatch();
            refused.swap(m_refused);
        }
        for (auto &one : refused)
            one.done(fail(std::move(one.error)));
        if (batch.empty())
            continue;
        const auto begin = std::chrono::steady_clock::now();
        auto committed = m_commit(batch);
        const std::scoped_lock lock(m_mutex);
        m_gather.committed(begin, std::chrono::steady_clock::now());
        if (!committed) {
            m_fault = std::move(committed.error());
            refuseAll(*m_fault);
        }
    }
}

} // namespace commander
