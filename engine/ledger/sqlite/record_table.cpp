// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/record_table.h"

#include "ledger/sqlite/record_row.h"

#include <sqlite3.h>

namespace commander {

Result<RecordTable> RecordTable::open(Database &database)
{
    std::string values = "?1";
    for (int column = 2; column <= recordColumnCount; ++column)
        values += ", ?" + std::to_string(column);
    RecordTable table;
    table.m_database = &database;
    const std::pair<Statement *, std::string> statements[] = {
        {&table.m_insert, "INSERT INTO records (" + std::string(recordColumns) + ") VALUES (" + values + ")"},
        {&table.m_topicId, "SELECT topic_id FROM topics WHERE name = ?1"},
        {&table.m_addTopic, "INSERT INTO topics (name) VALUES (?1)"},
        {&table.m_nextOffset, "SELECT max(\"offset\") + 1 FROM records WHERE topic_id = ?1 AND partition = ?2"},
    };
    for (const auto &[statement, sql] : statements) {
        auto prepared = database.prepare(sql);
        if (!prepared)
            return fail(prepared.error());
        *statement = std::move(*prepared);
    }
    return table;
}

void RecordTable::forget()
{
    m_partitions.clear();
    m_lastUsed = nullptr;
}

Result<void> RecordTable::insert(const Record &record, Partition &partition)
{
    m_duplicateMet = false;
    bindRecord(m_insert, record, partition.topicId);
    if (auto inserted = m_insert.run(); !inserted) {
        m_duplicateMet = sqlite3_extended_errcode(m_database->handle()) == SQLITE_CONSTRAINT_UNIQUE;
        return inserted;
    }
    ++partition.next;
    return {};
}

Result<RecordTable::Partition *> RecordTable::partition(const std::string &topic, std::uint32_t number)
{
    if (m_lastUsed && m_lastUsed->first.partition == number && m_lastUsed->first.topic == topic)
        return &m_lastUsed->second;
    if (const auto known = m_partitions.find({topic, number}); known != m_partitions.end()) {
        m_lastUsed = &*known;
        return &m_lastUsed->second;
    }
    const auto topicId = topicIdOf(topic);
    if (!topicId)
        return fail(topicId.error());
    const auto row = m_nextOffset.bind(1, *topicId).bind(2, std::int64_t{number}).step();
    if (!row)
        return fail(row.error());
    const auto next = static_cast<std::uint64_t>(m_nextOffset.integer(0)); // 0 for none: max() of nothing is NULL
    m_nextOffset.reset();
    m_lastUsed = &*m_partitions.insert({{topic, number}, {*topicId, next}}).first;
    return &m_lastUsed->second;
}

Result<std::int64_t> RecordTable::topicIdOf(const std::string &topic)
{
    const auto row = m_topicId.bind(1, topic).step();
    if (!row)
        return fail(row.error());
    const auto known = *row ? std::optional(m_topicId.integer(0)) : std::nullopt;
    m_topicId.reset();
    if (known)
        return *known;
    if (auto added = m_addTopic.bind(1, topic).run(); !added)
        return fail(added.error());
    return sqlite3_last_insert_rowid(m_database->handle());
}

} // namespace commander
