// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "processor/decision_documents.h"
#include "processor/document_backend.h"

#include <commander/time.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace commander {

/// Which commands wait for a time, and which sequences are parked: what the views of the system domain say, kept at
/// hand so that a command that waits for nothing costs nothing. Processor thread only.
class WaitingRoom {
public:
    enum class Kind { Release, Expire };
    struct Due {
        Timestamp time;
        Uuid command;
        Kind kind = Kind::Release;
        auto operator<=>(const Due &) const = default;
    };

    /// Takes over what the views hold.
    [[nodiscard]] Result<void> load(DocumentBackend &settled);
    /// Looks these up again; call it when their changes are kept.
    void refresh(const std::vector<std::string> &commands, const std::vector<std::string> &sequences,
                 DecisionDocuments &documents);

    [[nodiscard]] bool anyParked() const noexcept { return !m_parked.empty(); }
    [[nodiscard]] bool isParked(const std::string &sequence) const { return m_parked.contains(sequence); }

    [[nodiscard]] std::optional<Timestamp> nextDue() const;
    /// What is due at `now`, soonest first, at most `max`. It stays until done() or refresh().
    [[nodiscard]] std::vector<Due> due(Timestamp now, std::size_t max) const;
    /// The command that ends the waiting is recorded.
    void done(const Due &due);

private:
    void add(const std::string &command, const Json &waiting);
    void remove(const Uuid &command);

    // Processor thread only
    std::set<Due> m_due;
    std::unordered_map<Uuid, Due> m_dueOf;
    std::unordered_set<std::string> m_parked;
};

} // namespace commander
