// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/index_schema.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::int64_t applicationId = 0x436d6458; // "CmdX"
/// Raise it whenever a table or the meaning of a column changes: older files are then rebuilt.
constexpr std::int64_t schemaVersion = 1;

// Causes are kept as positions, not as ids: then all keys grow with the ledger, and a batch writes a few pages at the
// end of each tree instead of one page of every tree for every record. A cause that is not in the ledger before its
// effect has no position; `parent` or `root` is 0 then, and `strays` keeps the id. Every index ends in the rowid, which
// is the position.
constexpr const char *schemaSql = R"sql(
CREATE TABLE state(
    one INTEGER PRIMARY KEY CHECK (one = 1),
    ledger BLOB NOT NULL,
    position INTEGER NOT NULL,
    chain BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL);
CREATE TABLE series(
    number INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    topic TEXT NOT NULL,
    action TEXT NOT NULL,
    count INTEGER NOT NULL);
CREATE TABLE actors(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL);
CREATE TABLE records(
    position INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    parent INTEGER,
    root INTEGER NOT NULL,
    key TEXT NOT NULL);
CREATE INDEX records_by_series ON records(series);
CREATE INDEX records_by_parent ON records(parent) WHERE parent IS NOT NULL;
CREATE INDEX records_by_root ON records(root);
CREATE TABLE strays(
    role INTEGER NOT NULL,
    id BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (role, id, position)) WITHOUT ROWID;
CREATE TABLE outcomes(
    command INTEGER PRIMARY KEY,
    status INTEGER NOT NULL,
    result INTEGER NOT NULL);
CREATE INDEX outcomes_by_status ON outcomes(status);
CREATE TABLE rollups(
    width INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    series INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (width, bucket, series)) WITHOUT ROWID;
)sql";

/// What a ledger without a total order cannot answer itself.
constexpr const char *unorderedSql = R"sql(
CREATE TABLE sources(
    topic TEXT NOT NULL,
    part INTEGER NOT NULL,
    next INTEGER NOT NULL,
    newest BLOB NOT NULL,
    PRIMARY KEY (topic, part)) WITHOUT ROWID;
CREATE TABLE ids(
    id BLOB PRIMARY KEY,
    position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE bodies(
    position INTEGER PRIMARY KEY,
    body BLOB NOT NULL);
)sql";

tl::unexpected<Error> notAnIndex(const Database &database, std::string why)
{
    return fail(ErrorCode::LedgerDamaged, "not a usable index file: " + std::move(why), database.path());
}

} // namespace

Result<void> createIndexSchema(Database &database, bool ordered, const Uuid &ledger)
{
    if (auto begun = database.execute("BEGIN IMMEDIATE;"); !begun)
        return begun;
    auto sql = std::string(schemaSql);
    if (!ordered)
        sql += unorderedSql;
    sql += "PRAGMA application_id = " + std::to_string(applicationId) + ";";
    sql += "PRAGMA user_version = " + std::to_string(schemaVersion) + ";";
    if (auto made = database.execute(sql); !made)
        return made;
    auto insert = database.prepare("INSERT INTO state VALUES (1, ?1, 0, zeroblob(32), 0, 0)");
    if (!insert)
        return fail(insert.error());
    if (auto inserted = insert->bind(1, ledger).run(); !inserted)
        return inserted;
    return database.execute("COMMIT;");
}

Result<void> configureIndexWriter(Database &database, std::size_t pageCacheBytes)
{
    // NORMAL: a power cut may cost the newest commits but never consistency, and the ledger has them all. Larger
    // checkpoints write each page of the hot index ends once instead of many times.
    return database.execute("PRAGMA journal_mode = WAL;"
                            "PRAGMA synchronous = NORMAL;"
                            "PRAGMA wal_autocheckpoint = 4000;"
                            "PRAGMA journal_size_limit = 67108864;"
                            "PRAGMA temp_store = MEMORY;"
                            "PRAGMA cache_size = -"
                            + std::to_string(pageCacheBytes / 1024) + ';');
}

Result<IndexState> readIndexState(Database &database)
{
    const auto application = database.queryInteger("PRAGMA application_id");
    if (!application)
        return fail(application.error());
    const auto version = database.queryInteger("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*application != applicationId)
        return notAnIndex(database, "another program's, or empty");
    if (*version != schemaVersion)
        return notAnIndex(database,
                          "version " + std::to_string(*version) + " instead of " + std::to_string(schemaVersion));

    auto statement = database.prepare("SELECT ledger, position, chain, first, last FROM state");
    if (!statement)
        return fail(statement.error());
    const auto row = statement->step();
    if (!row)
        return fail(row.error());
    IndexState state;
    if (!*row || statement->blob(2).size() != state.chain.size())
        return notAnIndex(database, "it does not say where it stands");
    state.ledger = statement->uuid(0);
    state.position = {static_cast<std::uint64_t>(statement->integer(1))};
    std::ranges::copy(statement->blob(2), reinterpret_cast<char *>(state.chain.data()));
    state.first = {statement->integer(3)};
    state.last = {statement->integer(4)};
    return state;
}

} // namespace commander
