// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/position_lookup.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace commander {

namespace {

constexpr std::size_t places = 1 << 17; // 3 MiB: a power of two, several times as many as ids at once of interest

} // namespace

PositionLookup::PositionLookup(Ledger &ledger, Database &database)
    : m_ledger(ledger), m_database(database), m_ordered(ledger.traits().totalOrder), m_recent(places)
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
    auto &place = placeOf(id);
    if (place.id != id) // delivered twice: the first one counts
        place = {id, position};
}

PositionLookup::Place &PositionLookup::placeOf(const Uuid &id)
{
    // Of derived ids and of those made here the last eight bytes are chance; the ids of other programs need mixing.
    constexpr std::uint64_t mixer = 0x9e3779b97f4a7c15;
    return m_recent[(std::hash<Uuid>()(id) * mixer) >> (64 - std::countr_zero(places))];
}

Result<std::optional<Position>> PositionLookup::find(const Uuid &id, Position before)
{
    const auto earlier
        = [before](Position position) { return position < before ? std::optional(position) : std::nullopt; };
    if (const auto &recent = placeOf(id); recent.id == id)
        return earlier(recent.position);
    if (m_ordered) {
        const auto record = m_ledger.find(id);
        if (record) {
            remember(id, (*record)->position); // a command that waited long causes several records now
            return earlier((*record)->position);
        }
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
    std::fill(m_recent.begin(), m_recent.end(), Place());
}

} // namespace commander
