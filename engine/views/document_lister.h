// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/field_filter.h"
#include "views/view_store_pool.h"

#include <commander/views.h>

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace commander {

/// What a list is made of.
struct ListedView {
    std::string name;
    std::uint32_t version = 1;
    std::vector<std::string> indexes;
    std::size_t number = 0; ///< in its file
};

/// The document with its envelope. The state has a document.
[[nodiscard]] Result<Document> documentOf(ViewConnection &connection, const ListedView &view, std::string key,
                                          const DocumentState &state);

/// Answers one list request within one snapshot of a views file. The present is found through the index of fields where
/// there is one; a state of the past, through each key's own changes: the ledger is never read.
class DocumentLister {
public:
    DocumentLister(ViewConnection &connection, const ListedView &view, const DocumentListRequest &request,
                   std::stop_token stop)
        : m_connection(connection), m_view(view), m_request(request), m_stop(std::move(stop))
    {
    }
    /// Errors InvalidArgument, Cancelled, and those of reading.
    [[nodiscard]] Result<DocumentList> run();

private:
    [[nodiscard]] Result<void> prepare();
    /// The field to search by when there is no sort; nothing when none of the conditions has one.
    [[nodiscard]] const FieldRange *searchable() const;

    [[nodiscard]] Result<void> listKeys();
    [[nodiscard]] Result<void> listByField(const FieldRange &range);
    [[nodiscard]] Result<void> listSorted();
    [[nodiscard]] Result<void> listSortedPast();

    /// Takes the key's document in if there is one that matches; false when the page is full.
    [[nodiscard]] Result<bool> take(const std::string &key, const KeyRow &row);
    [[nodiscard]] bool isFull() const noexcept { return m_list.documents.size() == m_request.limit; }
    [[nodiscard]] bool isExhausted() const noexcept;
    [[nodiscard]] bool precedesCursor(std::string_view value, std::string_view key) const;
    [[nodiscard]] Result<void> checkStop() const;

    ViewConnection &m_connection;
    const ListedView &m_view;
    const DocumentListRequest &m_request;
    const std::stop_token m_stop;
    // Made by prepare()
    std::vector<FieldRange> m_ranges;
    std::optional<Position> m_at; ///< absent: the present
    std::int64_t m_sequence = 0;
    std::size_t m_sortField = 0;
    std::string m_cursorValue;
    bool m_reads = false; ///< documents must be read to know which match

    std::optional<std::string> m_lastValue; ///< of the sort field of the document taken or passed last: JSON
    DocumentList m_list;
};

} // namespace commander
