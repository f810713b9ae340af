// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <string>
#include <vector>

namespace commander {

/// The sandbox workspace of this user: created on first use.
[[nodiscard]] Result<std::string> sandboxLedgerPath();

/// What a workspace is opened with: the built-in domains and the given file.
[[nodiscard]] OpenOptions workspaceOptions(std::string ledgerPath, bool readOnly = false);

/// Loads and tests domains for every workspace.
[[nodiscard]] const DomainLoader &domainLoader();

/// Lets the domain of each folder be installed when the workspace is opened; one that is named like a built-in domain
/// takes its place. `trust`: their scripts run in this program from now on (trust.h). Errors of loadDomainFolder() and
/// trustDomain().
[[nodiscard]] Result<void> addDomainFolders(OpenOptions &options, const std::vector<std::string> &folders,
                                            bool trust = false);

/// A command line that sends the talk's transfer to the given server and waits for its result.
[[nodiscard]] std::string exampleCurl(const std::string &baseUrl);

} // namespace commander
