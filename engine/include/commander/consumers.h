// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// What follows the ledger.
enum class ConsumerKind {
    Processor, ///< decides commands
    Domain,    ///< the processor's work for one domain; the others go on without it
    View,      ///< folds events into the documents of one version of a view
    Index,     ///< finds records
    Watch,     ///< counts records and tells everybody how far the ledger is
    Shadow     ///< decides live commands with a candidate, for comparison
};
[[nodiscard]] std::string_view consumerKindName(ConsumerKind kind) noexcept; ///< "processor", "domain", …

enum class ConsumerState {
    Running,
    Paused, ///< by hand, until it is resumed
    Stopped ///< by a fault
};
[[nodiscard]] std::string_view consumerStateName(ConsumerState state) noexcept; ///< "running", "paused", "stopped"

/// An event that one version of a view leaves out, because its fold could not take it.
struct SkippedEvent {
    Uuid event;
    Position position;
    std::string reason; ///< as the one who skipped it said
    Uuid command;       ///< skip-event, which says who did it and when
};

struct ConsumerStatus {
    std::string name; ///< "processor", "domain:bank", "view:accounts@1-1a2b3c4d", "index", "watch", "shadow:1"
    ConsumerKind kind = ConsumerKind::View;
    ConsumerState state = ConsumerState::Running;
    Position position;                      ///< has taken everything up to here
    std::uint64_t lag = 0;                  ///< records behind the ledger's end
    std::string fault = {};                 ///< why it stopped or what it waits for, in words; else empty
    std::string reason = {};                ///< why it is paused, as the one who paused it said
    std::optional<Position> faultAt = {};   ///< a view stopped at this event
    std::optional<Position> rebuilt = {};   ///< a reset is under way and has come to here
    std::vector<SkippedEvent> skipped = {}; ///< views only
    std::uint64_t waiting = 0;              ///< domains only: commands that came while it was paused and still wait
    bool serves = false;                    ///< views only: readers see it
    bool canPause = false;                  ///< pause() and resume() do something
    bool canReset = false;
};

/// As the REST contract and `commanderctl consumers --json` write it: one JSON object.
[[nodiscard]] std::string consumerJson(const ConsumerStatus &status);

/// Who does it to whom, and why.
struct ConsumerRequest {
    std::string name; ///< of ConsumerStatus; "view:accounts" is the version that serves
    std::string actor;
    std::string reason = {};
};

/// Every consumer of the ledger, and what an operator does to them. What is paused and which events are skipped is
/// recorded in the ledger by commands of the domain `commander-consumers`, so that it survives a restart, can be
/// explained, and a rebuild leaves out the same events. (A shadow ends with the engine, so what is done to it is not
/// recorded.) Thread-safe; everything but list() blocks until it has taken effect or cannot: never call it from the GUI
/// thread. Errors of all: NotFound (no such consumer), Conflict (it, or its state, does not allow it), LedgerReadOnly,
/// TimedOut (recorded, but not decided in time), those of Commands::submit().
class Consumers {
public:
    virtual ~Consumers() = default;
    /// The processor and its domains first, then views by name and version, then the others.
    [[nodiscard]] virtual std::vector<ConsumerStatus> list() = 0;
    /// It takes nothing any more. Commands that nobody decides stay accepted. A view with which commands are decided
    /// cannot be paused (Conflict): pause its domain.
    [[nodiscard]] virtual Result<void> pause(const ConsumerRequest &request) = 0;
    /// Goes on where it stands. A view that a fault has stopped tries the event again.
    [[nodiscard]] virtual Result<void> resume(const ConsumerRequest &request) = 0;
    /// Views and the index: builds again from position 1. A view is read as it was until the new documents have come
    /// as far; the index answers from what it has by then. Not recorded: derived files come out the same.
    [[nodiscard]] virtual Result<void> reset(const ConsumerRequest &request) = 0;
    /// A view that stopped at an event leaves out exactly this event, now and in every rebuild of this version. Needs a
    /// reason.
    [[nodiscard]] virtual Result<SkippedEvent> skip(const ConsumerRequest &request) = 0;
};

} // namespace commander
