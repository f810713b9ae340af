// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/ledger.h>

#include <map>

namespace commander {

/// The tables of records and topics as the connection that writes them sees them: inserts, and knows the next offset of
/// each partition. Within a transaction of the database, which must stay where it is.
class RecordTable {
public:
    struct Partition {
        std::int64_t topicId = 0;
        std::uint64_t next = 0; ///< offset of the next record
    };
    [[nodiscard]] static Result<RecordTable> open(Database &database);
    RecordTable() = default;

    /// Adds the topic when it is new. The pointer is good until forget().
    [[nodiscard]] Result<Partition *> partition(const std::string &topic, std::uint32_t number);
    /// The record as it is; counts its partition on. Error as Database::error(); duplicateMet() says more.
    [[nodiscard]] Result<void> insert(const Record &record, Partition &partition);
    /// The last insert() failed because the id is already there.
    [[nodiscard]] bool duplicateMet() const noexcept { return m_duplicateMet; }
    /// What is cached may come from a transaction that was taken back.
    void forget();

private:
    [[nodiscard]] Result<std::int64_t> topicIdOf(const std::string &topic);

    Database *m_database = nullptr;
    Statement m_insert;
    Statement m_topicId;
    Statement m_addTopic;
    Statement m_nextOffset;
    std::map<TopicPartition, Partition> m_partitions;
    std::pair<const TopicPartition, Partition> *m_lastUsed = nullptr;
    bool m_duplicateMet = false;
};

} // namespace commander
