// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_cache.h"

#include <functional>
#include <utility>

namespace commander {

namespace {

constexpr std::size_t placesMin = 1024;

// A parsed document takes some six times its text (members, strings, lexemes); the rest is the entry itself.
std::size_t bytesOf(std::string_view key, const CachedDocument &document)
{
    return 320 + 2 * key.size() + 6 * document.state.fullBytes;
}

std::size_t hashOf(std::size_t view, std::string_view key)
{
    return std::hash<std::string_view>()(key) + view * 0x9e3779b97f4a7c15;
}

} // namespace

DocumentCache::DocumentCache(std::size_t bytesMax) : m_bytesMax(bytesMax), m_table(placesMin) { }

CachedDocument *DocumentCache::find(std::size_t view, std::string_view key)
{
    const auto hash = hashOf(view, key);
    const auto mask = m_table.size() - 1;
    for (auto place = hash & mask; m_table[place].entry; place = (place + 1) & mask) {
        if (m_table[place].hash != hash)
            continue;
        auto &entry = *m_table[place].entry;
        if (entry.view != view || entry.text != key)
            continue;
        entry.wanted = true;
        // Documents grow and shrink; this is where the account follows.
        m_bytes -= entry.bytes;
        entry.bytes = bytesOf(entry.text, entry.document);
        m_bytes += entry.bytes;
        return &entry.document;
    }
    return nullptr;
}

CachedDocument &DocumentCache::insert(std::size_t view, std::string_view key, CachedDocument document)
{
    const auto bytes = bytesOf(key, document);
    const auto hash = hashOf(view, key);
    m_order.push_back(std::make_unique<Entry>(Entry{view, hash, std::string(key), std::move(document), bytes}));
    auto &entry = *m_order.back();
    entry.document.key = entry.text;
    m_bytes += bytes;
    if (2 * m_order.size() > m_table.size())
        grow();
    put(hash, &entry);
    return entry.document;
}

void DocumentCache::trim()
{
    const auto goal = m_bytesMax - m_bytesMax / 4; // not at every fold again
    while (m_bytes > goal && !m_order.empty()) {
        auto oldest = std::move(m_order.front());
        m_order.pop_front();
        if (std::exchange(oldest->wanted, false)) {
            m_order.push_back(std::move(oldest));
            continue;
        }
        m_bytes -= oldest->bytes;
        erase(*oldest);
    }
}

std::size_t DocumentCache::placeOf(std::size_t hash, const Entry *entry) const
{
    const auto mask = m_table.size() - 1;
    auto place = hash & mask;
    while (m_table[place].entry != entry)
        place = (place + 1) & mask;
    return place;
}

void DocumentCache::put(std::size_t hash, Entry *entry)
{
    m_table[placeOf(hash, nullptr)] = {hash, entry};
}

void DocumentCache::grow()
{
    const auto before = std::exchange(m_table, std::vector<Place>(m_table.size() * 2));
    for (const auto &place : before) {
        if (place.entry)
            put(place.hash, place.entry);
    }
}

void DocumentCache::erase(const Entry &entry)
{
    // What lies behind it moves up, so that no search ends at the hole too early.
    const auto mask = m_table.size() - 1;
    auto hole = placeOf(entry.hash, &entry);
    for (auto place = (hole + 1) & mask; m_table[place].entry; place = (place + 1) & mask) {
        const auto home = m_table[place].hash & mask;
        if (((place - home) & mask) < ((place - hole) & mask))
            continue; // its search begins behind the hole
        m_table[hole] = m_table[place];
        hole = place;
    }
    m_table[hole] = {};
}

} // namespace commander
