// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/decision_replay.h"

namespace commander {

/// Looks up what the edits are about and checks them as the door would. `from` and `to` bound what may be edited.
/// Errors InvalidArgument, NotFound, DuplicateId, UnknownAction, SchemaInvalid, LimitExceeded and those of JSON and of
/// reading; `where` says which edit.
[[nodiscard]] Result<CheckedEdits> checkEdits(const std::vector<CommandEdit> &edits, Ledger &ledger,
                                              const DomainRegistry &domains, Position from, Position to);

} // namespace commander
