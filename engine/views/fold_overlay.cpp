// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fold_overlay.h"

namespace commander {

FoldOverlay::~FoldOverlay()
{
    for (auto &pending : m_pending)
        pending.entry->pending = -1;
}

const Json *FoldOverlay::get(std::string_view key)
{
    const auto *found = entry(key);
    if (!found)
        return nullptr;
    if (found->pending >= 0) {
        const auto &document = m_pending[static_cast<std::size_t>(found->pending)].document;
        return document ? &*document : nullptr;
    }
    return found->state.json();
}

void FoldOverlay::put(std::string_view key, Json document)
{
    change(key, std::move(document));
}

void FoldOverlay::remove(std::string_view key)
{
    change(key, std::nullopt);
}

void FoldOverlay::change(std::string_view key, std::optional<Json> document)
{
    auto *found = entry(key);
    if (!found)
        return;
    if (found->pending >= 0) {
        m_pending[static_cast<std::size_t>(found->pending)].document = std::move(document);
        return;
    }
    found->pending = static_cast<int>(m_pending.size());
    m_pending.push_back({found, std::move(document)});
}

CachedDocument *FoldOverlay::entry(std::string_view key)
{
    if (m_readError)
        return nullptr;
    if (m_last && m_last->key == key)
        return m_last;
    m_last = m_cache.find(m_view, key);
    if (m_last)
        return m_last;
    CachedDocument document;
    auto row = m_log.key(m_view, key);
    if (!row) {
        m_readError = row.error();
        return nullptr;
    }
    if (*row) {
        auto state = m_log.stateOf((*row)->head, Origins::Keep);
        if (!state) {
            m_readError = state.error();
            return nullptr;
        }
        document.number = (*row)->number;
        document.created = (*row)->created;
        document.stored = true;
        document.state = std::move(*state);
    }
    m_last = &m_cache.insert(m_view, key, std::move(document));
    return m_last;
}

} // namespace commander
