// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace commander {

using KafkaSettings = std::vector<std::pair<const char *, std::string>>;

/// Frees what the C API hands out.
struct KafkaDeleter {
    void operator()(rd_kafka_error_t *error) const { rd_kafka_error_destroy(error); }
    void operator()(rd_kafka_message_t *message) const { rd_kafka_message_destroy(message); }
    void operator()(rd_kafka_headers_t *headers) const { rd_kafka_headers_destroy(headers); }
    void operator()(rd_kafka_queue_t *queue) const { rd_kafka_queue_destroy(queue); }
    void operator()(rd_kafka_topic_partition_list_t *list) const { rd_kafka_topic_partition_list_destroy(list); }
    void operator()(rd_kafka_consumer_group_metadata_t *group) const
    {
        rd_kafka_consumer_group_metadata_destroy(group);
    }
};
using KafkaError = std::unique_ptr<rd_kafka_error_t, KafkaDeleter>;
using KafkaMessage = std::unique_ptr<rd_kafka_message_t, KafkaDeleter>;
using KafkaPartitions = std::unique_ptr<rd_kafka_topic_partition_list_t, KafkaDeleter>;

/// A point in time by which a call to the brokers has to be done.
class KafkaDeadline {
public:
    explicit KafkaDeadline(std::chrono::milliseconds wait) : m_end(std::chrono::steady_clock::now() + wait) { }
    /// Milliseconds left as the C API wants them, never negative (that would mean "for ever").
    [[nodiscard]] int left() const
    {
        const auto left = m_end - std::chrono::steady_clock::now();
        return std::max(0, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(left).count()));
    }
    [[nodiscard]] bool passed() const { return std::chrono::steady_clock::now() >= m_end; }

private:
    std::chrono::steady_clock::time_point m_end;
};

/// One librdkafka instance (its threads, its connections). Thread-safe, as the C API is.
class KafkaClient {
public:
    using Delivered = void (*)(rd_kafka_t *, const rd_kafka_message_t *, void *);
    [[nodiscard]] static Result<std::unique_ptr<KafkaClient>> open(rd_kafka_type_t type, const std::string &brokers,
                                                                   const KafkaSettings &settings,
                                                                   Delivered delivered = nullptr);
    ~KafkaClient();
    KafkaClient(const KafkaClient &) = delete;
    KafkaClient &operator=(const KafkaClient &) = delete;

    [[nodiscard]] rd_kafka_t *get() const noexcept { return m_handle; }
    /// An Error that says what librdkafka said, and the last trouble with the brokers.
    [[nodiscard]] Error error(ErrorCode code, std::string what, const char *reason) const;
    [[nodiscard]] Error error(ErrorCode code, std::string what, rd_kafka_resp_err_t reason) const
    {
        return error(code, std::move(what), rd_kafka_err2str(reason));
    }

    /// Number of partitions of every topic whose name begins with `prefix`.
    [[nodiscard]] Result<std::map<std::string, int>> topics(const std::string &prefix, KafkaDeadline deadline) const;
    /// The same of one topic, which the brokers create if they are set up so. Waits for its leaders to be elected.
    [[nodiscard]] Result<int> partitionCount(const std::string &topic, KafkaDeadline deadline) const;

private:
    KafkaClient() = default;
    static void keepTrouble(rd_kafka_t *, int error, const char *reason, void *self);

    // Constant after open()
    rd_kafka_t *m_handle = nullptr;
    std::string m_brokers;
    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::string m_trouble;
};

} // namespace commander
