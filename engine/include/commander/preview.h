// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/commands.h>
#include <commander/views.h>

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

/// One command of a preview: the one that was asked about, or a follow-up command, with everything it would record.
/// Positions say where the records would stand if nothing else came in between.
struct PreviewedCommand {
    Record command;
    CommandOutcome outcome;              ///< status Accepted: it would only be decided later (see Preview::undecided)
    std::vector<Record> events;          ///< with the ids and the bytes that they would have
    std::optional<Record> result;        ///< absent while undecided
    std::vector<Uuid> followUps;         ///< commands that its events cause; each has its own entry
    std::vector<DocumentChange> changes; ///< in every view, also those that no handler reads
};

/// What a command would cause. Nothing of it is recorded.
struct Preview {
    Position at;                            ///< the documents it was decided over are those of this position
    std::vector<PreviewedCommand> commands; ///< in the order of deciding; the first is the one asked about
    std::size_t undecided = 0;              ///< follow-up commands beyond limits::previewCommandsMax, or not yet due
    std::vector<std::string> viewFaults;    ///< views that stopped, or would stop here; their changes are not shown
};

/// Dry runs of commands. Thread-safe; works on the calling thread and may take long there: never the GUI thread.
class Previews {
public:
    virtual ~Previews() = default;
    /// Decides the command over the documents as they are now or stood `at` a position (a position between the records
    /// of one decision means the place before it), without recording anything. The same command with the same id (one
    /// is made when the draft has none: see commands[0]) then gives the same events, byte for byte, unless something
    /// else is recorded first or the handler looks at the time. Errors are those of Commands::submit, DuplicateId when
    /// the command is recorded already (not with `at`), NotReady, Cancelled.
    [[nodiscard]] virtual Result<Preview> preview(CommandDraft draft, std::optional<Position> at = {},
                                                  std::stop_token stop = {})
        = 0;
};

} // namespace commander
