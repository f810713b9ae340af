// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/decision_groups.h"
#include "experiments/simulator.h"

#include <commander/experiments.h>

#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

namespace commander {

/// The edits of a branch, checked: what takes the place of which command, and what comes in addition.
struct CheckedEdits {
    std::unordered_map<Uuid, std::optional<Record>> changed; ///< nothing = removed
    std::vector<Record> added;                               ///< by position of the record before them
};

/// Decides recorded commands again, in their order, and what else comes of them. Used by one thread at a time.
class DecisionReplay {
public:
    /// One command, on both sides. The pointers are valid during the call.
    struct Decided {
        const Record *command = nullptr;         ///< as it was decided here, or as it was recorded when it is gone
        const DecisionGroup *recorded = nullptr; ///< null: was never recorded
        const std::vector<RecordDraft> *records = nullptr; ///< null: was not decided here
    };
    struct Options {
        const DomainRegistry &domains;
        SimulatedViews &views;
        CandidateState state = CandidateState::Own;
        Position from;      ///< a boundary; follow-up commands up to here are there by themselves
        CheckedEdits edits; ///< CandidateState::Own only
        std::function<Result<void>(const Decided &)> onDecided;
    };
    explicit DecisionReplay(Options options);

    [[nodiscard]] Result<void> take(const DecisionGroup &group);
    /// Decides what is to come after the last recorded decision.
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] Result<void> takeOwn(const DecisionGroup &group);
    [[nodiscard]] Result<void> takeRecorded(const DecisionGroup &group);
    [[nodiscard]] Result<void> decideAdded(Position before);
    [[nodiscard]] bool isForAHandler(const DecisionGroup &recorded) const;
    [[nodiscard]] Result<std::vector<RecordDraft>> decideAs(const Record &command, const DecisionGroup &recorded);
    [[nodiscard]] Result<void> decide(const Record &command, const DecisionGroup *recorded);
    [[nodiscard]] Result<void> decideQueue();
    [[nodiscard]] Result<void> foldRecorded(const DecisionGroup &group);
    [[nodiscard]] std::optional<Record> resolve(const DecisionGroup &group);

    const Options m_options;
    Simulator m_simulator;
    std::size_t m_nextAdded = 0;
    std::unordered_map<Uuid, RecordDraft> m_expected; ///< follow-up commands decided here that the record has as well
    std::deque<Record> m_queue;                       ///< follow-up commands that only this side has
};

} // namespace commander
