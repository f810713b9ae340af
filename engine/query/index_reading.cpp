// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/index_reading.h"

#include <algorithm>

namespace commander {

Result<Position> IndexReading::positionAt(Timestamp time) const
{
    // recordedAt never decreases along positions, so the primary key is sorted by time as well.
    std::uint64_t low = 1;
    std::uint64_t high = m_snapshot.position.value + 1;
    if (high == 1 || time <= m_snapshot.first)
        return Position{1};
    if (time > m_snapshot.last)
        return Position{high};
    auto statement = m_reader.fixed("SELECT recorded FROM records WHERE position = ?1");
    if (!statement)
        return fail(statement.error());
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        (*statement)->reset();
        const auto row = (*statement)->bind(1, static_cast<std::int64_t>(middle)).step();
        if (!row)
            return fail(row.error());
        if (!*row) {
            return fail(ErrorCode::LedgerDamaged, "the index lacks position " + std::to_string(middle),
                        m_reader.database().path());
        }
        if (Timestamp{(*statement)->integer(0)} < time)
            low = middle + 1;
        else
            high = middle;
    }
    return Position{low};
}

Result<std::vector<RecordPtr>> IndexReading::recordsOf(const char *sql, const Uuid &id, std::size_t max) const
{
    std::vector<Position> positions;
    {
        auto statement = m_reader.fixed(sql);
        if (!statement)
            return fail(statement.error());
        constexpr auto most = static_cast<std::size_t>(INT64_MAX);
        (*statement)->bind(1, id).bind(2, static_cast<std::int64_t>(std::min(max, most)));
        for (;;) {
            const auto row = (*statement)->step();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            positions.push_back({static_cast<std::uint64_t>((*statement)->integer(0))});
        }
    }
    return m_bodies.at(positions, m_stop);
}

Result<IndexReading::Outcome> IndexReading::outcome(const Uuid &command) const
{
    auto statement = m_reader.fixed("SELECT status, result FROM outcomes WHERE command = ?1");
    if (!statement)
        return fail(statement.error());
    const auto row = (*statement)->bind(1, command).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return Outcome{};
    return Outcome{static_cast<CommandStatus>((*statement)->integer(0)),
                   {static_cast<std::uint64_t>((*statement)->integer(1))}};
}

} // namespace commander
