// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_cache.h"

namespace commander {

namespace {

// A parsed document takes some six times its text (members, strings, lexemes); the rest is the entry itself.
std::size_t bytesOf(std::string_view key, const CachedDocument &document)
{
    return 320 + 2 * key.size() + 6 * document.state.fullBytes;
}

} // namespace

DocumentCache::DocumentCache(std::size_t views, std::size_t bytesMax) : m_bytesMax(bytesMax), m_byKey(views) { }

CachedDocument *DocumentCache::find(std::size_t view, std::string_view key)
{
    const auto found = m_byKey[view].find(key);
    if (found == m_byKey[view].end())
        return nullptr;
    m_order.splice(m_order.begin(), m_order, found->second);
    // Documents grow and shrink; this is where the account follows.
    auto &entry = *found->second;
    m_bytes -= entry.bytes;
    entry.bytes = bytesOf(entry.key, entry.document);
    m_bytes += entry.bytes;
    return &entry.document;
}

CachedDocument &DocumentCache::insert(std::size_t view, std::string_view key, CachedDocument document)
{
    const auto bytes = bytesOf(key, document);
    m_order.push_front({view, std::string(key), std::move(document), bytes});
    m_bytes += bytes;
    m_byKey[view].emplace(m_order.front().key, m_order.begin());
    return m_order.front().document;
}

void DocumentCache::trim()
{
    while (m_bytes > m_bytesMax && !m_order.empty()) {
        auto &oldest = m_order.back();
        m_bytes -= oldest.bytes;
        m_byKey[oldest.view].erase(oldest.key);
        m_order.pop_back();
    }
}

void DocumentCache::clear()
{
    for (auto &keys : m_byKey)
        keys.clear();
    m_order.clear();
    m_bytes = 0;
}

} // namespace commander
