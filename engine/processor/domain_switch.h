// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>
#include <commander/result.h>

#include <stop_token>

namespace commander {

/// Commands that exchange the domains which the processor decides with. Such a command is decided alone: everything
/// before it is committed before it is prepared, and everything after it is decided once what it installed has taken
/// over. Called by the processor's thread only.
class DomainSwitch {
public:
    virtual ~DomainSwitch() = default;
    [[nodiscard]] virtual bool concerns(const Record &command) const = 0;
    /// Finds out what the decision needs; what is wrong with the command itself is no error. An Error is tried again
    /// where an append would be.
    [[nodiscard]] virtual Result<void> prepare(const Record &command, std::stop_token stop) = 0;
    /// Lets decide what the ledger says is installed: after the commit, and whenever the processor begins.
    [[nodiscard]] virtual Result<void> takeOver(std::stop_token stop) = 0;
};

} // namespace commander
