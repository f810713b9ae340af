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

/// Which commands wait for a time, which sequences are parked and which domains are paused: what the views of the
/// engine's own domains say, kept at hand so that a command that waits for nothing costs nothing. Processor thread
/// only.
class WaitingRoom {
public:
    enum class Kind { Release, Expire };
    struct Due {
        Timestamp time;
        Uuid command;
        Kind kind = Kind::Release;
        auto operator<=>(const Due &) const = default;
    };

    /// Takes over what the views hold; `consumers` when there is a view that says what is paused.
    [[nodiscard]] Result<void> load(DocumentBackend &settled, bool consumers);
    /// Looks these up again; call it when their changes are kept.
    void refresh(const std::vector<std::string> &commands, const std::vector<std::string> &sequences,
                 DecisionDocuments &documents);
    void refreshConsumer(const std::string &consumer, DecisionDocuments &documents);

    [[nodiscard]] bool anyParked() const noexcept { return !m_parked.empty(); }
    [[nodiscard]] bool isParked(const std::string &sequence) const { return m_parked.contains(sequence); }

    /// In order of their names.
    [[nodiscard]] std::vector<std::string> parkedOf(const std::string &domain) const;

    /// Some domain is paused, or commands that came while it was still wait.
    [[nodiscard]] bool anyHeld() const noexcept { return !m_pausedDomains.empty() || anyParked(); }
    [[nodiscard]] bool isPaused(const std::string &domain) const { return m_pausedDomains.contains(domain); }
    [[nodiscard]] bool processorPaused() const noexcept { return m_processorPaused; }

    [[nodiscard]] std::optional<Timestamp> nextDue() const;
    /// What is due at `now`, soonest first, at most `max`. It stays until done() or refresh().
    [[nodiscard]] std::vector<Due> due(Timestamp now, std::size_t max) const;
    /// The command that ends the waiting is recorded.
    void done(const Due &due);

private:
    void add(const std::string &command, const Json &waiting);
    void remove(const Uuid &command);
    void setPaused(std::string_view consumer, bool paused);

    // Processor thread only
    std::set<Due> m_due;
    std::unordered_map<Uuid, Due> m_dueOf;
    std::unordered_set<std::string> m_parked;
    std::unordered_set<std::string> m_pausedDomains;
    bool m_processorPaused = false;
};

} // namespace commander
