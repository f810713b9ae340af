// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "processor/command_decider.h"
#include "processor/record_ids.h"
#include "processor/waiting_room.h"

#include <commander/clock.h>
#include <commander/ledger.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// What taking one command from the topic leads to: it is decided, or it begins to wait (for its time, or behind a
/// parked command of its key), or it ends the waiting of others, which are then decided in the same step. Time comes
/// from the commands' recordedAt, so that the ledger alone says why things are as they are; the clock only says when to
/// record the next release-command or expire-command. Processor thread only.
class StepDecider {
public:
    StepDecider(const DomainRegistry &domains, DecisionDocuments &documents, RecordIds &ids, KeyRevisions &revisions,
                Ledger &ledger, const Clock &clock);

    /// Appends everything that follows to `out`. Then keep(), or the documents are lost.
    [[nodiscard]] Result<void> take(const Record &command, std::vector<RecordDraft> &out);
    void keep(std::uint64_t batch);
    /// After a refused transaction: the command was taken before, whatever became of it.
    [[nodiscard]] Result<bool> takenBefore(const Record &command);

    /// Takes over what waits already.
    [[nodiscard]] Result<void> load(DocumentBackend &settled);
    [[nodiscard]] WaitingRoom &waiting() noexcept { return m_waiting; }
    /// Records the commands that end the waiting of what is due at `now`; gives their drafts.
    [[nodiscard]] Result<std::vector<RecordDraft>> dueCommands(const std::vector<WaitingRoom::Due> &due);

    /// Name of the event by which a command was parked itself.
    static constexpr std::string_view parkedName = "parked";

private:
    [[nodiscard]] Result<void> takeOne(const Record &command, std::vector<RecordDraft> &out);
    /// Decides it; what it ends follows. `head` is its place when it comes from the head of a parked sequence.
    [[nodiscard]] Result<bool> decide(const Record &command, const Record &cause, std::optional<std::int64_t> head,
                                      std::vector<RecordDraft> &out);
    [[nodiscard]] Result<void> defer(const Record &command, const Domain &domain, std::string_view reason,
                                     std::vector<RecordDraft> &out);
    [[nodiscard]] Result<void> park(const Record &command, const Domain &domain, const Record &cause,
                                    std::optional<std::int64_t> head, const CommandOutcome *fault,
                                    std::vector<RecordDraft> &out);
    /// At the end of this sequence, or where it was at its head.
    [[nodiscard]] Result<void> parkIn(const std::string &sequence, const Record &command, const Domain &domain,
                                      const Record &cause, std::optional<std::int64_t> head,
                                      const CommandOutcome *fault, std::vector<RecordDraft> &out);
    /// The domain is paused, or commands that came while it was still wait: the commands of it queue up behind them.
    [[nodiscard]] bool isHeld(const std::string &domain);
    [[nodiscard]] bool isPaused(const std::string &domain);
    [[nodiscard]] Result<void> applyEffects(const Record &cause, std::size_t begin, std::vector<RecordDraft> &out);
    [[nodiscard]] Result<void> applyEffect(const Record &cause, std::string_view event, const Json &data,
                                           std::vector<RecordDraft> &out);
    [[nodiscard]] Result<void> drain(const Record &cause, std::string_view domain, const std::string &sequence,
                                     std::vector<RecordDraft> &out);
    /// Decides a command that waits no longer, unless its time is over, its domain is held or its sequence is parked.
    /// `sequence`: where it waited, and its number there; empty = for its time.
    [[nodiscard]] Result<bool> decideReleased(const Record &command, const Record &cause, const std::string &sequence,
                                              std::optional<std::int64_t> number, std::vector<RecordDraft> &out);
    /// A domain goes on: so do the sequences of its keys that were not gone through while it was held.
    [[nodiscard]] Result<void> resumeSequences(const Record &cause, const std::string &domain,
                                               std::vector<RecordDraft> &out);
    [[nodiscard]] Result<void> recordResume(const Record &cause, const std::string &domain, const std::string &sequence,
                                            std::vector<RecordDraft> &out);
    [[nodiscard]] Result<void> expire(const Record &command, std::vector<RecordDraft> &out);
    /// An event of the system domain. Named after the command itself, or numbered within the step of its cause.
    [[nodiscard]] Result<void> note(const Record &cause, std::string_view name, std::string_view action,
                                    std::string_view key, const Json &data, std::vector<RecordDraft> &out);
    void touch(const Json &data);
    [[nodiscard]] Result<RecordPtr> waitingCommand(const Json &data);

    // Constant after construction
    const DomainRegistry &m_domains;
    DecisionDocuments &m_documents;
    RecordIds &m_ids;
    KeyRevisions &m_revisions;
    Ledger &m_ledger;
    const Clock &m_clock;
    const Domain *m_system;    ///< null when it is not registered: nothing waits then
    const Domain *m_consumers; ///< null when it is not registered: nothing is paused then

    // Processor thread only
    CommandDecider m_decider;
    WaitingRoom m_waiting;
    std::size_t m_notes = 0;                     ///< events added in this step
    std::size_t m_resumes = 0;                   ///< resume-sequence commands added in this step
    std::vector<std::string> m_touchedCommands;  ///< that began or ended to wait in this step
    std::vector<std::string> m_touchedSequences; ///< the same of sequences
    std::vector<std::string> m_touchedConsumers; ///< that were paused or resumed in this step
    bool m_draining = false;                     ///< the step is already going through a parked sequence
};

} // namespace commander
