// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>
#include <commander/ledger.h>

namespace commander {

/// A ledger that passed the checks of opening.
struct CheckedLedger {
    Uuid id;
    LedgerHead head;                  ///< the last record that is there
    std::uint64_t headGeneration = 0; ///< of the newest promise in PATH.head
};

/// Compares the newest records, their chain and PATH.head before anything is written or recovered on disk; the cost
/// does not grow with the ledger. A head that is behind is legal (a crash between commit and head) when the chain links
/// up from there. `owner`: the caller holds the ledger's lock, so traces of a refused ledger can be removed. Errors
/// LedgerDamaged, IoError.
[[nodiscard]] Result<CheckedLedger> checkLedger(FileSystem &fileSystem, const std::string &path, bool owner);

} // namespace commander
