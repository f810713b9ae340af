// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

namespace commander {

/// What every ledger asks of a transaction before it looks at its own content. Errors InvalidArgument, LimitExceeded,
/// DuplicateId (an id twice within the transaction).
[[nodiscard]] Result<void> checkRecord(const RecordDraft &record);
[[nodiscard]] Result<void> checkTransaction(const LedgerTransaction &transaction);

} // namespace commander
