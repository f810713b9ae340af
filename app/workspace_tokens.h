// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/access.h>

namespace commander {

/// The tokens of the workspace with this ledger.
[[nodiscard]] std::shared_ptr<AccessTokens> workspaceTokens(const std::string &ledgerPath);

} // namespace commander
