// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/change_log.h"
#include "views/document_cache.h"

#include <commander/domain.h>

#include <optional>
#include <vector>

namespace commander {

/// What one fold of one event sees and writes: its own changes over the documents as they stood before the event.
/// Nothing becomes real until the builder takes pending(), so a fold that fails half way leaves nothing behind.
class FoldOverlay final : public DocumentFold {
public:
    struct Pending {
        CachedDocument *entry;
        std::optional<Json> document; ///< absent = removed
    };

    FoldOverlay(std::size_t view, DocumentCache &cache, ChangeLog &log) : m_view(view), m_cache(cache), m_log(log) { }
    ~FoldOverlay() override;

    [[nodiscard]] const Json *get(std::string_view key) override;
    void put(std::string_view key, Json document) override;
    void remove(std::string_view key) override;

    [[nodiscard]] std::vector<Pending> &pending() noexcept { return m_pending; }
    /// Why a document could not be read; the fold's outcome means nothing then.
    [[nodiscard]] const std::optional<Error> &readError() const noexcept { return m_readError; }

private:
    [[nodiscard]] CachedDocument *entry(std::string_view key);
    void change(std::string_view key, std::optional<Json> document);

    const std::size_t m_view;
    DocumentCache &m_cache;
    ChangeLog &m_log;
    CachedDocument *m_last = nullptr; ///< found last: a fold mostly gets a document and puts it back
    std::vector<Pending> m_pending;   ///< one per key, in order of the first change
    std::optional<Error> m_readError;
};

} // namespace commander
