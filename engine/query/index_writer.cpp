// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/index_writer.h"

#include "query/record_codec.h"

#include <algorithm>
#include <array>

namespace commander {

IndexWriter::IndexWriter(Database &database, Ledger &ledger, IndexState state, std::shared_ptr<const IndexNames> names,
                         std::vector<std::uint64_t> counts)
    : m_database(database), m_ordered(ledger.traits().totalOrder), m_state(state), m_numbers(std::move(names)),
      m_positions(ledger, database), m_counts(std::move(counts))
{
}

Result<void> IndexWriter::prepare()
{
    const auto prepareAll
        = [this](std::span<const std::pair<Statement *, std::string_view>> statements) -> Result<void> {
        for (const auto &[statement, sql] : statements) {
            auto prepared = m_database.prepare(sql);
            if (!prepared)
                return fail(prepared.error());
            *statement = std::move(*prepared);
        }
        return {};
    };
    const std::pair<Statement *, std::string_view> always[] = {
        {&m_begin, "BEGIN IMMEDIATE"},
        {&m_commit, "COMMIT"},
        {&m_insertRecord, "INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
        {&m_insertStray, "INSERT INTO strays VALUES (?1, ?2, ?3)"},
        // A second result of one command would be a fault of the ledger's writer; the first one stays.
        {&m_insertOutcome, "INSERT OR IGNORE INTO outcomes VALUES (?1, ?2, ?3)"},
        {&m_insertSeries, "INSERT INTO series VALUES (?1, ?2, ?3, ?4, 0)"},
        {&m_insertActor, "INSERT INTO actors VALUES (?1, ?2)"},
        {&m_updateSeries, "UPDATE series SET count = ?2 WHERE number = ?1"},
        {&m_addRollup,
         "INSERT INTO rollups VALUES (?1, ?2, ?3, ?4) "
         "ON CONFLICT (width, bucket, series) DO UPDATE SET count = count + excluded.count"},
        {&m_updateState, "UPDATE state SET position = ?1, chain = ?2, first = ?3, last = ?4"},
    };
    const std::pair<Statement *, std::string_view> unordered[] = {
        // An id that a broker delivers twice is found where it first stood.
        {&m_insertId, "INSERT OR IGNORE INTO ids VALUES (?1, ?2)"},
        {&m_insertBody, "INSERT INTO bodies VALUES (?1, ?2)"},
        {&m_putSource, "INSERT OR REPLACE INTO sources VALUES (?1, ?2, ?3, ?4)"},
    };
    if (auto prepared = prepareAll(always); !prepared)
        return prepared;
    if (!m_ordered) {
        if (auto prepared = prepareAll(unordered); !prepared)
            return prepared;
    }
    return m_positions.prepare();
}

Result<void> IndexWriter::write(std::span<const RecordPtr> records)
{
    m_newState = m_state;
    m_newCounts = m_counts;
    m_seconds.clear();
    if (auto begun = m_begin.run(); !begun)
        return begun;
    auto written = insertAll(records);
    if (written)
        written = m_commit.run();
    if (!written) {
        // The first error is the one to report; SQLite has rolled back by itself where this fails.
        if (auto undone = m_database.execute("ROLLBACK;"); !undone)
            written.error().details.push_back({{}, "rollback: " + undone.error().what});
        m_numbers.discard();
        m_positions.clear();
        return written;
    }
    m_state = m_newState;
    m_counts.swap(m_newCounts);
    m_numbers.publish();
    return {};
}

std::shared_ptr<const IndexSnapshot> IndexWriter::snapshot()
{
    return std::make_shared<const IndexSnapshot>(
        IndexSnapshot{m_numbers.current(), m_counts, m_state.position, m_state.first, m_state.last});
}

Result<void> IndexWriter::insertAll(std::span<const RecordPtr> records)
{
    for (const auto &record : records) {
        if (auto inserted = insert(*record); !inserted)
            return inserted;
    }
    if (auto named = insertNames(); !named)
        return named;
    if (auto counted = addCounts(); !counted)
        return counted;
    if (!m_ordered) {
        if (auto remembered = rememberSources(records); !remembered)
            return remembered;
    }
    return moveOn(*records.back());
}

Result<void> IndexWriter::insert(const Record &record)
{
    const auto position = m_newState.position.next();
    // Time must not go back along positions, or it could not be searched; where several partitions are merged it might.
    const auto recorded = position.value == 1 ? record.recordedAt : std::max(record.recordedAt, m_newState.last);
    if (position.value == 1)
        m_newState.first = recorded;
    m_newState.last = recorded;
    m_newState.position = position;

    const auto series = m_numbers.series(record);
    if (m_newCounts.size() < static_cast<std::size_t>(series))
        m_newCounts.resize(static_cast<std::size_t>(series));
    ++m_newCounts[static_cast<std::size_t>(series) - 1];
    ++m_seconds[{floorDivide(recorded.micros, microsPerSecond), series}];

    Result<Position> parent;
    if (!record.parent.isNull()) {
        parent = cause(record.parent, position, StrayRole::Parent);
        if (!parent)
            return fail(parent.error());
    }
    const bool isRoot = record.correlation == record.id || record.correlation.isNull();
    const auto root = isRoot ? Result<Position>(position) : cause(record.correlation, position, StrayRole::Correlation);
    if (!root)
        return fail(root.error());

    m_insertRecord.bind(1, static_cast<std::int64_t>(position.value))
        .bind(2, series)
        .bind(3, m_numbers.actor(record.actor));
    m_insertRecord.bind(4, recorded.micros).bind(6, static_cast<std::int64_t>(root->value)).bind(7, record.key);
    if (record.parent.isNull())
        m_insertRecord.bindNull(5);
    else
        m_insertRecord.bind(5, static_cast<std::int64_t>(parent->value));
    if (auto inserted = m_insertRecord.run(); !inserted)
        return inserted;
    m_positions.remember(record.id, position);
    if (record.kind == RecordKind::Result && parent->value != 0) {
        if (auto inserted = insertOutcome(record, *parent, position); !inserted)
            return inserted;
    }
    return m_ordered ? Result<void>() : insertWhole(record, position);
}

Result<Position> IndexWriter::cause(const Uuid &id, Position effect, StrayRole role)
{
    const auto found = m_positions.find(id, effect);
    if (!found)
        return fail(found.error());
    if (*found)
        return **found;
    m_insertStray.bind(1, static_cast<std::int64_t>(role)).bind(2, id).bind(3, static_cast<std::int64_t>(effect.value));
    if (auto inserted = m_insertStray.run(); !inserted)
        return fail(inserted.error());
    return Position{0};
}

Result<void> IndexWriter::insertOutcome(const Record &result, Position command, Position position)
{
    const auto status = commandStatusFromName(result.action).value_or(CommandStatus::Failed);
    m_insertOutcome.bind(1, static_cast<std::int64_t>(command.value)).bind(2, static_cast<std::int64_t>(status));
    return m_insertOutcome.bind(3, static_cast<std::int64_t>(position.value)).run();
}

Result<void> IndexWriter::insertWhole(const Record &record, Position position)
{
    const auto place = static_cast<std::int64_t>(position.value);
    if (auto inserted = m_insertId.bind(1, record.id).bind(2, place).run(); !inserted)
        return inserted;
    encodeRecord(record, m_body);
    return m_insertBody.bind(1, place).bindBlob(2, std::string_view(m_body)).run();
}

Result<void> IndexWriter::insertNames()
{
    const auto names = m_numbers.current();
    for (auto i = m_numbers.newSeriesFrom(); i < names->series.size(); ++i) {
        const auto &series = names->series[i];
        m_insertSeries.bind(1, static_cast<std::int64_t>(i + 1)).bind(2, static_cast<std::int64_t>(series.kind));
        if (auto inserted = m_insertSeries.bind(3, series.topic).bind(4, series.action).run(); !inserted)
            return inserted;
    }
    for (auto i = m_numbers.newActorsFrom(); i < names->actors.size(); ++i) {
        m_insertActor.bind(1, static_cast<std::int64_t>(i + 1)).bind(2, names->actors[i]);
        if (auto inserted = m_insertActor.run(); !inserted)
            return inserted;
    }
    return {};
}

Result<void> IndexWriter::addCounts()
{
    for (std::size_t i = 0; i < m_newCounts.size(); ++i) {
        if (i < m_counts.size() && m_counts[i] == m_newCounts[i])
            continue;
        m_updateSeries.bind(1, static_cast<std::int64_t>(i + 1)).bind(2, static_cast<std::int64_t>(m_newCounts[i]));
        if (auto updated = m_updateSeries.run(); !updated)
            return updated;
    }
    for (const auto width : rollupSeconds) {
        BucketCounts buckets;
        for (const auto &[key, count] : m_seconds)
            buckets[{floorDivide(key.first, width), key.second}] += count;
        for (const auto &[key, count] : buckets) {
            m_addRollup.bind(1, width).bind(2, key.first).bind(3, key.second).bind(4, static_cast<std::int64_t>(count));
            if (auto added = m_addRollup.run(); !added)
                return added;
        }
    }
    return {};
}

Result<void> IndexWriter::moveOn(const Record &last)
{
    m_newState.chain = last.chain;
    m_updateState.bind(1, static_cast<std::int64_t>(m_newState.position.value))
        .bindBlob(2, std::span(m_newState.chain));
    return m_updateState.bind(3, m_newState.first.micros).bind(4, m_newState.last.micros).run();
}

Result<void> IndexWriter::rememberSources(std::span<const RecordPtr> records)
{
    std::map<std::pair<std::string_view, std::uint32_t>, const Record *> newest;
    for (const auto &record : records)
        newest[{record->topic, record->partition}] = record.get();
    for (const auto &[source, record] : newest) {
        m_putSource.bind(1, source.first).bind(2, static_cast<std::int64_t>(source.second));
        m_putSource.bind(3, static_cast<std::int64_t>(record->offset.value + 1)).bind(4, record->id);
        if (auto put = m_putSource.run(); !put)
            return put;
    }
    return {};
}

} // namespace commander
