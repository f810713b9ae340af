// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger_checker.h"

#include <string>
#include <vector>

namespace commander::model {

/// What one session does: the commands it sends, by seed the same in every process, and where it dies.
struct SessionPlan {
    std::vector<Sent> commands;
    std::vector<Sent> repeats;    ///< recorded earlier: sent again in between
    std::uint64_t dieAtWrite = 0; ///< number of the disk operation before which the process ends at once; 0 = never
    std::size_t burst = 1;        ///< commands on their way at once
};

/// Runs a session in a process of its own that opens the workspace, sends everything, and closes it or dies. Marks what
/// was acknowledged. Empty, or what went wrong (a death that was planned is fine). The caller must have no threads.
[[nodiscard]] std::string runSession(const std::string &ledger, SessionPlan &plan, bool &died);

/// The domains of the test.
[[nodiscard]] OpenOptions modelOptions(const std::string &ledger);

} // namespace commander::model
