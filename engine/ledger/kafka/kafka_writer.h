// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/append_worker.h"
#include "ledger/kafka/kafka_client.h"
#include "ledger/kafka/kafka_progress.h"
#include "ledger/kafka/record_places.h"

#include <commander/clock.h>

#include <span>

namespace commander {

struct KafkaLedgerOptions;

/// The transactional producer. Everything but open() runs on the append worker's thread.
///
/// Outcomes of a Kafka transaction, after RELIABILITY 5a: committed; aborted (nothing of it is visible, it may be tried
/// again); lost (fatal, fenced, or unknown after the time allowed). A lost one ends the writer: a producer is never
/// used again after it, since a late answer could end the next transaction. Opening the ledger anew makes a new
/// producer with the same transactional id, which settles what the old one left open.
class KafkaWriter {
public:
    [[nodiscard]] static Result<std::unique_ptr<KafkaWriter>> open(const KafkaLedgerOptions &options,
                                                                   RecordPlaces &places, KafkaProgress &progress);
    /// For AppendWorker: all of the batch in one Kafka transaction, or one by one when that is aborted.
    [[nodiscard]] Result<void> commit(std::vector<WaitingAppend> &batch);
    [[nodiscard]] const KafkaClient &client() const noexcept { return *m_client; }

private:
    enum class Outcome { Committed, Aborted, Lost };
    struct Delivery {
        std::int64_t offset = -1;
        rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__IN_PROGRESS;
    };
    using Records = std::vector<std::shared_ptr<Record>>;

    KafkaWriter(const KafkaLedgerOptions &options, RecordPlaces &places, KafkaProgress &progress);
    static void delivered(rd_kafka_t *, const rd_kafka_message_t *message, void *);

    [[nodiscard]] Result<void> check(const LedgerTransaction &transaction);
    [[nodiscard]] Result<int> partitionCount(const std::string &topic, std::uint32_t atLeast);
    [[nodiscard]] Outcome attempt(std::span<WaitingAppend *const> waiting);
    [[nodiscard]] Outcome attemptAlone(WaitingAppend &waiting);
    [[nodiscard]] Outcome transact(std::span<WaitingAppend *const> waiting, std::vector<Records> &written);
    [[nodiscard]] bool produce(const Record &record, Delivery &delivery);
    [[nodiscard]] KafkaError sendProgress(std::span<WaitingAppend *const> waiting);
    [[nodiscard]] Outcome finish();
    [[nodiscard]] Outcome abort();
    [[nodiscard]] Outcome failed(KafkaError error, const char *what);

    // Constant after open()
    const std::string m_prefix;
    const std::chrono::milliseconds m_timeout;
    const Clock &m_clock;
    RecordPlaces &m_places;
    KafkaProgress &m_progress;

    // Append worker's thread only
    std::map<std::string, int> m_partitions; ///< of the topics written so far
    Timestamp m_recordedAt;
    std::vector<Delivery> m_deliveries; ///< of the transaction in work; outlives the client, which writes here
    Error m_error;                      ///< of the last outcome that was not Committed

    std::unique_ptr<KafkaClient> m_client; ///< last: its callbacks use the members above
};

} // namespace commander
