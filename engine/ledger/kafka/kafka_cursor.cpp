// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/kafka_cursor.h"

#include "ledger/kafka/kafka_reader.h"
#include "ledger/kafka/kafka_record.h"

namespace commander {

KafkaCursor::KafkaCursor(std::unique_ptr<KafkaClient> client, std::string topicPrefix, RecordPlaces &places)
    : m_client(std::move(client)), m_queue(rd_kafka_queue_get_consumer(m_client->get())),
      m_prefix(std::move(topicPrefix)), m_places(places)
{
}

Result<std::unique_ptr<LedgerCursor>> KafkaCursor::open(const std::string &brokers, const std::string &topicPrefix,
                                                        const std::vector<TopicStart> &starts,
                                                        std::chrono::milliseconds timeout, RecordPlaces &places)
{
    auto client = KafkaClient::open(RD_KAFKA_CONSUMER, brokers, kafkaConsumerSettings(topicPrefix + "cursor", timeout));
    if (!client)
        return fail(std::move(client.error()));
    const KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(starts.size())));
    for (const TopicStart &start : starts) {
        const std::string topic = topicPrefix + start.source.topic;
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<int>(start.source.partition))->offset
            = static_cast<std::int64_t>(start.next.value);
    }
    if (const auto err = rd_kafka_assign((*client)->get(), list.get()))
        return fail((*client)->error(ErrorCode::InvalidArgument, "cannot follow these partitions", err));
    return std::unique_ptr<LedgerCursor>(new KafkaCursor(std::move(*client), topicPrefix, places));
}

Result<void> KafkaCursor::take(const rd_kafka_message_t &message, std::vector<RecordPtr> &records)
{
    switch (message.err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        break;
    // The library connects again by itself, and looks again for topics that are not there yet.
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        return {};
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        return fail(m_client->error(ErrorCode::LedgerDamaged, "the records to go on with are not in Kafka",
                                    rd_kafka_message_errstr(&message)));
    default:
        return fail(m_client->error(ErrorCode::IoError, "cannot follow the ledger", rd_kafka_message_errstr(&message)));
    }
    auto record = readKafkaRecord(message, m_prefix);
    if (!record)
        return fail(std::move(record.error()));
    m_places.add(**record);
    records.push_back(std::move(*record));
    return {};
}

Result<std::vector<RecordPtr>> KafkaCursor::next(std::size_t max, std::chrono::milliseconds wait)
{
    std::vector<RecordPtr> records;
    const KafkaDeadline deadline(wait);
    // Until something that is a record arrives; errors that heal by themselves come as messages, too.
    while (records.empty() && max > 0) {
        if (m_woken.exchange(false))
            return records;
        const KafkaMessage message(rd_kafka_consumer_poll(m_client->get(), deadline.left()));
        if (message) {
            if (auto taken = take(*message, records); !taken)
                return fail(std::move(taken.error()));
        } else if (deadline.passed()) {
            return records;
        }
    }
    // … and whatever else is here already.
    while (records.size() < max) {
        const KafkaMessage message(rd_kafka_consumer_poll(m_client->get(), 0));
        if (!message)
            break;
        if (auto taken = take(*message, records); !taken)
            return fail(std::move(taken.error()));
    }
    return records;
}

void KafkaCursor::wake() noexcept
{
    m_woken.store(true);
    // Ends the wait that runs, or the one that begins next, so none is missed between the flag and the wait.
    rd_kafka_queue_yield(m_queue.get());
}

} // namespace commander
