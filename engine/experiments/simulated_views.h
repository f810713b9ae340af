// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"
#include "experiments/past_documents.h"
#include "experiments/scratch_store.h"
#include "processor/document_backend.h"
#include "views/view_shelf.h"

#include <commander/views.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace commander {

/// All views of a simulation: what its events changed lies over the documents of the past. Folds as the real views do:
/// an event is in a view wholly or not at all, and an event that a fold cannot take stops that view only. Bounded in
/// memory when there is a store. Used by one thread at a time.
class SimulatedViews final : public DocumentBackend, public RevisionSource {
public:
    /// Without a store everything stays in memory: for small simulations.
    SimulatedViews(const DomainRegistry &domains, PastDocuments &past, ScratchStore *store);

    /// For deciding: every fold is seen at once.
    [[nodiscard]] Result<std::optional<std::string>> settledDocument(const std::string &view,
                                                                     const std::string &key) override;
    /// Nothing waits in a simulation.
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
    settledDocuments(const std::string &, const std::optional<std::string> &) override
    {
        return std::vector<std::pair<std::string, std::string>>();
    }
    [[nodiscard]] Position settledTo() override { return {~std::uint64_t{0}}; }
    [[nodiscard]] bool waitSettled(Position, std::stop_token) override { return true; }

    /// Of the past, and with every event that was folded here.
    [[nodiscard]] Result<std::uint64_t> revision(const std::string &topic, const std::string &key) override;
    /// Folds an event into every view that is not stopped, and tells what changed if asked. An Error means that the
    /// simulation cannot go on.
    [[nodiscard]] Result<void> fold(const Record &event, std::vector<DocumentChange> *changes = nullptr);
    /// What its views leave out, in the versions that are folded here.
    void leaveOut(const SkippedByVersion &skipped);
    /// The view takes no events (its real twin has stopped, say).
    void stopView(std::size_t view, std::string fault);
    [[nodiscard]] std::vector<std::string> faults() const;
    /// Writes what only memory holds to the store.
    [[nodiscard]] Result<void> flush();

private:
    struct Entry {
        std::optional<Json> document;
        bool dirty = false; ///< not in the store yet
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };
    using Entries = std::unordered_map<std::string, Entry, TextHash, std::equal_to<>>;
    class Fold;

    [[nodiscard]] Result<Entry *> entryOf(std::size_t view, std::string_view key);
    [[nodiscard]] Result<void> foldInto(const ViewEntry &view, const ParsedRecord &event,
                                        std::vector<DocumentChange> *changes);
    [[nodiscard]] Result<void> keepWithinBounds();

    // Constant after construction
    const DomainRegistry &m_domains;
    PastDocuments &m_past;
    ScratchStore *const m_store;

    std::vector<Entries> m_views; ///< by ViewEntry::index
    std::vector<std::string> m_faults;
    std::vector<std::map<Uuid, Position>> m_skipped;         ///< by ViewEntry::index
    std::unordered_map<std::string, std::uint64_t> m_events; ///< folded here, by topic and key
    std::size_t m_bytes = 0;                                 ///< about what the entries take
};

} // namespace commander
