// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Fills a new ledger with at least `records` records by really running bank commands over so many accounts through the
/// engine, and waits
/// until index and views have caught up. Empty when all went well, else what did not.
[[nodiscard]] QString fillLedger(const QString &path, std::size_t records, std::size_t accounts = 500);

/// Resident memory of a process in MiB (VmRSS, or VmHWM with `peak`), from /proc; -1 when unknown.
[[nodiscard]] double residentMiB(qint64 pid, bool peak = false);
