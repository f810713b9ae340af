// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/kafka_progress.h"

#include "ledger/kafka/kafka_reader.h"

namespace commander {

KafkaProgress::KafkaProgress(std::string brokers, std::string topicPrefix, std::chrono::milliseconds timeout)
    : m_brokers(std::move(brokers)), m_prefix(std::move(topicPrefix)), m_timeout(timeout)
{
}

void KafkaProgress::remember(const ConsumerProgress &progress)
{
    const std::scoped_lock lock(m_mutex);
    m_own[{progress.consumer, progress.source}] = progress.next;
}

void KafkaProgress::forget()
{
    const std::scoped_lock lock(m_mutex);
    m_own.clear();
}

Result<KafkaClient *> KafkaProgress::clientOf(const std::string &consumer)
{
    const std::scoped_lock lock(m_mutex);
    auto &client = m_clients[consumer];
    if (!client) {
        auto opened = KafkaClient::open(RD_KAFKA_CONSUMER, m_brokers,
                                        kafkaConsumerSettings(kafkaGroup(m_prefix, consumer), m_timeout));
        if (!opened)
            return fail(std::move(opened.error()));
        client = std::move(*opened);
    }
    return client.get();
}

Result<std::optional<Offset>> KafkaProgress::committed(const std::string &consumer, const TopicPartition &source)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto own = m_own.find({consumer, source}); own != m_own.end())
            return own->second;
    }
    const auto client = clientOf(consumer);
    if (!client)
        return fail(client.error());
    const std::string topic = m_prefix + source.topic;
    const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<int>(source.partition));
    auto err = rd_kafka_committed((*client)->get(), list.get(), static_cast<int>(m_timeout.count()));
    if (!err)
        err = list->elems[0].err;
    if (err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        return std::optional<Offset>(); // nobody can have taken anything of it
    if (err)
        return fail((*client)->error(ErrorCode::IoError, "cannot look up the progress of " + consumer, err));
    const std::int64_t offset = list->elems[0].offset;
    if (offset < 0)
        return std::optional<Offset>();
    return Offset{static_cast<std::uint64_t>(offset)};
}

} // namespace commander
