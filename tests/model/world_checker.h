// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger_checker.h"
#include "model/world_model.h"

#include <commander/engine.h>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace commander::model {

/// Holds a ledger and its documents against the model of everything. Every finding is a sentence; empty = all is well.
class WorldChecker {
public:
    /// The commands of one session, in the order in which they were sent.
    void sent(std::vector<Sent> commands);
    /// Every record from the last position on. The engine must have come to rest.
    [[nodiscard]] std::string checkRecords(Engine &engine);
    /// All documents as they are now. `turnover`: the version that must serve.
    [[nodiscard]] std::string checkDocuments(Engine &engine, std::uint32_t turnover) const;

    [[nodiscard]] const WorldModel &model() const { return m_model; }
    [[nodiscard]] Position position() const { return m_position; }
    [[nodiscard]] const Hash256 &chain() const { return m_chain; }
    [[nodiscard]] const std::vector<Sent> &recorded() const { return m_recorded; }
    [[nodiscard]] Position lastInstallation() const { return m_installedAt; }
    /// How many results of each kind, in words.
    [[nodiscard]] std::string outcomes() const;

private:
    struct Pending {
        Expected expected;
        std::size_t events = 0;
    };

    [[nodiscard]] std::string take(const Record &record);
    [[nodiscard]] std::string takeCommand(const Record &command);
    [[nodiscard]] std::string checkSent(const Record &command);
    [[nodiscard]] std::string checkByTheEngine(const Record &command) const;
    [[nodiscard]] std::string takeNote(const Record &event);
    [[nodiscard]] std::string takeEvent(const Record &event);
    [[nodiscard]] std::string takeResult(const Record &result);
    [[nodiscard]] static std::string checkView(Engine &engine, const std::string &view,
                                               const std::map<std::string, std::string> &expected);

    WorldModel m_model;
    Position m_position;
    Position m_installedAt;
    Hash256 m_chain{};
    std::deque<Sent> m_sent;
    std::vector<Sent> m_recorded;
    std::unordered_set<Uuid> m_ids;
    std::unordered_map<Uuid, Pending> m_pending;
    std::unordered_map<Uuid, std::string> m_follow; ///< id of an expected follow-up command -> its data
    std::deque<std::string> m_notes;                ///< expected of the system domain
    std::map<std::string, std::uint64_t> m_outcomes;
};

} // namespace commander::model
