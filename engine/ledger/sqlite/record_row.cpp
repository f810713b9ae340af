// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/record_row.h"

#include <algorithm>
#include <limits>
#include <span>

namespace commander {

namespace {

// Empty stands for "none": most records have no domain version, a command from outside has no parent.
template <std::size_t N>
bool readBytes(const Statement &row, int column, std::array<std::uint8_t, N> &to, bool optional)
{
    const auto bytes = row.blob(column);
    if (bytes.size() == N) {
        std::copy_n(reinterpret_cast<const std::uint8_t *>(bytes.data()), N, to.begin());
        return true;
    }
    to.fill(0);
    return optional && row.isNull(column);
}

template <class T> bool readNumber(const Statement &row, int column, T &to)
{
    const auto value = row.integer(column);
    to = static_cast<T>(value);
    return value >= 0 && static_cast<std::uint64_t>(value) <= static_cast<std::uint64_t>(std::numeric_limits<T>::max());
}

void bindOptional(Statement &insert, int column, std::span<const std::uint8_t> bytes)
{
    if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; }))
        insert.bindNull(column);
    else
        insert.bindBlob(column, bytes);
}

} // namespace

void bindRecord(Statement &insert, const Record &record, std::int64_t topicId)
{
    insert.bind(1, static_cast<std::int64_t>(record.position.value));
    insert.bind(2, topicId);
    insert.bind(3, static_cast<std::int64_t>(record.partition));
    insert.bind(4, static_cast<std::int64_t>(record.offset.value));
    insert.bind(5, static_cast<std::int64_t>(record.kind));
    insert.bind(6, record.id);
    bindOptional(insert, 7, record.parent.bytes);
    bindOptional(insert, 8, record.correlation.bytes);
    insert.bind(9, record.key);
    insert.bind(10, record.action);
    insert.bind(11, record.actor);
    insert.bind(12, static_cast<std::int64_t>(record.depth));
    insert.bind(13, static_cast<std::int64_t>(record.schemaVersion));
    bindOptional(insert, 14, record.domainVersion);
    if (record.timestamp)
        insert.bind(15, record.timestamp->micros);
    else
        insert.bindNull(15);
    insert.bind(16, record.recordedAt.micros);
    insert.bind(17, record.headers);
    insert.bind(18, record.data);
    insert.bindBlob(19, record.salt);
    insert.bindBlob(20, record.leaf);
    insert.bindBlob(21, record.chain);
}

Result<RecordRows> RecordRows::open(Database &database)
{
    RecordRows rows;
    auto topic = database.prepare("SELECT name FROM topics WHERE topic_id = ?1");
    if (!topic)
        return fail(topic.error());
    rows.m_topic = std::move(*topic);
    return rows;
}

Result<const std::string *> RecordRows::topicName(std::int64_t topicId)
{
    if (const auto known = m_names.find(topicId); known != m_names.end())
        return &known->second;
    const auto row = m_topic.bind(1, topicId).step();
    if (!row)
        return fail(row.error());
    if (!*row) {
        m_topic.reset();
        return fail(ErrorCode::LedgerDamaged, "a record names a topic that is not there",
                    "topic " + std::to_string(topicId));
    }
    const auto added = m_names.emplace(topicId, m_topic.text(0)).first;
    m_topic.reset();
    return &added->second;
}

Result<void> RecordRows::read(Statement &row, Record &record)
{
    const auto topic = topicName(row.integer(1));
    if (!topic)
        return fail(topic.error());
    record.topic = **topic;

    std::uint8_t kind = 0;
    bool sound = readNumber(row, 0, record.position.value) && readNumber(row, 2, record.partition)
        && readNumber(row, 3, record.offset.value) && readNumber(row, 4, kind) && readNumber(row, 11, record.depth)
        && readNumber(row, 12, record.schemaVersion);
    record.kind = static_cast<RecordKind>(kind);
    sound = sound && !recordKindName(record.kind).empty();
    sound = sound && readBytes(row, 5, record.id.bytes, false) && readBytes(row, 6, record.parent.bytes, true)
        && readBytes(row, 7, record.correlation.bytes, true) && readBytes(row, 13, record.domainVersion, true)
        && readBytes(row, 18, record.salt, false) && readBytes(row, 19, record.leaf, false)
        && readBytes(row, 20, record.chain, false);
    record.key = row.text(8);
    record.action = row.text(9);
    record.actor = row.text(10);
    record.timestamp = row.isNull(14) ? std::nullopt : std::optional(Timestamp{row.integer(14)});
    record.recordedAt = {row.integer(15)};
    record.headers = row.text(16);
    record.data = row.text(17);
    if (!sound) {
        return fail(ErrorCode::LedgerDamaged, "a record holds a value that no ledger writes",
                    "position " + std::to_string(record.position.value));
    }
    return {};
}

} // namespace commander
