// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/kafka_writer.h"

#include "ledger/kafka/kafka_ledger.h"
#include "ledger/kafka/kafka_record.h"
#include "ledger/transaction_check.h"

#include <commander/json.h>
#include <commander/limits.h>

#include <algorithm>

namespace commander {

namespace {

// Data that has to come twice, headers, and the names.
constexpr std::size_t messageBytesMax = 3 * limits::payloadBytesMax + 64 * 1024;
constexpr std::chrono::milliseconds transactionTimeout{60'000};

} // namespace

KafkaWriter::KafkaWriter(const KafkaLedgerOptions &options, RecordPlaces &places, KafkaProgress &progress)
    : m_prefix(options.topicPrefix), m_timeout(options.timeout), m_clock(*options.clock), m_places(places),
      m_progress(progress)
{
}

Result<std::unique_ptr<KafkaWriter>> KafkaWriter::open(const KafkaLedgerOptions &options, RecordPlaces &places,
                                                       KafkaProgress &progress)
{
    const KafkaSettings settings = {{"transactional.id", options.transactionalId},
                                    {"transaction.timeout.ms", std::to_string(transactionTimeout.count())},
                                    {"message.max.bytes", std::to_string(messageBytesMax)},
                                    {"compression.type", "none"},
                                    {"linger.ms", "0"}};
    auto client = KafkaClient::open(RD_KAFKA_PRODUCER, options.brokers, settings, &KafkaWriter::delivered);
    if (!client)
        return fail(std::move(client.error()));
    std::unique_ptr<KafkaWriter> writer(new KafkaWriter(options, places, progress));
    writer->m_client = std::move(*client);

    const KafkaDeadline deadline(options.timeout);
    for (;;) {
        const KafkaError error(rd_kafka_init_transactions(writer->m_client->get(), deadline.left()));
        if (!error)
            return writer;
        if (rd_kafka_error_is_retriable(error.get()) && !deadline.passed())
            continue;
        return fail(writer->m_client->error(ErrorCode::LedgerUnavailable, "cannot take over the ledger's transactions",
                                            rd_kafka_error_string(error.get())));
    }
}

void KafkaWriter::delivered(rd_kafka_t *, const rd_kafka_message_t *message, void *)
{
    auto *delivery = static_cast<Delivery *>(message->_private);
    delivery->error = message->err;
    delivery->offset = message->offset;
}

Result<void> KafkaWriter::commit(std::vector<WaitingAppend> &batch)
{
    std::vector<WaitingAppend *> accepted;
    for (WaitingAppend &waiting : batch) {
        if (auto checked = check(waiting.transaction))
            accepted.push_back(&waiting);
        else
            waiting.done(fail(std::move(checked.error())));
    }
    if (accepted.empty())
        return {};

    Outcome outcome = accepted.size() > 1 ? attempt(accepted) : Outcome::Aborted;
    auto next = outcome == Outcome::Committed ? accepted.end() : accepted.begin();
    if (outcome == Outcome::Aborted) {
        // One of them may be what Kafka does not take: alone, it does not pull the others down.
        while (next != accepted.end() && outcome != Outcome::Lost) {
            outcome = attemptAlone(**next);
            if (outcome == Outcome::Aborted)
                (*next)->done(fail(m_error));
            if (outcome != Outcome::Lost)
                ++next;
        }
    }
    for (; next != accepted.end(); ++next)
        (*next)->done(fail(m_error));
    if (outcome != Outcome::Lost)
        return {};
    m_progress.forget();
    return fail(m_error);
}

Result<void> KafkaWriter::check(const LedgerTransaction &transaction)
{
    if (auto checked = checkTransaction(transaction); !checked)
        return checked;
    for (const RecordDraft &record : transaction.records) {
        // Anybody may read the topics, so every value has to be JSON.
        std::string action;
        appendJsonString(action, record.action);
        if (!checkJson(action))
            return fail(ErrorCode::InvalidArgument, "the action of a record is not UTF-8", record.id.text());
        const auto partitions = partitionCount(record.topic, record.partition + 1);
        if (!partitions)
            return fail(partitions.error());
        if (record.partition >= static_cast<std::uint32_t>(*partitions)) {
            return fail(ErrorCode::InvalidArgument,
                        "the topic " + m_prefix + record.topic + " has only " + std::to_string(*partitions)
                            + " partitions",
                        record.id.text());
        }
    }
    return {};
}

Result<int> KafkaWriter::partitionCount(const std::string &topic, std::uint32_t atLeast)
{
    if (const auto known = m_partitions.find(topic);
        known != m_partitions.end() && static_cast<std::uint32_t>(known->second) >= atLeast)
        return known->second;
    auto count = m_client->partitionCount(m_prefix + topic, KafkaDeadline(m_timeout));
    if (!count) {
        Error error = std::move(count.error());
        if (error.code == ErrorCode::IoError)
            error.code = ErrorCode::Busy; // nothing was written, and it may work later
        return fail(std::move(error));
    }
    m_partitions[topic] = *count;
    return *count;
}

KafkaWriter::Outcome KafkaWriter::attemptAlone(WaitingAppend &waiting)
{
    constexpr int attemptsMax = 3;
    Outcome outcome = Outcome::Aborted;
    WaitingAppend *const alone[] = {&waiting};
    for (int i = 0; i < attemptsMax && outcome == Outcome::Aborted; ++i) {
        outcome = attempt(alone);
        if (outcome == Outcome::Aborted && m_error.code != ErrorCode::Busy)
            break; // it would be refused again
    }
    return outcome;
}

KafkaWriter::Outcome KafkaWriter::attempt(std::span<WaitingAppend *const> waiting)
{
    std::vector<Records> written;
    const Outcome outcome = transact(waiting, written);
    if (outcome != Outcome::Committed)
        return outcome;
    std::size_t number = 0;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        Appended appended;
        for (const std::shared_ptr<Record> &record : written[i]) {
            record->offset = {static_cast<std::uint64_t>(m_deliveries[number++].offset)};
            m_places.add(*record);
            appended.records.push_back(record);
        }
        for (const ConsumerProgress &progress : waiting[i]->transaction.progress)
            m_progress.remember(progress);
        waiting[i]->done(std::move(appended));
    }
    return outcome;
}

KafkaWriter::Outcome KafkaWriter::transact(std::span<WaitingAppend *const> waiting, std::vector<Records> &written)
{
    std::size_t number = 0;
    bool progress = false;
    for (const WaitingAppend *one : waiting) {
        number += one->transaction.records.size();
        progress = progress || !one->transaction.progress.empty();
    }
    written.resize(waiting.size());
    if (number == 0 && !progress)
        return Outcome::Committed; // nothing to say to Kafka, which also dislikes to end empty transactions

    m_deliveries.assign(number, {});
    m_recordedAt = std::max({m_recordedAt, m_places.newest(), m_clock.now()});
    if (KafkaError error{rd_kafka_begin_transaction(m_client->get())})
        return failed(std::move(error), "cannot begin a transaction");
    std::size_t at = 0;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        for (const RecordDraft &draft : waiting[i]->transaction.records) {
            auto record = std::make_shared<Record>();
            static_cast<RecordDraft &>(*record) = draft;
            record->recordedAt = m_recordedAt;
            if (!produce(*record, m_deliveries[at++]))
                return abort();
            written[i].push_back(std::move(record));
        }
    }
    if (KafkaError error = sendProgress(waiting))
        return failed(std::move(error), "cannot commit progress");
    return finish();
}

bool KafkaWriter::produce(const Record &record, Delivery &delivery)
{
    const std::string topic = m_prefix + record.topic;
    std::string value = writeKafkaValue(record);
    const KafkaDeadline deadline(m_timeout);
    for (;;) {
        std::unique_ptr<rd_kafka_headers_t, KafkaDeleter> headers(makeKafkaHeaders(record));
        const rd_kafka_resp_err_t err = rd_kafka_producev(
            m_client->get(), RD_KAFKA_V_TOPIC(topic.c_str()),
            RD_KAFKA_V_PARTITION(static_cast<std::int32_t>(record.partition)), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_KEY(record.key.empty() ? nullptr : record.key.data(), record.key.size()),
            RD_KAFKA_V_VALUE(value.data(), value.size()), RD_KAFKA_V_HEADERS(headers.get()),
            RD_KAFKA_V_TIMESTAMP(record.recordedAt.micros / 1000), RD_KAFKA_V_OPAQUE(&delivery), RD_KAFKA_V_END);
        if (!err) {
            static_cast<void>(headers.release()); // the message owns them now
            return true;
        }
        if (err == RD_KAFKA_RESP_ERR__QUEUE_FULL && !deadline.passed()) {
            rd_kafka_poll(m_client->get(), deadline.left()); // until a delivery makes room
            continue;
        }
        const bool tooLarge = err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
        m_error = m_client->error(tooLarge ? ErrorCode::LimitExceeded : ErrorCode::Busy,
                                  "Kafka does not take the record " + record.id.text(), err);
        return false;
    }
}

KafkaError KafkaWriter::sendProgress(std::span<WaitingAppend *const> waiting)
{
    std::map<std::string, std::map<TopicPartition, Offset>> newest;
    for (const WaitingAppend *one : waiting) {
        for (const ConsumerProgress &progress : one->transaction.progress)
            newest[progress.consumer][progress.source] = progress.next;
    }
    const KafkaDeadline deadline(m_timeout);
    for (const auto &[consumer, offsets] : newest) {
        const KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
        for (const auto &[source, next] : offsets) {
            const std::string topic = m_prefix + source.topic;
            rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<int>(source.partition))->offset
                = static_cast<std::int64_t>(next.value);
        }
        const std::unique_ptr<rd_kafka_consumer_group_metadata_t, KafkaDeleter> group(
            rd_kafka_consumer_group_metadata_new(kafkaGroup(m_prefix, consumer).c_str()));
        KafkaError error;
        do {
            error.reset(
                rd_kafka_send_offsets_to_transaction(m_client->get(), list.get(), group.get(), deadline.left()));
        } while (error && rd_kafka_error_is_retriable(error.get()) && !deadline.passed());
        if (error)
            return error;
    }
    return {};
}

KafkaWriter::Outcome KafkaWriter::finish()
{
    const KafkaDeadline deadline(std::min(m_timeout, transactionTimeout - std::chrono::seconds(10)));
    KafkaError error;
    do {
        // A second call resumes the commit that the first one did not see the end of.
        error.reset(rd_kafka_commit_transaction(m_client->get(), deadline.left()));
    } while (error && rd_kafka_error_is_retriable(error.get()) && !deadline.passed());
    if (!error)
        return Outcome::Committed;
    if (!rd_kafka_error_txn_requires_abort(error.get())) {
        m_error = m_client->error(ErrorCode::LedgerUnavailable,
                                  rd_kafka_error_is_fatal(error.get()) ? "the ledger has lost its producer"
                                                                       : "the outcome of a commit is unknown",
                                  rd_kafka_error_string(error.get()));
        m_error.remedy = "Open the ledger anew and look for the records' ids: they are there wholly or not at all.";
        return Outcome::Lost;
    }
    return failed(std::move(error), "Kafka aborted the transaction");
}

KafkaWriter::Outcome KafkaWriter::failed(KafkaError error, const char *what)
{
    m_error = m_client->error(ErrorCode::Busy, what, rd_kafka_error_string(error.get()));
    if (!rd_kafka_error_is_fatal(error.get()))
        return abort();
    m_error.code = ErrorCode::LedgerUnavailable;
    m_error.remedy = "Another owner may have taken over. Open the ledger anew.";
    return Outcome::Lost;
}

KafkaWriter::Outcome KafkaWriter::abort()
{
    const KafkaDeadline deadline(m_timeout);
    KafkaError error;
    do {
        error.reset(rd_kafka_abort_transaction(m_client->get(), deadline.left()));
    } while (error && rd_kafka_error_is_retriable(error.get()) && !deadline.passed());
    // What was wrong with a message is known better by its delivery report than by the transaction.
    for (const Delivery &delivery : m_deliveries) {
        if (delivery.error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
            m_error = m_client->error(ErrorCode::LimitExceeded, "the brokers do not take so large a record",
                                      delivery.error);
            m_error.remedy = "Raise message.max.bytes of the brokers.";
        }
    }
    if (!error)
        return Outcome::Aborted;
    // An abort that fails, in whatever way, leaves a producer that nobody can trust.
    m_error = m_client->error(ErrorCode::LedgerUnavailable, "cannot abort a transaction",
                              rd_kafka_error_string(error.get()));
    m_error.remedy = "Open the ledger anew.";
    return Outcome::Lost;
}

} // namespace commander
