// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/kafka_record.h"

#include <commander/json.h>

#include <charconv>
#include <limits>

namespace commander {

namespace {

/// The value gets one level of nesting around the data that passed the limits for clients.
constexpr JsonLimits valueLimits{limits::jsonDepthMax + 1, std::numeric_limits<std::size_t>::max()};

bool isJson(std::string_view data)
{
    return checkJson(data, {limits::jsonDepthMax, valueLimits.valuesMax}).has_value();
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Whether reading the value gives these bytes back. White space around them belongs to the value's own syntax.
bool valueKeeps(std::string_view data)
{
    return data.empty() || (!isSpace(data.front()) && !isSpace(data.back()) && isJson(data));
}

void addHeader(rd_kafka_headers_t *headers, const char *name, std::string_view value)
{
    rd_kafka_header_add(headers, name, -1, value.data(), static_cast<ssize_t>(value.size()));
}

std::string_view headerOf(const rd_kafka_headers_t *headers, const char *name)
{
    const void *value = nullptr;
    std::size_t size = 0;
    if (!headers || rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return {};
    return {static_cast<const char *>(value), size};
}

template <class T> bool readNumber(std::string_view text, T &number)
{
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
}

bool readHash(std::string_view hex, Hash256 &hash)
{
    if (hex.empty())
        return true;
    if (hex.size() != 2 * hash.size())
        return false;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const char *digits = hex.data() + 2 * i;
        const auto read = std::from_chars(digits, digits + 2, hash[i], 16);
        if (read.ec != std::errc() || read.ptr != digits + 2)
            return false;
    }
    return true;
}

bool readKind(std::string_view name, RecordKind &kind)
{
    for (const RecordKind known : {RecordKind::Command, RecordKind::Event, RecordKind::Result}) {
        if (recordKindName(known) == name) {
            kind = known;
            return true;
        }
    }
    return false;
}

bool readUuid(std::string_view text, Uuid &id)
{
    const auto parsed = Uuid::parse(text);
    if (parsed)
        id = *parsed;
    return parsed.has_value();
}

bool readText(std::string_view json, std::string &text)
{
    auto value = parseJson(json);
    if (!value || !value->asString())
        return false;
    text = *value->asString();
    return true;
}

/// Empty when all is well, else what is wrong.
std::string readHeaders(const rd_kafka_message_t &message, Record &record)
{
    rd_kafka_headers_t *headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return "no headers";
    if (!readKind(headerOf(headers, "kind"), record.kind))
        return "header kind";
    if (!readUuid(headerOf(headers, "correlation"), record.correlation))
        return "header correlation";
    record.actor = headerOf(headers, "actor");
    record.headers = headerOf(headers, "headers");
    if (!readNumber(headerOf(headers, "depth"), record.depth))
        return "header depth";
    if (!readNumber(headerOf(headers, "schemaVersion"), record.schemaVersion))
        return "header schemaVersion";
    if (!readHash(headerOf(headers, "domainVersion"), record.domainVersion))
        return "header domainVersion";
    if (!readNumber(headerOf(headers, "recordedAt"), record.recordedAt.micros))
        return "header recordedAt";
    if (const auto text = headerOf(headers, "timestamp"); !text.empty()) {
        if (!readNumber(text, record.timestamp.emplace().micros))
            return "header timestamp";
    }
    record.data = headerOf(headers, "data");
    return {};
}

std::string readValue(std::string_view value, Record &record)
{
    const auto members = sliceJsonObject(value, valueLimits);
    if (!members)
        return members.error().text();
    std::string id;
    std::string parent;
    for (const JsonSlice &member : *members) {
        if (member.name == "id" && !readText(member.raw, id))
            return "member id";
        if (member.name == "parent" && !readText(member.raw, parent))
            return "member parent";
        if (member.name == "action" && !readText(member.raw, record.action))
            return "member action";
        if (member.name == "data" && record.data.empty())
            record.data = member.raw;
    }
    if (!readUuid(id, record.id))
        return "member id";
    if (!parent.empty() && !readUuid(parent, record.parent))
        return "member parent";
    return {};
}

} // namespace

std::string writeKafkaValue(const Record &record)
{
    std::string value;
    value.reserve(record.data.size() + record.action.size() + 200);
    value += R"({"id":")" + record.id.text() + '"';
    if (!record.parent.isNull())
        value += R"(,"parent":")" + record.parent.text() + '"';
    value += R"(,"action":)";
    appendJsonString(value, record.action);
    if (!record.data.empty() && isJson(record.data))
        value.append(R"(,"data":)").append(record.data);
    value += R"(,"timestamp":")" + record.time().text() + R"("})";
    return value;
}

rd_kafka_headers_t *makeKafkaHeaders(const Record &record)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(12);
    addHeader(headers, "kind", recordKindName(record.kind));
    addHeader(headers, "correlation", record.correlation.text());
    addHeader(headers, "actor", record.actor);
    addHeader(headers, "depth", std::to_string(record.depth));
    addHeader(headers, "schemaVersion", std::to_string(record.schemaVersion));
    if (record.domainVersion != Hash256{})
        addHeader(headers, "domainVersion", toHex(record.domainVersion));
    addHeader(headers, "recordedAt", std::to_string(record.recordedAt.micros));
    if (record.timestamp)
        addHeader(headers, "timestamp", std::to_string(record.timestamp->micros));
    if (!record.headers.empty())
        addHeader(headers, "headers", record.headers);
    if (!valueKeeps(record.data))
        addHeader(headers, "data", record.data);
    return headers;
}

Result<RecordPtr> readKafkaRecord(const rd_kafka_message_t &message, const std::string &topicPrefix)
{
    auto record = std::make_shared<Record>();
    record->topic = std::string_view(rd_kafka_topic_name(message.rkt)).substr(topicPrefix.size());
    record->partition = static_cast<std::uint32_t>(message.partition);
    record->offset = {static_cast<std::uint64_t>(message.offset)};
    record->key.assign(static_cast<const char *>(message.key), message.key_len);
    std::string wrong = readHeaders(message, *record);
    if (wrong.empty())
        wrong = readValue({static_cast<const char *>(message.payload), message.len}, *record);
    if (wrong.empty())
        return record;
    return fail(ErrorCode::LedgerDamaged, "a message was not written by Commander: " + wrong,
                std::string(rd_kafka_topic_name(message.rkt)) + " partition " + std::to_string(message.partition)
                    + " offset " + std::to_string(message.offset),
                "Give the ledger topics of its own.");
}

} // namespace commander
