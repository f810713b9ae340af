// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/position_lookup.h"

namespace commander {

namespace {

constexpr std::size_t recentMax = 65'536;

} // namespace

PositionLookup::PositionLookup(Ledger &ledger, Database &database)
    : m_ledger(ledger), m_database(database), m_ordered(ledger.traits().totalOrder)
{
}

Result<void> PositionLookup::prepare()
{
    if (m_ordered)
        return {};
    auto prepared = m_database.prepare("SELECT position FROM ids WHERE id = ?1");
    if (!prepared)
        return fail(prepared.error());
    m_select = std::move(*prepared);
    return {};
}

void PositionLookup::remember(const Uuid &id, Position position)
{
    if (!m_recent.try_emplace(id, position).second)
        return; // delivered twice: the first one counts
    if (m_ring.size() < recentMax) {
        m_ring.push_back(id);
        return;
    }
    m_recent.erase(m_ring[m_oldest]);
    m_ring[m_oldest] = id;
    m_oldest = (m_oldest + 1) % recentMax;
}

Result<std::optional<Position>> PositionLookup::find(const Uuid &id, Position before)
{
    const auto earlier
        = [before](Position position) { return position < before ? std::optional(position) : std::nullopt; };
    if (const auto recent = m_recent.find(id); recent != m_recent.end())
        return earlier(recent->second);
    if (m_ordered) {
        const auto record = m_ledger.find(id);
        if (record)
            return earlier((*record)->position);
        if (record.error().code == ErrorCode::NotFound)
            return std::nullopt;
        return fail(record.error());
    }
    const auto row = m_select.bind(1, id).step();
    if (!row)
        return fail(row.error());
    const Position position{*row ? static_cast<std::uint64_t>(m_select.integer(0)) : before.value};
    m_select.reset();
    return earlier(position);
}

void PositionLookup::clear()
{
    m_recent.clear();
    m_ring.clear();
    m_oldest = 0;
}

} // namespace commander
