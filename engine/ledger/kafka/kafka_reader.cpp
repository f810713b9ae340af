// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/kafka_reader.h"

#include "ledger/kafka/kafka_record.h"

#include <algorithm>

namespace commander {

KafkaSettings kafkaConsumerSettings(const std::string &group, std::chrono::milliseconds timeout)
{
    // A request that nobody waits for any more should not stay in a connection's queue for a minute.
    constexpr std::chrono::milliseconds requestTimeoutMin{2000};
    const auto requestTimeout = std::max(timeout, requestTimeoutMin);
    return {{"group.id", group},
            {"isolation.level", "read_committed"},
            {"enable.auto.commit", "false"},
            {"enable.auto.offset.store", "false"},
            // An offset that is not there is an error to report, never a reason to go on elsewhere.
            {"auto.offset.reset", "error"},
            {"allow.auto.create.topics", "true"},
            {"socket.timeout.ms", std::to_string(requestTimeout.count())},
            {"fetch.wait.max.ms", "100"}};
}

KafkaReader::KafkaReader(std::string brokers, std::string topicPrefix, std::chrono::milliseconds timeout)
    : m_brokers(std::move(brokers)), m_prefix(std::move(topicPrefix)), m_timeout(timeout)
{
}

Result<KafkaReader::Client> KafkaReader::take()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_idle.empty()) {
            Client client = std::move(m_idle.back());
            m_idle.pop_back();
            return client;
        }
    }
    auto settings = kafkaConsumerSettings(m_prefix + "reader", m_timeout); // never commits, so the name does not matter
    settings.emplace_back("enable.partition.eof", "true");
    settings.emplace_back("fetch.wait.max.ms", "10"); // at the end there is nothing to wait for
    return KafkaClient::open(RD_KAFKA_CONSUMER, m_brokers, settings);
}

Result<Offset> KafkaReader::endOf(const KafkaClient &client, const TopicPartition &source, Offset from) const
{
    const std::string topic = m_prefix + source.topic;
    const KafkaDeadline deadline(m_timeout);
    // rd_kafka_query_watermark_offsets would ask for both ends at once, but it waits without end for a silent broker.
    const auto ask = [&](std::int64_t which, std::int64_t &offset) {
        const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<int>(source.partition))->offset
            = which;
        const auto err = rd_kafka_offsets_for_times(client.get(), list.get(), deadline.left());
        offset = list->elems[0].offset;
        return err ? err : list->elems[0].err;
    };
    std::int64_t low = 0;
    std::int64_t high = 0;
    auto err = ask(RD_KAFKA_OFFSET_BEGINNING, low);
    if (!err)
        err = ask(RD_KAFKA_OFFSET_END, high);
    if (err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC
        || err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
        return from;
    if (err)
        return fail(client.error(ErrorCode::IoError, "cannot read the ends of " + topic, err));
    if (static_cast<std::int64_t>(from.value) < low) {
        return fail(ErrorCode::LedgerDamaged, "Kafka has deleted records of the ledger",
                    topic + " partition " + std::to_string(source.partition) + " before offset " + std::to_string(low),
                    "Set retention.ms and retention.bytes of the topic to -1, and restore the records from a backup.");
    }
    return std::max(from, Offset{static_cast<std::uint64_t>(std::max<std::int64_t>(high, 0))});
}

Result<void> KafkaReader::consume(const KafkaClient &client, const std::string &topic, const Range &range,
                                  const Visit &visit) const
{
    KafkaDeadline deadline(m_timeout);
    while (!deadline.passed()) {
        const KafkaMessage message(rd_kafka_consumer_poll(client.get(), deadline.left()));
        if (!message)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            if (range.wait)
                continue;
            return {};
        }
        // Broken connections are made again by the library; what it gives up on comes with another error.
        if (message->err == RD_KAFKA_RESP_ERR__TRANSPORT || message->err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
            continue;
        if (message->err)
            return fail(
                client.error(ErrorCode::IoError, "cannot read " + topic, rd_kafka_message_errstr(message.get())));
        auto record = readKafkaRecord(*message, m_prefix);
        if (!record)
            return fail(std::move(record.error()));
        const Offset next = (*record)->offset.next();
        // When a transaction's marker is the last there is, no record reaches the end; then the consumer says so.
        if (!visit(std::move(*record)) || next >= range.end)
            return {};
        deadline = KafkaDeadline(m_timeout); // as long as records come, the brokers are well
    }
    return fail(client.error(ErrorCode::IoError, "cannot read " + topic, "the brokers do not answer"));
}

Result<void> KafkaReader::visitRange(Client client, const TopicPartition &source, const Range &range,
                                     const Visit &visit)
{
    const std::string topic = m_prefix + source.topic;
    const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<int>(source.partition))->offset
        = static_cast<std::int64_t>(range.from.value);
    if (const auto err = rd_kafka_assign(client->get(), list.get()))
        return fail(client->error(ErrorCode::IoError, "cannot read " + topic, err));
    // A client that failed is not given back: it may still hold what belongs to this reading.
    if (auto consumed = consume(*client, topic, range, visit); !consumed)
        return consumed;
    if (const auto err = rd_kafka_assign(client->get(), nullptr))
        return fail(client->error(ErrorCode::IoError, "cannot stop reading " + topic, err));
    giveBack(std::move(client));
    return {};
}

void KafkaReader::giveBack(Client client)
{
    constexpr std::size_t idleMax = 4;
    const std::scoped_lock lock(m_mutex);
    if (m_idle.size() < idleMax)
        m_idle.push_back(std::move(client));
}

Result<void> KafkaReader::read(const TopicPartition &source, Offset from, const Visit &visit)
{
    auto client = take();
    if (!client)
        return fail(std::move(client.error()));
    const auto end = endOf(**client, source, from);
    if (!end)
        return fail(end.error());
    if (*end > from)
        return visitRange(std::move(*client), source, {from, *end}, visit);
    giveBack(std::move(*client));
    return {};
}

Result<RecordPtr> KafkaReader::readOne(const RecordPlace &place)
{
    auto client = take();
    if (!client)
        return fail(std::move(client.error()));
    RecordPtr found;
    const auto visit = [&found](RecordPtr record) {
        found = std::move(record);
        return false;
    };
    if (auto read = visitRange(std::move(*client), place.source, {place.offset, place.offset.next(), true}, visit);
        !read)
        return fail(std::move(read.error()));
    return found;
}

} // namespace commander
