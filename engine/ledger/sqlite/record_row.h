// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/record.h>

#include <unordered_map>

namespace commander {

/// Columns of a record in the order in which bindRecord() and RecordRows::read() take them.
inline constexpr std::string_view recordColumns
    = "position, topic_id, partition, \"offset\", kind, id, parent, correlation, \"key\", action, actor, depth, "
      "schema_version, domain_version, timestamp, recorded_at, headers, data, salt, leaf, chain";
inline constexpr int recordColumnCount = 21;

/// Binds all columns; the record must live until the statement has run.
void bindRecord(Statement &insert, const Record &record, std::int64_t topicId);

/// Turns rows into records, with the names of the topics at hand. Belongs to one connection.
class RecordRows {
public:
    /// Prepares the lookup of topic names.
    [[nodiscard]] static Result<RecordRows> open(Database &database);
    RecordRows() = default;

    /// Fills `record` from the present row; its texts keep their memory. Error LedgerDamaged when a value cannot be one
    /// that was written (a row like this passed no check of ours).
    [[nodiscard]] Result<void> read(Statement &row, Record &record);

private:
    [[nodiscard]] Result<const std::string *> topicName(std::int64_t topicId);

    Statement m_topic;
    std::unordered_map<std::int64_t, std::string> m_names;
};

} // namespace commander
