// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/kafka_client.h"

#include <array>

namespace commander {

Result<std::unique_ptr<KafkaClient>> KafkaClient::open(rd_kafka_type_t type, const std::string &brokers,
                                                       const KafkaSettings &settings, Delivered delivered)
{
    // 1.8.2 and older lose messages within transactions.
    constexpr int oldestVersion = 0x010900ff;
    if (rd_kafka_version() < oldestVersion)
        return fail(ErrorCode::Unsupported, "librdkafka is too old for transactions", rd_kafka_version_str(),
                    "Install 2.0.2 or newer.");

    std::unique_ptr<KafkaClient> client(new KafkaClient);
    client->m_brokers = brokers;
    std::array<char, 512> reason{};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    KafkaSettings all = {{"bootstrap.servers", brokers}, {"client.id", "commander"}};
    all.insert(all.end(), settings.begin(), settings.end());
    for (const auto &[name, value] : all) {
        if (rd_kafka_conf_set(conf, name, value.c_str(), reason.data(), reason.size()) != RD_KAFKA_CONF_OK) {
            rd_kafka_conf_destroy(conf);
            return fail(ErrorCode::InvalidArgument, reason.data(), name, "Correct the connection settings.");
        }
    }
    rd_kafka_conf_set_opaque(conf, client.get());
    rd_kafka_conf_set_error_cb(conf, &KafkaClient::keepTrouble);
    rd_kafka_conf_set_log_cb(conf, nullptr); // what matters comes as errors; standard error belongs to the program
    if (delivered)
        rd_kafka_conf_set_dr_msg_cb(conf, delivered);

    client->m_handle = rd_kafka_new(type, conf, reason.data(), reason.size());
    if (!client->m_handle) {
        rd_kafka_conf_destroy(conf);
        return fail(ErrorCode::InvalidArgument, reason.data(), brokers, "Correct the connection settings.");
    }
    if (type == RD_KAFKA_CONSUMER)
        rd_kafka_poll_set_consumer(client->m_handle);
    return client;
}

KafkaClient::~KafkaClient()
{
    // Consumers are only assigned, never members of a group: there is nothing to leave and to wait for.
    if (m_handle)
        rd_kafka_destroy_flags(m_handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void KafkaClient::keepTrouble(rd_kafka_t *, int, const char *reason, void *self)
{
    auto *client = static_cast<KafkaClient *>(self);
    const std::scoped_lock lock(client->m_mutex);
    client->m_trouble = reason;
}

Error KafkaClient::error(ErrorCode code, std::string what, const char *reason) const
{
    std::string text = std::move(what) + ": " + reason;
    const std::scoped_lock lock(m_mutex);
    if (!m_trouble.empty() && m_trouble != reason)
        text += "; " + m_trouble;
    return {code, std::move(text), m_brokers, "Check that the brokers are up and reachable.", {}};
}

Result<std::map<std::string, int>> KafkaClient::topics(const std::string &prefix, KafkaDeadline deadline) const
{
    const rd_kafka_metadata_t *metadata = nullptr;
    if (const auto err = rd_kafka_metadata(m_handle, 1, nullptr, &metadata, deadline.left()))
        return fail(error(ErrorCode::IoError, "cannot list the topics", err));
    std::map<std::string, int> found;
    for (int i = 0; i < metadata->topic_cnt; ++i) {
        const rd_kafka_metadata_topic_t &topic = metadata->topics[i];
        if (std::string_view(topic.topic).starts_with(prefix))
            found.emplace(topic.topic, topic.partition_cnt);
    }
    rd_kafka_metadata_destroy(metadata);
    return found;
}

Result<int> KafkaClient::partitionCount(const std::string &topic, KafkaDeadline deadline) const
{
    rd_kafka_topic_t *handle = rd_kafka_topic_new(m_handle, topic.c_str(), nullptr);
    if (!handle)
        return fail(error(ErrorCode::InvalidArgument, "no topic can have the name " + topic, rd_kafka_last_error()));
    rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;
    int partitions = 0;
    do {
        const rd_kafka_metadata_t *metadata = nullptr;
        err = rd_kafka_metadata(m_handle, 0, handle, &metadata, deadline.left());
        if (err)
            break;
        if (metadata->topic_cnt == 1) {
            err = metadata->topics[0].err;
            partitions = metadata->topics[0].partition_cnt;
        }
        rd_kafka_metadata_destroy(metadata);
        if (err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE && err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
            break;
        // Just created: ask again once the client has had time for other events.
        constexpr int pauseMs = 20;
        rd_kafka_poll(m_handle, pauseMs);
    } while (!deadline.passed());
    rd_kafka_topic_destroy(handle);
    if (err)
        return fail(error(ErrorCode::IoError, "cannot look up the topic " + topic, err));
    return partitions;
}

} // namespace commander
