// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/file_system.h>
#include <commander/time.h>

#include <string>

namespace commander {

/// What lies at the path of a ledger, judged from its first bytes and its neighbours alone.
enum class LedgerFileKind {
    Missing,    ///< nothing there: a ledger may be made
    Unfinished, ///< making a ledger was cut short before there was anything in it; it may be made again
    Ledger,     ///< a ledger of a format we know
    Importing   ///< an import into it is not finished
};
enum class LedgerFileUse { Open, Import };

/// Reads the header without opening a database. Errors LedgerForeign, LedgerNewer, LedgerDamaged (companions of a
/// ledger without the ledger), IoError. A ledger whose import is not finished is LedgerForeign, except to the import
/// itself. Changes nothing. Like everything that touches the database file it goes through
/// SQLite's file layer: closing an ordinary descriptor of the file would drop the locks of every connection of this
/// process.
[[nodiscard]] Result<LedgerFileKind> inspectLedgerFile(FileSystem &fileSystem, const std::string &path,
                                                       LedgerFileUse use = LedgerFileUse::Open);

/// Writes an empty ledger, its first page last, so that a crash leaves Unfinished or a whole ledger. The caller holds
/// the lock.
[[nodiscard]] Result<void> createLedgerFile(FileSystem &fileSystem, const std::string &path, const Uuid &ledgerId,
                                            Timestamp createdAt, LedgerFileUse use = LedgerFileUse::Open);

/// The folder of a path, for making a new file's name in it durable.
[[nodiscard]] std::string folderOf(const std::string &path);

/// A connection for looking without leaving a trace. With an empty or missing write-ahead log no companion is made;
/// with a log and no -shm file SQLite has to make one: `madeSharedMemory` says so.
struct QuietConnection {
    Database database;
    bool madeSharedMemory = false;
};
[[nodiscard]] Result<QuietConnection> openQuietly(FileSystem &fileSystem, const std::string &path);

} // namespace commander
