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

Result<std::vector<RecordPtr>> IndexReading::recordsOf(StrayRole role, const Uuid &id, std::size_t max) const
{
    std::vector<Position> positions;
    const auto collect = [&positions](Statement &statement) -> Result<void> {
        for (;;) {
            const auto row = statement.step();
            if (!row)
                return fail(row.error());
            if (!*row)
                return {};
            positions.push_back({static_cast<std::uint64_t>(statement.integer(0))});
        }
    };
    constexpr auto most = static_cast<std::size_t>(INT64_MAX);
    const auto limit = static_cast<std::int64_t>(std::min(max, most));
    const auto cause = m_bodies.positionOf(id);
    if (!cause)
        return fail(cause.error());
    if (*cause) {
        auto statement = m_reader.fixed(
            role == StrayRole::Parent ? "SELECT position FROM records INDEXED BY records_by_parent WHERE parent = ?1 "
                                        "ORDER BY position LIMIT ?2"
                                      : "SELECT position FROM records INDEXED BY records_by_root WHERE root = ?1 "
                                        "ORDER BY position LIMIT ?2");
        if (!statement)
            return fail(statement.error());
        (*statement)->bind(1, static_cast<std::int64_t>((*cause)->value)).bind(2, limit);
        if (auto collected = collect(**statement); !collected)
            return fail(collected.error());
    }
    auto strays = m_reader.fixed("SELECT position FROM strays WHERE role = ?1 AND id = ?2 ORDER BY position LIMIT ?3");
    if (!strays)
        return fail(strays.error());
    (*strays)->bind(1, static_cast<std::int64_t>(role)).bind(2, id).bind(3, limit);
    if (auto collected = collect(**strays); !collected)
        return fail(collected.error());
    std::ranges::sort(positions);
    positions.resize(std::min(positions.size(), max));
    return m_bodies.at(positions, m_stop);
}

Result<IndexReading::Outcome> IndexReading::outcome(Position command) const
{
    auto statement = m_reader.fixed("SELECT status, result FROM outcomes WHERE command = ?1");
    if (!statement)
        return fail(statement.error());
    const auto row = (*statement)->bind(1, static_cast<std::int64_t>(command.value)).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return Outcome{};
    return Outcome{static_cast<CommandStatus>((*statement)->integer(0)),
                   {static_cast<std::uint64_t>((*statement)->integer(1))}};
}

} // namespace commander
