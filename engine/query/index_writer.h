// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_names.h"
#include "query/index_schema.h"
#include "query/position_lookup.h"
#include "sqlite/database.h"

#include <map>
#include <span>
#include <vector>

namespace commander {

/// Writes batches of records into the index, each with everything that is counted from it and with the new place, in
/// one transaction. Follower thread only.
class IndexWriter {
public:
    IndexWriter(Database &database, Ledger &ledger, IndexState state, std::shared_ptr<const IndexNames> names,
                std::vector<std::uint64_t> counts);

    [[nodiscard]] Result<void> prepare();
    /// All or nothing, in memory too. Records must continue where the index stands (see IndexStorage::write).
    [[nodiscard]] Result<void> write(std::span<const RecordPtr> records);

    [[nodiscard]] Position position() const noexcept { return m_state.position; }
    [[nodiscard]] std::shared_ptr<const IndexSnapshot> snapshot();

private:
    [[nodiscard]] Result<void> insertAll(std::span<const RecordPtr> records);
    [[nodiscard]] Result<void> insert(const Record &record);
    /// The position of a cause, or 0 after its id was written to `strays`.
    [[nodiscard]] Result<Position> cause(const Uuid &id, Position effect, StrayRole role);
    [[nodiscard]] Result<void> insertOutcome(const Record &result, Position command, Position position);
    [[nodiscard]] Result<void> insertWhole(const Record &record, Position position);
    [[nodiscard]] Result<void> insertNames();
    [[nodiscard]] Result<void> addCounts();
    [[nodiscard]] Result<void> moveOn(const Record &last);
    [[nodiscard]] Result<void> rememberSources(std::span<const RecordPtr> records);

    using BucketCounts
        = std::map<std::pair<std::int64_t, std::int64_t>, std::uint64_t>; ///< (bucket, series) -> records

    Database &m_database;
    const bool m_ordered;
    IndexState m_state;
    NameNumbers m_numbers;
    PositionLookup m_positions;
    std::vector<std::uint64_t> m_counts;
    // Of the batch in work
    IndexState m_newState;
    std::vector<std::uint64_t> m_newCounts;
    BucketCounts m_seconds;
    std::string m_body;
    // Prepared once
    Statement m_begin;
    Statement m_commit;
    Statement m_insertRecord;
    Statement m_insertStray;
    Statement m_insertOutcome;
    Statement m_insertSeries;
    Statement m_insertActor;
    Statement m_updateSeries;
    Statement m_addRollup;
    Statement m_updateState;
    // Only without a total order
    Statement m_insertId;
    Statement m_insertBody;
    Statement m_putSource;
};

} // namespace commander
