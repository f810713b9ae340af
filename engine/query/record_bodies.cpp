// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/record_bodies.h"

#include "query/record_codec.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t chunkRecordsMax = 1024;
/// Reading a few records that nobody asked for costs less than asking again.
constexpr std::uint64_t gapRecordsMax = 8;

tl::unexpected<Error> cancelled()
{
    return fail(ErrorCode::Cancelled, "reading records was cancelled");
}

} // namespace

RecordBodies::RecordBodies(Ledger &ledger, IndexReader &reader, const std::string &indexPath)
    : m_ledger(ledger), m_reader(reader), m_indexPath(indexPath), m_ordered(ledger.traits().totalOrder)
{
}

Result<std::vector<RecordPtr>> RecordBodies::range(Position first, std::size_t count, const std::stop_token &stop)
{
    std::vector<RecordPtr> records;
    first.value = std::max<std::uint64_t>(first.value, 1);
    while (records.size() < count) {
        if (stop.stop_requested())
            return cancelled();
        const Position from{first.value + records.size()};
        const auto max = std::min(count - records.size(), chunkRecordsMax);
        auto chunk = m_ordered ? m_ledger.readAt(from, max) : storedRange(from, max);
        if (!chunk)
            return chunk;
        if (chunk->empty())
            break;
        if (records.empty())
            records = std::move(*chunk);
        else
            records.insert(records.end(), std::make_move_iterator(chunk->begin()),
                           std::make_move_iterator(chunk->end()));
    }
    return records;
}

Result<std::vector<RecordPtr>> RecordBodies::at(std::span<const Position> positions, const std::stop_token &stop)
{
    std::vector<Position> sorted(positions.begin(), positions.end());
    std::ranges::sort(sorted);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<RecordPtr> found; // beside sorted
    found.reserve(sorted.size());
    for (std::size_t start = 0; start < sorted.size();) {
        auto end = start + 1;
        while (end < sorted.size() && sorted[end].value - sorted[end - 1].value <= gapRecordsMax
               && sorted[end].value - sorted[start].value < chunkRecordsMax)
            ++end;
        const auto run = range(sorted[start], sorted[end - 1].value - sorted[start].value + 1, stop);
        if (!run)
            return run;
        for (auto i = start; i < end; ++i) {
            const auto place = sorted[i].value - sorted[start].value;
            if (sorted[i].value == 0 || place >= run->size())
                return fail(ErrorCode::NotFound, "no record at this position", std::to_string(sorted[i].value));
            found.push_back((*run)[place]);
        }
        start = end;
    }
    std::vector<RecordPtr> records;
    records.reserve(positions.size());
    for (const auto position : positions)
        records.push_back(found[static_cast<std::size_t>(std::ranges::lower_bound(sorted, position) - sorted.begin())]);
    return records;
}

Result<RecordPtr> RecordBodies::find(const Uuid &id)
{
    if (!m_ordered) {
        const auto position = positionOf(id);
        if (!position)
            return fail(position.error());
        if (*position) {
            const auto records = at(std::span(&**position, 1), {});
            if (!records)
                return fail(records.error());
            return records->front();
        }
    }
    return m_ledger.find(id);
}

Result<std::optional<Position>> RecordBodies::positionOf(const Uuid &id)
{
    if (m_ordered) {
        const auto record = m_ledger.find(id);
        if (record)
            return (*record)->position;
        if (record.error().code == ErrorCode::NotFound)
            return std::nullopt;
        return fail(record.error());
    }
    auto statement = m_reader.fixed("SELECT position FROM ids WHERE id = ?1");
    if (!statement)
        return fail(statement.error());
    const auto row = (*statement)->bind(1, id).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::nullopt;
    return Position{static_cast<std::uint64_t>((*statement)->integer(0))};
}

Result<std::vector<RecordPtr>> RecordBodies::storedRange(Position first, std::size_t count)
{
    auto statement
        = m_reader.fixed("SELECT r.position, r.recorded, b.body FROM records r JOIN bodies b USING (position) "
                         "WHERE r.position >= ?1 ORDER BY r.position LIMIT ?2");
    if (!statement)
        return fail(statement.error());
    constexpr auto last = static_cast<std::uint64_t>(INT64_MAX);
    (*statement)
        ->bind(1, static_cast<std::int64_t>(std::min(first.value, last)))
        .bind(2, static_cast<std::int64_t>(count));
    std::vector<RecordPtr> records;
    for (;;) {
        const auto row = (*statement)->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return records;
        auto record = decodeRecord((*statement)->blob(2));
        if (!record) {
            record.error().where = m_indexPath;
            return fail(record.error());
        }
        record->position = {static_cast<std::uint64_t>((*statement)->integer(0))};
        record->recordedAt = {(*statement)->integer(1)};
        records.push_back(std::make_shared<const Record>(std::move(*record)));
    }
}

} // namespace commander
