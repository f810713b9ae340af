// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/bank_model.h"

#include <commander/engine.h>

#include <deque>
#include <random>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace commander::model {

/// A command as it was sent; whether the ledger took it, the checker finds out.
struct Sent {
    Uuid id;
    std::string action;
    std::string data;
    bool acknowledged = false;
    std::optional<Timestamp> notBefore = {};
    std::optional<Timestamp> expiresAt = {};
};

/// Reads a ledger on from where it stood the last time and holds every record against the model; then the documents,
/// now and at earlier positions. Every finding is a sentence; empty = all is well.
class LedgerChecker {
public:
    explicit LedgerChecker(std::uint64_t seed) : m_chance(seed) { }

    /// The commands of one session, in the order in which they were sent.
    void sent(std::vector<Sent> commands);
    /// Everything from the last position on. The engine must have come to rest.
    [[nodiscard]] std::string checkRecords(Engine &engine);
    /// All accounts now, and samples of the past: state, who set the balance.
    [[nodiscard]] std::string checkViews(Engine &engine);

    [[nodiscard]] const BankModel &model() const { return m_model; }
    [[nodiscard]] std::uint64_t commands() const { return m_commands; }
    [[nodiscard]] Position position() const { return m_position; }
    [[nodiscard]] const std::vector<Sent> &recorded() const { return m_recorded; }

private:
    struct Pending {
        Expected expected;
        std::size_t events = 0;
        bool resulted = false;
    };
    struct Sample {
        Position position;
        std::string key;
        std::string document;
        Uuid balanceSetBy;
    };

    [[nodiscard]] std::string takeCommand(const Record &command);
    [[nodiscard]] std::string takeEvent(const Record &event);
    [[nodiscard]] std::string takeResult(const Record &result);
    [[nodiscard]] std::string checkSent(const Record &command);
    void sampleChanges(const Record &event, const Uuid &command);

    std::mt19937_64 m_chance;
    BankModel m_model;
    Position m_position;
    Hash256 m_chain{};
    std::uint64_t m_commands = 0;
    std::deque<Sent> m_sent;                        ///< not seen in the ledger yet
    std::vector<Sent> m_recorded;                   ///< seen: to be sent again
    std::unordered_set<Uuid> m_ids;                 ///< of all records so far
    std::unordered_map<Uuid, Pending> m_pending;    ///< commands without their result
    std::unordered_map<Uuid, std::string> m_follow; ///< id of an expected follow-up command -> its data
    std::unordered_map<Uuid, std::vector<std::pair<std::string, BankModel::Account>>> m_effects; ///< by command
    std::vector<Sample> m_samples;
};

} // namespace commander::model
