// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/ledger.h>

#include <array>
#include <cstdint>

namespace commander {

/// Widths in seconds of the time buckets whose counts the index keeps. Each is a whole multiple of the one before, and
/// no more than ten (once: twenty-four) times it, so that any bin is the sum of few buckets.
inline constexpr std::array<std::int64_t, 6> rollupSeconds{1, 10, 60, 600, 3600, 86'400};
inline constexpr std::int64_t microsPerSecond = 1'000'000;

/// Rounds towards the past, also before 1970.
[[nodiscard]] constexpr std::int64_t floorDivide(std::int64_t value, std::int64_t by) noexcept
{
    return value / by - (value % by < 0 ? 1 : 0);
}

/// In which role an id stands in `strays`: on disk, never renumber without raising the schema version.
enum class StrayRole : std::int64_t { Parent = 0, Correlation = 1 };

/// Where the index stands in which ledger: kept in the same transaction as the rows.
struct IndexState {
    Uuid ledger;
    Position position;
    Hash256 chain{}; ///< of the record at `position`
    Timestamp first;
    Timestamp last;
};

/// The tables of the index file. `ordered`: the ledger has a total order, so it finds ids and bodies itself.
/// Errors as Database::error().
[[nodiscard]] Result<void> createIndexSchema(Database &database, bool ordered, const Uuid &ledger);
/// Settings of the connection that writes.
[[nodiscard]] Result<void> configureIndexWriter(Database &database, std::size_t pageCacheBytes);
/// Error LedgerDamaged when this is no index of ours (another program's file, another version, nothing in it).
[[nodiscard]] Result<IndexState> readIndexState(Database &database);

} // namespace commander
