// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <string>

namespace commander {

/// The sandbox workspace of this user: created on first use.
[[nodiscard]] Result<std::string> sandboxLedgerPath();

/// What a workspace is opened with: the built-in domains and the given file.
[[nodiscard]] OpenOptions workspaceOptions(std::string ledgerPath, bool readOnly = false);

/// A command line that sends the talk's transfer to the given server and waits for its result.
[[nodiscard]] std::string exampleCurl(const std::string &baseUrl);

} // namespace commander
