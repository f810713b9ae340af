// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/kafka/kafka_client.h"
#include "ledger/kafka/record_places.h"

#include <commander/ledger.h>

#include <functional>

namespace commander {

/// Reads ranges of partitions as they are now, with consumers that it keeps for the next range. Only committed records
/// are seen. Thread-safe.
class KafkaReader {
public:
    /// False ends the reading.
    using Visit = std::function<bool(RecordPtr)>;

    KafkaReader(std::string brokers, std::string topicPrefix, std::chrono::milliseconds timeout);
    /// Visits the records of one partition from `from` to its present end. A topic that does not exist has none.
    /// Errors IoError, LedgerDamaged (a message that is not ours, or records that Kafka has deleted).
    [[nodiscard]] Result<void> read(const TopicPartition &source, Offset from, const Visit &visit);

    /// The record at `place`, of which it is known that it was committed. Waits for it when the brokers are still about
    /// to say so to readers.
    [[nodiscard]] Result<RecordPtr> readOne(const RecordPlace &place);

private:
    using Client = std::unique_ptr<KafkaClient>;
    [[nodiscard]] Result<Client> take();
    /// The offset after the last record that there is now; `from` when there is none from there on.
    [[nodiscard]] Result<Offset> endOf(const KafkaClient &client, const TopicPartition &source, Offset from) const;
    /// Visits from `from` on, until `end`, the end of the partition (unless `wait`), or the visitor has enough.
    struct Range {
        Offset from;
        Offset end;
        bool wait = false;
    };
    [[nodiscard]] Result<void> visitRange(Client client, const TopicPartition &source, const Range &range,
                                          const Visit &visit);
    [[nodiscard]] Result<void> consume(const KafkaClient &client, const std::string &topic, const Range &range,
                                       const Visit &visit) const;
    void giveBack(Client client);

    // Constant after construction
    const std::string m_brokers;
    const std::string m_prefix;
    const std::chrono::milliseconds m_timeout;

    // Guarded by m_mutex
    std::mutex m_mutex;
    std::vector<Client> m_idle;
};

/// What every consumer of a ledger is set to.
[[nodiscard]] KafkaSettings kafkaConsumerSettings(const std::string &group, std::chrono::milliseconds timeout);

} // namespace commander
