// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/script_domain.h>

#include <string>
#include <vector>

namespace commander {

/// How this program runs scripts: those of a domain that the operator vouches for here, all others in processes of
/// commander-script-host, which lies beside this program.
[[nodiscard]] ScriptOptions scriptOptions();

/// Takes over what the operator vouched for in this workspace: the file NAME.ledger.trusted beside the ledger, for
/// people to read and to edit, one domain a line: hash, name, version. It never comes from a ledger, which may be
/// somebody else's. Error IoError.
[[nodiscard]] Result<void> readTrust(const std::string &ledgerPath);

/// Vouches for this version of a domain, now and whenever the workspace is opened. True when it is new. Errors IoError,
/// those of domainHash().
[[nodiscard]] Result<bool> trustDomain(const std::string &ledgerPath, const std::vector<DomainFile> &files);

/// Whether the scripts of this version run in this program.
[[nodiscard]] bool isTrusted(const Hash256 &hash);

} // namespace commander
