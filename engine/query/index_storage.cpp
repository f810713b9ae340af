// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/index_storage.h"

#include <algorithm>

namespace commander {

namespace {

Error unusable(const std::string &path, std::string why)
{
    return Error{ErrorCode::LedgerDamaged, "the index is of no use: " + std::move(why), path, {}, {}};
}

} // namespace

IndexStorage::IndexStorage(const Options &options, Database database)
    : m_path(options.path), m_pageCacheBytes(options.pageCacheBytes), m_ordered(options.ledger.traits().totalOrder),
      m_database(std::move(database)), m_readers(options.path, options.fileSystem.sqliteVfs())
{
    for (const auto &source : options.sources)
        m_places.push_back({source, {0}});
}

Result<std::unique_ptr<IndexStorage>> IndexStorage::open(const Options &options)
{
    if (options.fileSystem.exists(options.path)) {
        auto opened = openFile(options, Database::Mode::ReadWrite);
        // Anything else than damage (no permission, disk full, in use) would hit a new file just the same.
        if (opened || opened.error().code != ErrorCode::LedgerDamaged)
            return opened;
    }
    return create(options);
}

Result<std::unique_ptr<IndexStorage>> IndexStorage::create(const Options &options)
{
    for (const auto *const suffix : {"", "-wal", "-shm", "-journal"}) {
        if (auto removed = options.fileSystem.remove(options.path + suffix); !removed)
            return fail(removed.error());
    }
    {
        auto database = Database::open(options.path, Database::Mode::ReadWriteCreate, options.fileSystem.sqliteVfs());
        if (!database)
            return fail(database.error());
        if (auto configured = configureIndexWriter(*database, options.pageCacheBytes); !configured)
            return fail(configured.error());
        const auto ordered = options.ledger.traits().totalOrder;
        if (auto made = createIndexSchema(*database, ordered, options.ledger.ledgerId()); !made)
            return fail(made.error());
    }
    return openFile(options, Database::Mode::ReadWrite);
}

Result<std::unique_ptr<IndexStorage>> IndexStorage::openFile(const Options &options, Database::Mode mode)
{
    auto database = Database::open(options.path, mode, options.fileSystem.sqliteVfs());
    if (!database)
        return fail(database.error());
    auto storage = std::unique_ptr<IndexStorage>(new IndexStorage(options, std::move(*database)));
    if (auto loaded = storage->load(options.ledger); !loaded)
        return fail(loaded.error());
    return storage;
}

Result<void> IndexStorage::load(Ledger &ledger)
{
    const auto state = readIndexState(m_database);
    if (!state)
        return fail(state.error());
    if (auto configured = configureIndexWriter(m_database, m_pageCacheBytes); !configured)
        return configured;
    if (auto checked = checkAgainst(ledger, *state); !checked)
        return checked;
    if (!m_ordered) {
        if (auto loaded = loadSources(ledger); !loaded)
            return loaded;
    }
    // As SQLite's own errors name it.
    auto file = m_database.queryText("SELECT file FROM pragma_database_list WHERE name = 'main'");
    if (!file)
        return fail(file.error());
    m_file = std::move(*file);
    auto names = std::make_shared<IndexNames>();
    std::vector<std::uint64_t> counts;
    if (auto loaded = loadNames(*names, counts); !loaded)
        return loaded;
    m_writer = std::make_unique<IndexWriter>(m_database, ledger, *state, std::move(names), std::move(counts));
    if (auto prepared = m_writer->prepare(); !prepared)
        return prepared;
    publish();
    return {};
}

Result<void> IndexStorage::checkAgainst(Ledger &ledger, const IndexState &state)
{
    if (state.ledger != ledger.ledgerId())
        return fail(unusable(m_path, "it belongs to another ledger"));
    const auto newest = m_database.queryInteger("SELECT max(position) FROM records");
    if (!newest)
        return fail(newest.error());
    if (static_cast<std::uint64_t>(*newest) != state.position.value)
        return fail(unusable(m_path, "its records end elsewhere than it says"));
    if (!m_ordered || state.position.value == 0)
        return {};

    const auto records = ledger.readAt(state.position, 1);
    if (!records)
        return fail(records.error());
    if (records->empty())
        return fail(unusable(m_path, "it is ahead of the ledger"));
    if (records->front()->chain != state.chain)
        return fail(unusable(m_path, "the ledger has another history"));
    return {};
}

Result<void> IndexStorage::loadSources(Ledger &ledger)
{
    auto statement = m_database.prepare("SELECT topic, part, next, newest FROM sources");
    if (!statement)
        return fail(statement.error());
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const TopicPartition source{std::string(statement->text(0)), static_cast<std::uint32_t>(statement->integer(1))};
        const Offset next{static_cast<std::uint64_t>(statement->integer(2))};
        const auto place = std::ranges::find(m_places, source, &TopicStart::source);
        if (place == m_places.end() || next.value == 0)
            return fail(unusable(m_path, "it follows other topics"));
        const auto newest = ledger.read(source, {next.value - 1}, 1);
        if (!newest)
            return fail(newest.error());
        if (newest->empty() || newest->front()->id != statement->uuid(3))
            return fail(unusable(m_path, "the ledger has another history"));
        place->next = next;
    }
}

Result<void> IndexStorage::loadNames(IndexNames &names, std::vector<std::uint64_t> &counts)
{
    auto series = m_database.prepare("SELECT number, kind, topic, action, count FROM series ORDER BY number");
    if (!series)
        return fail(series.error());
    for (;;) {
        const auto row = series->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const auto kind = series->integer(1);
        if (series->integer(0) != static_cast<std::int64_t>(names.series.size() + 1) || kind < 1 || kind > 3)
            return fail(unusable(m_path, "its names are damaged"));
        names.series.push_back(
            {static_cast<RecordKind>(kind), std::string(series->text(2)), std::string(series->text(3))});
        counts.push_back(static_cast<std::uint64_t>(series->integer(4)));
    }
    auto actors = m_database.prepare("SELECT number, name FROM actors ORDER BY number");
    if (!actors)
        return fail(actors.error());
    for (;;) {
        const auto row = actors->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        if (actors->integer(0) != static_cast<std::int64_t>(names.actors.size() + 1))
            return fail(unusable(m_path, "its names are damaged"));
        names.actors.emplace_back(actors->text(1));
    }
}

Result<void> IndexStorage::write(std::span<const RecordPtr> records)
{
    const auto next = m_writer->position().next();
    if (m_ordered) {
        // A follower that was restarted may be handed what was written just before.
        const auto fresh
            = std::ranges::find_if(records, [next](const auto &record) { return record->position >= next; });
        records = records.subspan(static_cast<std::size_t>(fresh - records.begin()));
        if (!records.empty()
            && (records.front()->position != next
                || records.back()->position.value != next.value + records.size() - 1)) {
            return fail(ErrorCode::Internal,
                        "the ledger skipped records: expected position " + std::to_string(next.value) + ", got "
                            + std::to_string(records.front()->position.value),
                        m_path, "Reopen the workspace.");
        }
    } else {
        m_fresh.clear();
        for (const auto &record : records) {
            const auto place = placeOf(*record);
            if (place != m_places.end() && record->offset >= place->next)
                m_fresh.push_back(record);
        }
        records = m_fresh;
    }
    if (records.empty())
        return {};
    if (auto written = m_writer->write(records); !written)
        return written;
    for (const auto &record : m_fresh)
        placeOf(*record)->next = record->offset.next();
    m_fresh.clear();
    publish();
    return {};
}

std::vector<TopicStart>::iterator IndexStorage::placeOf(const Record &record)
{
    return std::ranges::find_if(m_places, [&record](const TopicStart &place) {
        return place.source.partition == record.partition && place.source.topic == record.topic;
    });
}

FollowFrom IndexStorage::place() const
{
    if (m_ordered)
        return m_writer->position();
    return m_places;
}

std::shared_ptr<const IndexSnapshot> IndexStorage::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    return m_snapshot;
}

void IndexStorage::publish()
{
    auto snapshot = m_writer->snapshot();
    const std::scoped_lock lock(m_mutex);
    m_snapshot = std::move(snapshot);
}

} // namespace commander
