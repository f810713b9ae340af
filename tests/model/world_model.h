// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/bank_model.h"

#include <commander/command_terms.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace commander::model {

/// Everything that a recorded command may lead to, told plainly: the bank, the tally in its versions, commands that
/// wait for a time or for a parked one, and the commands that end their waiting.
class WorldModel {
public:
    /// A command that gets its result now.
    struct Ended {
        Uuid command;
        Expected expected;
    };
    struct Step {
        std::vector<Ended> ended;       ///< in the order of their results
        std::vector<std::string> notes; ///< events of the system domain: "action id-of-the-command"
        std::string resumes;            ///< data of the command that goes on with a long sequence, or empty
    };
    struct Tally {
        std::int64_t sum = 0;
    };
    struct Turnover {
        std::int64_t movements = 0;
        std::int64_t moved = 0;
    };

    /// What this command must lead to. Commands come in ledger order.
    [[nodiscard]] Step take(const Record &command);
    void tallyInstalled(int version) { m_version = version; }

    [[nodiscard]] const std::map<std::string, BankModel::Account> &accounts() const { return m_bank.accounts(); }
    [[nodiscard]] std::map<std::string, std::string> tallies() const;
    [[nodiscard]] std::map<std::string, std::string> turnover(std::uint32_t version) const;
    /// "scheduled" or "parked" by command id.
    [[nodiscard]] std::map<std::string, std::string> waiting() const;
    [[nodiscard]] std::vector<std::string> parkedSequences() const;
    [[nodiscard]] int version() const { return m_version; }
    /// Is it time for the engine to end this command's waiting by itself? Or was it, before another of the commands
    /// that the engine recorded together with this one did?
    [[nodiscard]] bool isDue(const Uuid &command, bool release, Timestamp now) const;
    /// Decided ones of the bank, the engine's follow-ups included.
    [[nodiscard]] std::uint64_t bankDecisions() const { return m_bankDecisions; }

private:
    struct Waiting {
        Record command;
        CommandTerms terms;
        std::string sequence; ///< empty: scheduled
        std::int64_t number = 0;
        bool faulted = false;
    };
    struct Sequence {
        std::map<std::int64_t, Uuid> commands;
        std::int64_t last = 0;
    };

    [[nodiscard]] Step takeSystem(const Record &command);
    [[nodiscard]] Step takeResume(const Record &command);
    void decideOrPark(const Record &command, Timestamp now, std::optional<std::int64_t> head, Step &step);
    void decideReleased(const Record &command, Timestamp now, std::optional<std::int64_t> head, Step &step);
    void park(const Record &command, std::optional<std::int64_t> head, bool faulted, Step &step);
    /// Takes it out of what waits, and out of its sequence.
    [[nodiscard]] Waiting leave(const Uuid &command, std::string_view note, Step &step);
    void drain(const std::string &sequence, Timestamp now, Step &step);
    [[nodiscard]] Expected decideTally(const Json &data);
    [[nodiscard]] Expected decideBank(Record command, Timestamp now);

    BankModel m_bank;
    int m_version = 0;
    std::map<std::string, Tally> m_tallies;
    std::map<std::string, Turnover> m_turnover;
    std::map<Uuid, Waiting> m_waiting;
    std::map<Uuid, Waiting> m_leftNow; ///< at this time: m_now
    Timestamp m_now;                   ///< of the last command
    std::map<std::string, Sequence> m_sequences;
    std::uint64_t m_bankDecisions = 0;
};

} // namespace commander::model
