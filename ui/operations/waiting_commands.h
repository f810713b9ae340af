// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

namespace commander::ui {

/// A command that is recorded and not decided yet, because its time has not come.
struct ScheduledCommand {
    Uuid command;
    std::string action;
    std::string key;
    std::optional<Timestamp> due;
    std::optional<Timestamp> expires;
    bool overdue = false; ///< its time is over: it will expire
};

/// A sequence (the commands of one key) that stands still because its first command met a fault.
struct ParkedSequence {
    std::string sequence; ///< e.g. "bank/12345"
    Uuid command;         ///< the first, that met the fault; the others wait behind it
    std::uint64_t waiting = 0;
    CommandOutcome fault; ///< status Accepted: it is being tried again
    std::optional<Timestamp> since;
};

struct WaitingCommands {
    std::vector<ScheduledCommand> scheduled; ///< soonest first
    std::vector<ParkedSequence> parked;
    bool more = false; ///< there are more than are read
    bool kept = true;  ///< false: this workspace has no such views
};

/// Blocks: for a worker. Reads the engine's own views of what waits.
[[nodiscard]] Result<WaitingCommands> readWaitingCommands(Engine &engine, std::stop_token stop);

} // namespace commander::ui
