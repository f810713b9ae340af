// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/document_state.h"

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
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
    DocumentCache(std::size_t views, std::size_t bytesMax);

    /// Null pointer when it is not here; else it becomes the newest.
    [[nodiscard]] CachedDocument *find(std::size_t view, std::string_view key);
    CachedDocument &insert(std::size_t view, std::string_view key, CachedDocument document);
    [[nodiscard]] bool isFull() const noexcept { return m_bytes > m_bytesMax; }
    /// Drops the oldest until there is room again; between folds only, and none may be dirty.
    void trim();

private:
    struct Entry {
        std::size_t view;
        std::string text;
        CachedDocument document;
        std::size_t bytes;
    };
    using Order = std::list<Entry>;

    const std::size_t m_bytesMax;
    Order m_order;                                                              ///< newest first
    std::vector<std::unordered_map<std::string_view, Order::iterator>> m_byKey; ///< keys live in the entries
    std::size_t m_bytes = 0;
};

} // namespace commander
