// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/outcome_comparer.h"

#include <commander/ledger.h>

#include <functional>
#include <optional>
#include <stop_token>
#include <unordered_map>
#include <vector>

namespace commander {

/// One recorded decision: what the processor appended for one command, in one piece. Without a command and a result:
/// events that no command caused.
struct DecisionGroup {
    RecordPtr command;
    std::vector<RecordPtr> events;
    RecordPtr result;
    std::vector<RecordPtr> followUps;
    Timestamp decidedAt; ///< what the handler took for the time: of a command that waited, when it was released
    bool handled = true; ///< false: it expired, was cancelled or given up, and no handler decided this result

    [[nodiscard]] Outcome outcome() const;
};

/// Puts the ledger's records together to decisions, which come in the order in which they were made. Used by one
/// thread.
class DecisionCollector {
public:
    explicit DecisionCollector(Ledger &ledger) : m_ledger(ledger) { }

    /// Takes the next record. A decision is complete when something else follows, or when finish() says so.
    [[nodiscard]] Result<std::optional<DecisionGroup>> take(const RecordPtr &record);
    /// Nothing more belongs to the decision at hand: the ledger ends here, or the next record stands at a boundary.
    [[nodiscard]] Result<std::optional<DecisionGroup>> finish();

private:
    [[nodiscard]] bool belongs(const Record &record) const;
    void remember(const RecordPtr &command);
    /// Events of the engine say when a command that waited was decided, and that one was given up.
    void note(const Record &event);
    void judge(DecisionGroup &group);

    Ledger &m_ledger;
    DecisionGroup m_open;
    std::unordered_map<Uuid, RecordPtr> m_commands; ///< the newest without a result
    struct Note {
        Timestamp time;
        bool handled = true;
    };
    std::unordered_map<Uuid, Note> m_notes; ///< of commands that get their result in the same step
};

/// The last place at or before `position` that is not between the records of one decision; the ledger's head when
/// `position` is beyond it.
[[nodiscard]] Result<Position> decisionBoundary(Ledger &ledger, Position position);

/// Every record after `from` up to `to`, in batches.
[[nodiscard]] Result<void> walkRecords(Ledger &ledger, Position from, Position to, std::stop_token stop,
                                       const std::function<Result<void>(const RecordPtr &)> &take);
/// Every decision between two boundaries.
[[nodiscard]] Result<void> walkDecisions(Ledger &ledger, Position from, Position to, std::stop_token stop,
                                         const std::function<Result<void>(const DecisionGroup &)> &take);

} // namespace commander
