// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/document_state.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// A key's present state in the builder.
struct CachedDocument {
    std::string_view key;
    std::int64_t number = 0; ///< 0 = the key never had a document
    Position created;
    DocumentState state;
    std::vector<std::string> fields; ///< while dirty: its indexed values in the file
    int pending = -1;                ///< its place in the fold at work, or -1
    bool stored = false;             ///< the key has a row in the file
    bool dirty = false;              ///< … which does not know of the newest change
};

/// The documents that folds touched last, parsed. Entries stay where they are until trim(). Builder thread only.
class DocumentCache {
public:
    explicit DocumentCache(std::size_t bytesMax);

    /// Null pointer when it is not here; else the next trim() lets it stay.
    [[nodiscard]] CachedDocument *find(std::size_t view, std::string_view key);
    CachedDocument &insert(std::size_t view, std::string_view key, CachedDocument document);
    [[nodiscard]] bool isFull() const noexcept { return m_bytes > m_bytesMax; }
    /// Drops the oldest that nobody has found since the last time, until there is room again; between folds only, and
    /// none may be dirty.
    void trim();

private:
    struct Entry {
        std::size_t view;
        std::size_t hash;
        std::string text;
        CachedDocument document;
        std::size_t bytes;
        bool wanted = false; ///< found since it came, or since it was spared
    };
    // Every fold looks documents up, most of them long out of the processor's caches: a search reads one place of this
    // table and the entry, and writes to nothing but the entry.
    struct Place {
        std::size_t hash = 0;
        Entry *entry = nullptr;
    };
    [[nodiscard]] std::size_t placeOf(std::size_t hash, const Entry *entry) const;
    void put(std::size_t hash, Entry *entry);
    void grow();
    void erase(const Entry &entry);

    const std::size_t m_bytesMax;
    std::deque<std::unique_ptr<Entry>> m_order; ///< oldest first
    std::vector<Place> m_table;                 ///< a power of two, at most half of it taken
    std::size_t m_bytes = 0;
};

} // namespace commander
