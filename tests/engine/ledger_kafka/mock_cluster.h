// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/kafka/kafka_ledger.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <QTest>

#include <atomic>
#include <chrono>
#include <initializer_list>

/// A Kafka cluster within the process, on free ports of the loopback address.
class MockCluster {
public:
    explicit MockCluster(int brokers = 1)
    {
        char reason[256] = {};
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "client.id", "mock", reason, sizeof reason);
        rd_kafka_conf_set_log_cb(conf, nullptr);
        m_handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
        m_cluster = rd_kafka_mock_cluster_new(m_handle, brokers);
    }
    ~MockCluster()
    {
        rd_kafka_mock_cluster_destroy(m_cluster);
        rd_kafka_destroy(m_handle);
    }
    MockCluster(const MockCluster &) = delete;
    MockCluster &operator=(const MockCluster &) = delete;

    [[nodiscard]] rd_kafka_mock_cluster_t *get() const { return m_cluster; }
    [[nodiscard]] std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(m_cluster); }
    void answer(std::int16_t request, std::initializer_list<rd_kafka_resp_err_t> errors)
    {
        rd_kafka_mock_push_request_errors_array(m_cluster, request, errors.size(), errors.begin());
    }

private:
    rd_kafka_t *m_handle = nullptr;
    rd_kafka_mock_cluster_t *m_cluster = nullptr;
};

// Numbers of requests in the Kafka protocol.
inline constexpr std::int16_t produceRequest = 0;
inline constexpr std::int16_t initProducerIdRequest = 22;
inline constexpr std::int16_t addPartitionsToTxnRequest = 24;
inline constexpr std::int16_t endTxnRequest = 26;
inline constexpr std::int16_t txnOffsetCommitRequest = 28;

class TestClock final : public commander::Clock {
public:
    commander::Timestamp now() const override { return {micros.load()}; }
    std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }
    std::atomic<std::int64_t> micros = 1'463'754'808'902'001;
};

inline commander::KafkaLedgerOptions optionsFor(const MockCluster &cluster, const TestClock &clock,
                                                std::chrono::milliseconds timeout = std::chrono::seconds(10))
{
    commander::KafkaLedgerOptions options;
    options.brokers = cluster.brokers();
    options.topicPrefix = "test.";
    options.transactionalId = "test-ledger";
    options.clock = &clock;
    options.timeout = timeout;
    return options;
}

/// `number` gives the record its id.
inline commander::RecordDraft draft(std::uint64_t number, std::string topic = "commands")
{
    commander::RecordDraft record;
    record.id = commander::uuid5({}, std::to_string(number));
    record.correlation = record.id;
    record.topic = std::move(topic);
    record.key = "k" + std::to_string(number % 7);
    record.action = "do-something";
    record.actor = "test";
    record.data = R"({"n":)" + std::to_string(number) + "}";
    return record;
}

inline commander::LedgerTransaction transaction(std::vector<commander::RecordDraft> records)
{
    return {std::move(records), {}};
}
