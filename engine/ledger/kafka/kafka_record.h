// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/kafka/kafka_client.h"

#include <commander/record.h>

namespace commander {

/// A record as a Kafka message. The value is the plain JSON that anybody can read:
///     {"id":"…","parent":"…","action":"…","data":…,"timestamp":"…"}
/// `data` keeps its bytes. All else goes into headers, as text: kind, correlation, actor, depth, schemaVersion,
/// domainVersion (hexadecimal; not for commands from outside), recordedAt (microseconds), timestamp (microseconds, only
/// when the writer stated one), headers (JSON), and dataSpace when `data` has white space around it, which the value's
/// syntax cannot tell from its own.
[[nodiscard]] std::string writeKafkaValue(const Record &record);
/// The caller owns them.
[[nodiscard]] rd_kafka_headers_t *makeKafkaHeaders(const Record &record);

/// Errors LedgerDamaged: the message was not written by Commander.
[[nodiscard]] Result<RecordPtr> readKafkaRecord(const rd_kafka_message_t &message, const std::string &topicPrefix);

} // namespace commander
