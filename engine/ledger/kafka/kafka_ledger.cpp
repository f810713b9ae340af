// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/kafka_ledger.h"

#include "ledger/append_worker.h"
#include "ledger/kafka/kafka_cursor.h"
#include "ledger/kafka/kafka_progress.h"
#include "ledger/kafka/kafka_reader.h"
#include "ledger/kafka/kafka_writer.h"

#include <limits>

namespace commander {

struct KafkaLedger::Parts {
    explicit Parts(const KafkaLedgerOptions &given)
        : options(given), reader(given.brokers, given.topicPrefix, given.timeout),
          progress(given.brokers, given.topicPrefix, given.timeout)
    {
    }

    // Constant after open()
    const KafkaLedgerOptions options;
    Uuid ledgerId;

    // Each thread-safe by itself
    RecordPlaces places;
    KafkaReader reader;
    KafkaProgress progress;
    std::unique_ptr<KafkaWriter> writer;
    std::unique_ptr<AppendWorker> worker; ///< last: its thread uses the writer
};

namespace {

// Made once for this purpose.
constexpr Uuid kafkaLedgers{
    {0x5f, 0x0e, 0x2b, 0x1c, 0x6d, 0x3a, 0x4c, 0x77, 0x9b, 0x44, 0x1e, 0xd8, 0x90, 0xa3, 0x52, 0xc6}};

Result<Uuid> identify(const KafkaClient &client, const KafkaLedgerOptions &options)
{
    const std::unique_ptr<char, void (*)(char *)> cluster(
        rd_kafka_clusterid(client.get(), static_cast<int>(options.timeout.count())),
        [](char *text) { rd_kafka_mem_free(nullptr, text); });
    if (!cluster)
        return fail(client.error(ErrorCode::IoError, "cannot learn the cluster's id", "the brokers do not answer"));
    return uuid5(kafkaLedgers, std::string(cluster.get()) + '/' + options.topicPrefix);
}

Result<void> readIds(const KafkaClient &client, const KafkaLedgerOptions &options, KafkaReader &reader,
                     RecordPlaces &places)
{
    const auto topics = client.topics(options.topicPrefix, KafkaDeadline(options.timeout));
    if (!topics)
        return fail(topics.error());
    for (const auto &[name, partitions] : *topics) {
        const std::string topic = name.substr(options.topicPrefix.size());
        // With an empty prefix all topics of the cluster match, Kafka's own among them.
        if (topic.empty() || topic.starts_with("__"))
            continue;
        for (int partition = 0; partition < partitions; ++partition) {
            const auto visit = [&places](const RecordPtr &record) {
                places.add(*record);
                return true;
            };
            if (auto read = reader.read({topic, static_cast<std::uint32_t>(partition)}, {0}, visit); !read)
                return read;
        }
    }
    return {};
}

} // namespace

Result<std::unique_ptr<KafkaLedger>> KafkaLedger::open(const KafkaLedgerOptions &options)
{
    constexpr std::chrono::milliseconds timeoutMax{50'000};
    if (options.brokers.empty() || options.transactionalId.empty() || !options.clock)
        return fail(ErrorCode::InvalidArgument, "a Kafka ledger needs brokers, a transactional id and a clock", {},
                    "Fill in the connection settings.");
    if (options.timeout <= std::chrono::milliseconds(0) || options.timeout > timeoutMax)
        return fail(ErrorCode::InvalidArgument, "the time allowed for Kafka must be between 1 ms and 50 s", "timeout");

    auto parts = std::make_unique<Parts>(options);
    auto writer = KafkaWriter::open(options, parts->places, parts->progress);
    if (!writer)
        return fail(std::move(writer.error()));
    parts->writer = std::move(*writer);
    // Only now is every transaction of an earlier owner settled, so that nothing appears behind the reading's back.
    if (auto read = readIds(parts->writer->client(), options, parts->reader, parts->places); !read)
        return fail(std::move(read.error()));
    const auto id = identify(parts->writer->client(), options);
    if (!id)
        return fail(id.error());
    parts->ledgerId = *id;
    parts->worker = std::make_unique<AppendWorker>(
        "kafka-append", [w = parts->writer.get()](std::vector<WaitingAppend> &batch) { return w->commit(batch); });
    return std::unique_ptr<KafkaLedger>(new KafkaLedger(std::move(parts)));
}

KafkaLedger::KafkaLedger(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) { }

KafkaLedger::~KafkaLedger() = default;

void KafkaLedger::append(LedgerTransaction transaction, Done done)
{
    m_parts->worker->append(std::move(transaction), std::move(done));
}

Result<std::unique_ptr<LedgerCursor>> KafkaLedger::follow(FollowFrom from)
{
    const auto *starts = std::get_if<std::vector<TopicStart>>(&from);
    if (!starts)
        return fail(ErrorCode::Unsupported, "a Kafka ledger has no total order to follow", {},
                    "Follow its partitions from their offsets.");
    // Topics that are not there yet are created now if the brokers do so: a consumer alone would not notice for long.
    for (const TopicStart &start : *starts) {
        const std::string topic = m_parts->options.topicPrefix + start.source.topic;
        const auto partitions
            = m_parts->writer->client().partitionCount(topic, KafkaDeadline(m_parts->options.timeout));
        if (!partitions)
            return fail(partitions.error());
        if (start.source.partition >= static_cast<std::uint32_t>(*partitions))
            return fail(ErrorCode::InvalidArgument, "the topic has only " + std::to_string(*partitions) + " partitions",
                        topic);
    }
    return KafkaCursor::open(m_parts->options.brokers, m_parts->options.topicPrefix, *starts, m_parts->options.timeout,
                             m_parts->places);
}

Result<std::vector<RecordPtr>> KafkaLedger::read(const TopicPartition &source, Offset from, std::size_t max)
{
    std::vector<RecordPtr> records;
    if (max == 0)
        return records;
    const auto visit = [&records, max](RecordPtr record) {
        records.push_back(std::move(record));
        return records.size() < max;
    };
    if (auto read = m_parts->reader.read(source, from, visit); !read)
        return fail(std::move(read.error()));
    return records;
}

Result<std::vector<RecordPtr>> KafkaLedger::readAt(Position, std::size_t)
{
    return fail(ErrorCode::Unsupported, "a Kafka ledger has no total order", {}, "Read through the index.");
}

Result<RecordPtr> KafkaLedger::find(const Uuid &id)
{
    const auto place = m_parts->places.find(id);
    if (!place)
        return fail(ErrorCode::NotFound, "no record has this id", id.text());
    auto record = m_parts->reader.readOne(*place);
    if (!record)
        return fail(std::move(record.error()));
    if ((*record)->id != id) {
        return fail(ErrorCode::LedgerDamaged, "a record is no longer where it was",
                    place->source.topic + " partition " + std::to_string(place->source.partition) + " offset "
                        + std::to_string(place->offset.value),
                    "Check whether somebody deleted and created the topic.");
    }
    return record;
}

Result<std::optional<Offset>> KafkaLedger::progress(const std::string &consumer, const TopicPartition &source)
{
    return m_parts->progress.committed(consumer, source);
}

Result<LedgerHead> KafkaLedger::head()
{
    LedgerHead head;
    if (const Timestamp newest = m_parts->places.newest(); newest.micros != std::numeric_limits<std::int64_t>::min())
        head.recordedAt = newest;
    return head;
}

Uuid KafkaLedger::ledgerId() const noexcept
{
    return m_parts->ledgerId;
}

} // namespace commander
