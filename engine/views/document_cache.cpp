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
    entry.bytes = bytesOf(entry.text, entry.document);
    m_bytes += entry.bytes;
    return &entry.document;
}

CachedDocument &DocumentCache::insert(std::size_t view, std::string_view key, CachedDocument document)
{
    const auto bytes = bytesOf(key, document);
    m_order.push_front({view, std::string(key), std::move(document), bytes});
    m_bytes += bytes;
    auto &entry = m_order.front();
    entry.document.key = entry.text;
    m_byKey[view].emplace(entry.text, m_order.begin());
    return entry.document;
}

void DocumentCache::trim()
{
    const auto goal = m_bytesMax - m_bytesMax / 4; // not at every fold again
    while (m_bytes > goal && !m_order.empty()) {
        auto &oldest = m_order.back();
        m_bytes -= oldest.bytes;
        m_byKey[oldest.view].erase(oldest.text);
        m_order.pop_back();
    }
}

} // namespace commander
