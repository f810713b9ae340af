// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/kafka/kafka_client.h"

#include <commander/record.h>

namespace commander {

/// A record as a Kafka message. The value is the plain JSON that anybody can read:
///     {"id":"…","parent":"…","action":"…","data":…,"timestamp":"…"}
/// All else goes into headers, as text: kind, correlation, actor, depth, schemaVersion, domainVersion (hexadecimal; not
/// for commands from outside), recordedAt (microseconds), timestamp (microseconds, only when the writer stated one) and
/// headers (JSON). `data` keeps its bytes: those that the value cannot hold, because they are no JSON or have white
/// space around them, come in a header of their own, data.
[[nodiscard]] std::string writeKafkaValue(const Record &record);
/// The caller owns them.
[[nodiscard]] rd_kafka_headers_t *makeKafkaHeaders(const Record &record);

/// Errors LedgerDamaged: the message was not written by Commander.
[[nodiscard]] Result<RecordPtr> readKafkaRecord(const rd_kafka_message_t &message, const std::string &topicPrefix);

} // namespace commander
