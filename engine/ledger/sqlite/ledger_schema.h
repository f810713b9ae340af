// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/engine.h>

#include <cstdint>

namespace commander {

/// In the file's header: "CMDR". Never change it.
inline constexpr std::uint32_t ledgerApplicationId = 0x434d4452;
/// "CMDI" instead, for as long as an import is not finished: nothing but the import opens such a file.
inline constexpr std::uint32_t importingApplicationId = 0x434d4449;
/// The format that this program writes, in the header as user_version.
inline constexpr std::uint32_t ledgerFormatVersion = 1;

/// Makes the tables, indexes, triggers and marks of an empty ledger.
[[nodiscard]] Result<void> createLedgerSchema(Database &database, const Uuid &ledgerId, Timestamp createdAt);
/// Compares what is in the file with what createLedgerSchema() makes. Error LedgerDamaged.
[[nodiscard]] Result<void> checkLedgerSchema(Database &database);
/// Identity from the meta table. Error LedgerDamaged.
[[nodiscard]] Result<Uuid> readLedgerId(Database &database);

/// Settings of a connection that only reads.
[[nodiscard]] Result<void> prepareReader(Database &database);
/// Settings of the one connection that writes, each read back: a setting that SQLite refuses silently would cost
/// records.
[[nodiscard]] Result<void> prepareWriter(Database &database, Durability durability);

} // namespace commander
