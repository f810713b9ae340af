// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/record_feed.h"

#include "values/sabotage.h"

#include <algorithm>
#include <limits>

namespace commander {

namespace {

std::size_t payloadBytes(const Record &record)
{
    return record.data.size() + record.headers.size();
}

} // namespace

class RecordFeed::Cursor final : public LedgerCursor {
public:
    Cursor(RecordFeed &feed, Position first, const std::vector<TopicStart> *starts)
        : m_feed(feed), m_filtered(starts != nullptr), m_next(first)
    {
        if (starts) {
            for (const auto &start : *starts)
                m_starts[start.source] = start.next;
        }
    }

    Result<std::vector<RecordPtr>> next(std::size_t max, std::chrono::milliseconds wait) override;

    void wake() noexcept override
    {
        {
            const std::scoped_lock lock(m_feed.m_mutex);
            m_woken = true;
        }
        m_feed.m_changed.notify_all();
    }

private:
    [[nodiscard]] bool wants(const Record &record) const
    {
        if (!m_filtered)
            return true;
        const auto start = m_starts.find({record.topic, record.partition});
        return start != m_starts.end() && record.offset >= start->second;
    }
    void take(const RecordPtr &record, std::vector<RecordPtr> &out)
    {
        m_next = record->position.next();
        if (wants(*record))
            out.push_back(record);
    }
    /// Needs m_mutex.
    void takeRecent(std::size_t max, std::vector<RecordPtr> &out)
    {
        const auto &recent = m_feed.m_recent;
        for (auto i = m_next.value - recent.front()->position.value; i < recent.size() && out.size() < max; ++i)
            take(recent[i], out);
    }

    // Constant after construction
    RecordFeed &m_feed;
    const bool m_filtered;
    std::map<TopicPartition, Offset> m_starts;
    // The cursor's own thread only
    Position m_next;
    // Guarded by RecordFeed::m_mutex
    bool m_woken = false;
};

Result<std::vector<RecordPtr>> RecordFeed::Cursor::next(std::size_t max, std::chrono::milliseconds wait)
{
    using namespace std::chrono;
    // A wait of "for ever" must not overflow the deadline.
    const auto deadline = steady_clock::now() + std::clamp<milliseconds>(wait, 0ms, 24h);
    std::vector<RecordPtr> out;
    std::unique_lock lock(m_feed.m_mutex);
    for (;;) {
        if (m_feed.m_closed)
            return fail(ErrorCode::ShuttingDown, "the ledger is closing");
        if (std::exchange(m_woken, false) || max == 0)
            return out;

        const auto &recent = m_feed.m_recent;
        if (!recent.empty() && m_next >= recent.front()->position && m_next <= recent.back()->position) {
            takeRecent(max, out);
            if (!out.empty())
                return out;
            continue;
        }
        const bool polling = m_feed.m_poll > 0ms;
        if (polling || m_next <= m_feed.m_head.position) {
            const auto last = polling ? Position{std::numeric_limits<std::int64_t>::max()} : m_feed.m_head.position;
            lock.unlock();
            const auto behind = m_feed.m_readBehind(m_next, last, max);
            if (!behind)
                return fail(behind.error());
            for (const auto &record : *behind) {
                // Taking on after a gap would hide it from everything that is derived from the ledger.
                if (record->position != m_next)
                    break;
                take(record, out);
            }
            if (!out.empty())
                return out;
            lock.lock();
            if (!behind->empty() && behind->front()->position < m_next)
                continue;
            if (!polling || !behind->empty()) {
                return fail(ErrorCode::LedgerDamaged, "a record is missing", "position " + std::to_string(m_next.value),
                            "Verify the ledger.");
            }
        }
        const auto now = steady_clock::now();
        if (now >= deadline)
            return out;
        const auto until = polling ? std::min(deadline, now + m_feed.m_poll) : deadline;
        if (!m_woken && !m_feed.m_closed && (polling || m_next > m_feed.m_head.position))
            m_feed.m_changed.wait_until(lock, until);
    }
}

RecordFeed::RecordFeed(Bounds bounds, std::chrono::milliseconds poll, ReadBehind readBehind)
    : m_bounds(bounds), m_poll(poll), m_readBehind(std::move(readBehind))
{
}

void RecordFeed::start(const LedgerHead &head, std::span<const ConsumerProgress> progress)
{
    const std::scoped_lock lock(m_mutex);
    m_head = head;
    for (const auto &one : progress)
        m_progress[{one.consumer, one.source}] = one.next;
    m_visible.store(head.position.value, std::memory_order_release);
}

void RecordFeed::keep(const RecordPtr &record)
{
    m_recent.push_back(record);
    m_recentBytes += payloadBytes(*record);
    if (sabotaged(Saboteur::UnboundedFeed))
        return;
    while (m_recent.size() > m_bounds.records || (m_recent.size() > 1 && m_recentBytes > m_bounds.bytes)) {
        m_recentBytes -= payloadBytes(*m_recent.front());
        m_recent.pop_front();
    }
}

void RecordFeed::publish(std::span<const RecordPtr> records, std::span<const ConsumerProgress> progress)
{
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &one : progress)
            m_progress[{one.consumer, one.source}] = one.next;
        for (const auto &record : records)
            keep(record);
        if (!records.empty()) {
            const auto &last = *records.back();
            m_head = {last.position, last.chain, last.recordedAt};
            m_visible.store(last.position.value, std::memory_order_release);
        }
    }
    if (!records.empty())
        m_changed.notify_all();
}

void RecordFeed::close()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_all();
}

LedgerHead RecordFeed::head() const
{
    const std::scoped_lock lock(m_mutex);
    return m_head;
}

LedgerState RecordFeed::state() const
{
    const std::scoped_lock lock(m_mutex);
    LedgerState state{m_head, {}};
    state.progress.reserve(m_progress.size());
    for (const auto &[name, next] : m_progress)
        state.progress.push_back({name.first, name.second, next});
    return state;
}

std::optional<Offset> RecordFeed::progress(const std::string &consumer, const TopicPartition &source) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_progress.find({consumer, source});
    return found == m_progress.end() ? std::nullopt : std::optional(found->second);
}

std::unique_ptr<LedgerCursor> RecordFeed::follow(Position first, const std::vector<TopicStart> *starts)
{
    return std::make_unique<Cursor>(*this, first, starts);
}

} // namespace commander
