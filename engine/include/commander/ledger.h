// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace commander {

struct TopicPartition {
    std::string topic;
    std::uint32_t partition = 0;
    auto operator<=>(const TopicPartition &) const = default;
};

/// "This consumer has taken everything before `next` of this partition."
struct ConsumerProgress {
    std::string consumer;
    TopicPartition source;
    Offset next;
};

/// Records and progress that become durable together or not at all. Records keep their order.
struct LedgerTransaction {
    std::vector<RecordDraft> records;
    std::vector<ConsumerProgress> progress;
};

struct Appended {
    std::vector<RecordPtr> records; ///< as stored, in the order of the transaction
};

struct LedgerHead {
    Position position;
    Hash256 chain{};
    Timestamp recordedAt;
};

/// A ledger at one moment: its end, and the progress of every consumer as it was committed with those records.
struct LedgerState {
    LedgerHead head;
    std::vector<ConsumerProgress> progress; ///< by consumer, topic, partition
};

/// What an implementation can do beyond the common contract.
struct LedgerTraits {
    bool totalOrder = false;          ///< records carry positions, readAt() works
    bool detectsDuplicateIds = false; ///< append() refuses an id that is already there
    bool hashed = false;              ///< leaf and chain are kept
};

struct TopicStart {
    TopicPartition source;
    Offset next;
};
/// After a position over all topics (total order only), or from offsets of chosen partitions.
using FollowFrom = std::variant<Position, std::vector<TopicStart>>;

/// A follower's own place in the ledger. Used by one thread, except wake().
class LedgerCursor {
public:
    virtual ~LedgerCursor() = default;
    /// The next records in order, at least one unless `wait` passed or wake() was called (then empty). Only durable
    /// (committed) records are ever returned, without gap or repeat. Errors IoError, LedgerDamaged, ShuttingDown.
    [[nodiscard]] virtual Result<std::vector<RecordPtr>> next(std::size_t max, std::chrono::milliseconds wait) = 0;
    /// Ends the running next() early, or the coming one when none runs. Any thread.
    virtual void wake() noexcept = 0;
};

/// The append-only truth of a workspace. All methods are thread-safe unless said otherwise.
/// Implementations: MemoryLedger, SqliteLedger, KafkaLedger; one contract test runs over all three.
class Ledger {
public:
    /// Called exactly once, on a thread of the ledger: be quick and do not block in it.
    using Done = std::function<void(Result<Appended>)>;

    virtual ~Ledger() = default;
    [[nodiscard]] virtual LedgerTraits traits() const noexcept = 0;

    /// Appends atomically; `done` runs once the records are durable. Many waiting transactions share one commit.
    /// Errors DuplicateId (nothing of this transaction was written; `where` holds the id), LimitExceeded,
    /// InvalidArgument, LedgerReadOnly, LedgerUnavailable, DiskFull, Busy, ShuttingDown.
    virtual void append(LedgerTransaction transaction, Done done) = 0;
    /// append() and wait for it. Never call it from a Done callback.
    [[nodiscard]] Result<Appended> appendAndWait(LedgerTransaction transaction);

    /// A follower from the given place. The cursor must not outlive the ledger. Error Unsupported.
    [[nodiscard]] virtual Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) = 0;

    /// At most `max` records of one partition from `from` on; empty at the end.
    [[nodiscard]] virtual Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                              std::size_t max)
        = 0;
    /// At most `max` records in total order from `from` on. Error Unsupported without a total order.
    [[nodiscard]] virtual Result<std::vector<RecordPtr>> readAt(Position from, std::size_t max) = 0;
    /// The record with this id. Error NotFound.
    [[nodiscard]] virtual Result<RecordPtr> find(const Uuid &id) = 0;

    /// Where a consumer goes on; nothing when it never committed.
    [[nodiscard]] virtual Result<std::optional<Offset>> progress(const std::string &consumer,
                                                                 const TopicPartition &source)
        = 0;
    [[nodiscard]] virtual Result<LedgerHead> head() = 0;
    /// Head and progress of the same moment. Error Unsupported unless records are totally ordered.
    [[nodiscard]] virtual Result<LedgerState> state();
    /// Identity of this ledger, made when it was created; derived files remember it.
    [[nodiscard]] virtual Uuid ledgerId() const noexcept = 0;
};

} // namespace commander
