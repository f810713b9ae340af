// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/comparison.h>
#include <commander/domain.h>
#include <commander/record.h>
#include <commander/views.h>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

/// How far a replay or a branch is. `phase` Documents: folding the past with other folds, or comparing at the end.
struct ExperimentProgress {
    enum class Phase { Documents, Commands } phase = Phase::Commands;
    Position from; ///< of this phase
    Position to;
    Position at;
    std::uint64_t commands = 0;   ///< decided so far
    double commandsPerSecond = 0; ///< in this phase
};
/// Called now and then on the thread that does the work.
using OnExperimentProgress = std::function<void(const ExperimentProgress &)>;

/// Which documents a candidate decides over once it has decided otherwise than the record says.
enum class CandidateState {
    Own,     ///< its own events so far: a difference has consequences
    Recorded ///< the recorded events, folded by its folds: every command is judged alone
};

/// Recorded commands through another version of the domains.
struct ReplayRequest {
    std::vector<std::shared_ptr<const Domain>> domains; ///< all domains of the candidate version
    Position from;                                      ///< commands decided after this position; 0 = all
    std::optional<Position> to;                         ///< … and up to here; the head when absent
    CandidateState state = CandidateState::Own;
    std::function<bool(const Record &command)> only; ///< compares these only; all when empty
    ComparisonRules rules;
    OnExperimentProgress onProgress;
};
struct ReplayReport {
    Position from; ///< as it was done: never between the records of one decision
    Position to;
    Comparison comparison;
    std::vector<std::string> viewFaults; ///< views of the candidate that stopped, and why
    double seconds = 0;                  ///< for the commands
};

/// One change to the recorded commands.
struct CommandEdit {
    enum class Kind { Replace, Remove, Add } kind = Kind::Replace;
    Uuid command;       ///< Replace, Remove: the recorded command. Add: its id; made from the ledger's id when null
    Position after;     ///< Add: as if it had been recorded right after this position
    std::string action; ///< Add; Replace: empty = as recorded
    std::string data;   ///< Add, Replace
    std::string actor;  ///< Add
};

/// A copy-on-write ledger from a position on.
struct WhatIfRequest {
    Position from;              ///< everything up to here is shared with the real ledger
    std::optional<Position> to; ///< goes no further; the head when absent
    std::vector<CommandEdit> edits;
    ComparisonRules rules;
    OnExperimentProgress onProgress;
};

struct WhatIfSummary {
    Position from; ///< as it was done: never between the records of one decision
    Position to;
    std::uint64_t records = 0; ///< of the branch, after `from`
    Hash256 chain{};           ///< over `from`'s chain and these records: the same branch always gives the same
    Comparison outcomes;       ///< of the commands, real against branch
    std::uint64_t documentsCompared = 0;
    std::uint64_t documentsDifferent = 0;
    std::vector<std::string> viewFaults; ///< views that stopped in the branch, and why
};

/// A document that is another in the branch.
struct DocumentDifference {
    std::string view;
    std::string key;
    std::vector<FieldChange> fields; ///< before = real, after = branch
};

/// A branch after it was run. Destroying it throws everything away. Thread-safe and blocking.
class WhatIfBranch {
public:
    virtual ~WhatIfBranch() = default;
    [[nodiscard]] virtual const WhatIfSummary &summary() const noexcept = 0;
    /// The branch's own records from a position on: positions go on from the shared past, in the order of deciding;
    /// each command stands before its events. Offsets count within the branch.
    [[nodiscard]] virtual Result<std::vector<Record>> records(Position first, std::size_t max) = 0;
    /// Commands that went another way, in their order, after skipping some.
    [[nodiscard]] virtual Result<std::vector<OutcomeDifference>> outcomes(std::uint64_t skip, std::size_t max) = 0;
    /// Documents that differ at the end, by view and key, after skipping some.
    [[nodiscard]] virtual Result<std::vector<DocumentDifference>> documents(std::uint64_t skip, std::size_t max) = 0;
    /// A document as it is at the branch's end. Errors NotFound, UnknownView.
    [[nodiscard]] virtual Result<std::string> document(const std::string &view, const std::string &key) = 0;
};

/// A candidate that decides on live commands beside the real domains.
struct ShadowRequest {
    std::string name;                                   ///< for people
    std::vector<std::shared_ptr<const Domain>> domains; ///< all domains of the candidate version
    std::optional<Position> from;                       ///< compares what is decided after this position; now if absent
    ComparisonRules rules;
};
struct ShadowStatus {
    std::string name;
    Position position;    ///< everything up to here was compared (or folded, while it catches up)
    Position ledger;      ///< head
    Position compareFrom; ///< until `position` is there it only folds the past
    bool paused = false;
    bool running = true;
    std::string fault; ///< why it stopped by itself
    Comparison comparison;
    double commandsPerSecond = 0; ///< compared, over the time it was not paused
    std::vector<std::string> viewFaults;
};
/// Destroying it ends it. Thread-safe.
class ShadowRun {
public:
    virtual ~ShadowRun() = default;
    [[nodiscard]] virtual ShadowStatus status() const = 0;
    virtual void pause() = 0;
    virtual void resume() = 0;
    /// Ends after the command in work; the status stays.
    virtual void stop() = 0;
};

/// Decisions whose records go nowhere: to try, compare and throw away. No reaction reaches the ledger. Thread-safe;
/// replay() and whatIf() work on the calling thread for as long as it takes: never the GUI thread. Needs a ledger with
/// a total order (Unsupported otherwise). Must not outlive the engine.
class Experiments {
public:
    virtual ~Experiments() = default;
    /// Errors InvalidArgument, NotReady, Cancelled, and those of reading.
    [[nodiscard]] virtual Result<ReplayReport> replay(ReplayRequest request, std::stop_token stop = {}) = 0;
    /// Errors InvalidArgument, NotFound (an edited command), those of Commands::submit for an edit that would be
    /// refused at the door, NotReady, Cancelled, and those of reading.
    [[nodiscard]] virtual Result<std::unique_ptr<WhatIfBranch>> whatIf(WhatIfRequest request, std::stop_token stop = {})
        = 0;
    /// Starts a follower of its own; the processor never waits for it.
    [[nodiscard]] virtual Result<std::unique_ptr<ShadowRun>> shadow(ShadowRequest request) = 0;
};

} // namespace commander
