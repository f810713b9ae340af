// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/kafka/kafka_client.h"

#include <commander/ledger.h>

namespace commander {

/// How far consumers have committed: what this object was told, else what Kafka says. Each consumer is a Kafka group,
/// and asking for a group takes a client of its own, which is kept. Thread-safe.
class KafkaProgress {
public:
    KafkaProgress(std::string brokers, std::string topicPrefix, std::chrono::milliseconds timeout);
    /// The owner of the ledger has committed this.
    void remember(const ConsumerProgress &progress);
    /// The ledger may have another owner now: only Kafka knows.
    void forget();
    [[nodiscard]] Result<std::optional<Offset>> committed(const std::string &consumer, const TopicPartition &source);

private:
    [[nodiscard]] Result<KafkaClient *> clientOf(const std::string &consumer);

    // Constant after construction
    const std::string m_brokers;
    const std::string m_prefix;
    const std::chrono::milliseconds m_timeout;

    // Guarded by m_mutex
    std::mutex m_mutex;
    std::map<std::string, std::unique_ptr<KafkaClient>> m_clients;
    std::map<std::pair<std::string, TopicPartition>, Offset> m_own;
};

/// The Kafka group of a consumer: ledgers of one cluster do not share progress.
[[nodiscard]] inline std::string kafkaGroup(const std::string &topicPrefix, const std::string &consumer)
{
    return topicPrefix + consumer;
}

} // namespace commander
