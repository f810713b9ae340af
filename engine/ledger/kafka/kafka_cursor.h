// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/kafka/kafka_client.h"
#include "ledger/kafka/record_places.h"

#include <commander/ledger.h>

#include <atomic>

namespace commander {

/// Follows chosen partitions with a consumer of its own.
class KafkaCursor final : public LedgerCursor {
public:
    [[nodiscard]] static Result<std::unique_ptr<LedgerCursor>>
    open(const std::string &brokers, const std::string &topicPrefix, const std::vector<TopicStart> &starts,
         std::chrono::milliseconds timeout, RecordPlaces &places);
    [[nodiscard]] Result<std::vector<RecordPtr>> next(std::size_t max, std::chrono::milliseconds wait) override;
    void wake() noexcept override;

private:
    KafkaCursor(std::unique_ptr<KafkaClient> client, std::string topicPrefix, RecordPlaces &places);
    [[nodiscard]] Result<void> take(const rd_kafka_message_t &message, std::vector<RecordPtr> &records);

    // Constant after construction
    const std::unique_ptr<KafkaClient> m_client;
    const std::unique_ptr<rd_kafka_queue_t, KafkaDeleter> m_queue;
    const std::string m_prefix;
    RecordPlaces &m_places;

    std::atomic<bool> m_woken = false;
};

} // namespace commander
