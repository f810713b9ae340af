// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/append_worker.h"
#include "ledger/record_feed.h"

#include <commander/clock.h>

#include <map>
#include <mutex>
#include <unordered_map>

namespace commander {

/// A ledger that lives as long as the object: the whole contract, hashes and total order included, without a disk.
/// Every Done runs on the ledger's own thread, as with the ledgers that are kept.
class MemoryLedger final : public Ledger {
public:
    MemoryLedger(const Clock &clock, RandomSource &random);
    ~MemoryLedger() override;

    [[nodiscard]] LedgerTraits traits() const noexcept override { return {true, true, true}; }
    void append(LedgerTransaction transaction, Done done) override;
    [[nodiscard]] Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                      std::size_t max) override;
    [[nodiscard]] Result<std::vector<RecordPtr>> readAt(Position from, std::size_t max) override;
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id) override;
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer,
                                                         const TopicPartition &source) override;
    [[nodiscard]] Result<LedgerHead> head() override;
    [[nodiscard]] Result<LedgerState> state() override;
    [[nodiscard]] Uuid ledgerId() const noexcept override { return m_id; }

private:
    [[nodiscard]] Result<Appended> appendOne(LedgerTransaction &transaction);
    [[nodiscard]] std::vector<RecordPtr> range(Position from, Position last, std::size_t max) const;

    // Constant after construction
    const Clock &m_clock;
    RandomSource &m_random;
    Uuid m_id;

    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::vector<RecordPtr> m_records; ///< position n at n - 1
    std::unordered_map<Uuid, RecordPtr> m_byId;
    std::map<TopicPartition, std::vector<RecordPtr>> m_partitions; ///< offset n at n

    RecordFeed m_feed;
    AppendWorker m_worker; ///< last: its thread uses the members above
};

} // namespace commander
