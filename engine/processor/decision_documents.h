// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"
#include "processor/document_backend.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace commander {

/// The documents that handlers read, with the effect of every command so far: what commands have changed lies over what
/// the views hold. One command's changes can be taken back. Processor thread only.
class DecisionDocuments final : public DocumentSource {
public:
    DecisionDocuments(const DomainRegistry &domains, DocumentBackend &settled);

    /// For handlers. Asking for a view that no handler may read is a fault of the domain: see misuse().
    [[nodiscard]] const Json *get(std::string_view view, std::string_view key) override;
    /// Folds an event into the documents of one view. Errors of the domain, or of reading the views: see fault().
    [[nodiscard]] Result<void> fold(const ViewEntry &view, const ParsedRecord &event);

    /// Changes from here on belong to this batch (1, 2, …).
    void beginBatch(std::uint64_t batch) noexcept { m_batch = batch; }
    void beginCommand();
    void keep();
    /// One command may decide several, each of which can be taken back alone: begins a decision, and says what
    /// takeBack() needs to undo everything from here on.
    [[nodiscard]] std::size_t beginDecision();
    void takeBack(std::size_t mark = 0);
    /// Reading the views failed since beginCommand(): nothing can be decided.
    [[nodiscard]] const std::optional<Error> &fault() const noexcept { return m_fault; }
    /// The domain asked for what it must not read, since beginDecision().
    [[nodiscard]] const std::optional<Error> &misuse() const noexcept { return m_misuse; }

    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    /// Drops documents until there are at most `max`, those not used since the last call first. Only what the views
    /// hold as well may go: changes of batches up to `settledBatch`.
    void shrink(std::size_t max, std::uint64_t settledBatch);
    void clear();

private:
    struct Entry {
        std::optional<Json> document; ///< nothing: there is no such document
        std::uint64_t batch = 0;      ///< of the last change; 0 = as the views have it
        std::uint64_t used = 0;       ///< round of the last use
        bool known = false;           ///< false: only the views know
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };
    using Entries = std::unordered_map<std::string, Entry, TextHash, std::equal_to<>>;
    struct Change {
        Entry *entry;
        Entry before;
    };
    class Fold;

    [[nodiscard]] Entry &entryOf(std::size_t view, std::string_view key);
    [[nodiscard]] const Json *read(std::size_t view, std::string_view key);
    void load(std::size_t view, const std::string &key, Entry &entry);
    void write(std::size_t view, std::string_view key, std::optional<Json> document);
    template <class MayGo> void drop(std::size_t max, MayGo mayGo);

    // Constant after construction
    const DomainRegistry &m_domains;
    DocumentBackend &m_settled;

    // Processor thread only
    std::vector<Entries> m_views;  ///< by ViewEntry::index
    std::vector<Change> m_changes; ///< of the command in work
    std::size_t m_size = 0;
    std::uint64_t m_batch = 0;
    std::uint64_t m_round = 1; ///< of use, ends with each shrink()
    std::optional<Error> m_fault;
    std::optional<Error> m_misuse;
};

} // namespace commander
