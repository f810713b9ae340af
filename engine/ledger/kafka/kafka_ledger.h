// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>
#include <commander/ledger.h>

#include <memory>
#include <string>

namespace commander {

struct KafkaLedgerOptions {
    std::string brokers;         ///< host:port, comma separated
    std::string topicPrefix;     ///< in front of every topic and consumer name, e.g. "bank."
    std::string transactionalId; ///< one per ledger, always the same: whoever opens it last owns it
    const Clock *clock = nullptr;
    RandomSource *random = nullptr; ///< not used yet: salts belong to hashed ledgers
    /// How long one request to the brokers may take; a commit that has no answer by then counts as lost. At most 50 s,
    /// so that the brokers do not give up on the transaction first.
    std::chrono::milliseconds timeout{20'000};
};

/// A ledger in Kafka topics: the record's key is the message's key, its value the plain JSON shape, see kafka_record.h.
/// Offsets are Kafka's; transactions leave gaps in them. There is no total order and no hash: the index gives
/// positions.
///
/// What this first version does not do yet:
/// - one writer: opening a ledger fences the owner before. Nodes that share partitions through a consumer group's
///   membership (with its generation in the transaction) are to come;
/// - find() knows what was in the topics at open, was appended here, or came along a cursor of this object, from a map
///   in memory; open() therefore reads all topics once;
/// - it does not create topics or check their settings. They must exist, or the brokers create them; set retention.ms
///   and retention.bytes to -1, cleanup.policy to delete, min.insync.replicas to 2 of 3 replicas;
/// - after a lost transaction it does not reopen by itself: append() answers LedgerUnavailable until the owner does.
class KafkaLedger final : public Ledger {
public:
    /// Connects, settles what an earlier owner left open and reads the ids. Errors InvalidArgument, IoError,
    /// LedgerDamaged, LedgerUnavailable, Unsupported.
    [[nodiscard]] static Result<std::unique_ptr<KafkaLedger>> open(const KafkaLedgerOptions &options);
    ~KafkaLedger() override;

    [[nodiscard]] LedgerTraits traits() const noexcept override { return {}; }
    void append(LedgerTransaction transaction, Done done) override;
    /// Of partitions only; a Position is Unsupported.
    [[nodiscard]] Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                      std::size_t max) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> readAt(Position from, std::size_t max) override;
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id) override;
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer,
                                                         const TopicPartition &source) override;
    /// Position 0 and no chain; recordedAt is the newest known.
    [[nodiscard]] Result<LedgerHead> head() override;
    /// uuid5 of the cluster's id and the topic prefix.
    [[nodiscard]] Uuid ledgerId() const noexcept override;

private:
    struct Parts;
    explicit KafkaLedger(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace commander
