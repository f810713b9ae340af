// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <utility>

namespace commander {

/// What a ledger shows: the head, the consumers' progress, the newest records in memory, and the cursors that wait for
/// more. A writer publishes here after a commit is durable, so that records and progress appear together. Thread-safe.
class RecordFeed {
public:
    /// Records from `from` to `last`, in order, at most `max`: for cursors that are behind the records in memory.
    using ReadBehind = std::function<Result<std::vector<RecordPtr>>(Position from, Position last, std::size_t max)>;
    struct Bounds {
        std::size_t records; ///< kept in memory; older ones are read behind
        std::size_t bytes;   ///< … and their payload
    };

    /// `poll` is zero for a feed that is published to; otherwise its cursors look for new records by themselves.
    RecordFeed(Bounds bounds, std::chrono::milliseconds poll, ReadBehind readBehind);

    /// Where the ledger stands when it is opened. Before the first cursor.
    void start(const LedgerHead &head, std::span<const ConsumerProgress> progress);
    void publish(std::span<const RecordPtr> records, std::span<const ConsumerProgress> progress);
    /// Cursors answer ShuttingDown from now on.
    void close();

    [[nodiscard]] LedgerHead head() const;
    [[nodiscard]] LedgerState state() const;
    /// The newest published position, without a lock.
    [[nodiscard]] Position visible() const noexcept { return {m_visible.load(std::memory_order_acquire)}; }
    [[nodiscard]] std::optional<Offset> progress(const std::string &consumer, const TopicPartition &source) const;

    /// Records from `first` on; with `starts` only those of the named partitions, from their offsets on.
    [[nodiscard]] std::unique_ptr<LedgerCursor> follow(Position first, const std::vector<TopicStart> *starts = nullptr);

private:
    class Cursor;
    void keep(const RecordPtr &record);

    // Constant after construction
    const Bounds m_bounds;
    const std::chrono::milliseconds m_poll; ///< zero: records are published
    const ReadBehind m_readBehind;

    std::atomic<std::uint64_t> m_visible{0};

    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    LedgerHead m_head;
    std::map<std::pair<std::string, TopicPartition>, Offset> m_progress;
    std::deque<RecordPtr> m_recent; ///< without gap, ends at m_head
    std::size_t m_recentBytes = 0;
    bool m_closed = false;
};

} // namespace commander
