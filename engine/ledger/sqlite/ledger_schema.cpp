// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/ledger_schema.h"

#include "ledger/sqlite/progress_table.h"
#include "values/sabotage.h"

#include <array>
#include <vector>

namespace commander {

namespace {

struct SchemaObject {
    std::string_view name;
    std::string_view sql;
};

// Kept by SQLite word for word, which is how checkLedgerSchema() compares. The triggers guard against accidents with
// other programs; whoever drops them is found by the chain.
constexpr std::array schemaObjects{
    SchemaObject{"meta", "CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID"},
    SchemaObject{"topics", "CREATE TABLE topics (topic_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT"},
    SchemaObject{"records", R"(CREATE TABLE records (
    position INTEGER PRIMARY KEY,
    topic_id INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    "offset" INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    parent BLOB,
    correlation BLOB,
    "key" TEXT NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    depth INTEGER NOT NULL,
    schema_version INTEGER NOT NULL,
    domain_version BLOB,
    timestamp INTEGER,
    recorded_at INTEGER NOT NULL,
    headers TEXT NOT NULL,
    data TEXT NOT NULL,
    salt BLOB NOT NULL,
    leaf BLOB NOT NULL,
    chain BLOB NOT NULL
) STRICT)"},
    SchemaObject{"records_id", "CREATE UNIQUE INDEX records_id ON records (id)"},
    SchemaObject{"records_offset", "CREATE UNIQUE INDEX records_offset ON records (topic_id, partition, \"offset\")"},
    SchemaObject{"progress", R"(CREATE TABLE progress (
    consumer TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
) STRICT, WITHOUT ROWID)"},
    SchemaObject{"records_no_update", R"(CREATE TRIGGER records_no_update BEFORE UPDATE ON records
BEGIN SELECT RAISE(ABORT, 'a ledger is append-only: records are never changed'); END)"},
    SchemaObject{"records_no_delete", R"(CREATE TRIGGER records_no_delete BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'a ledger is append-only: records are never deleted'); END)"},
    SchemaObject{"topics_no_update", R"(CREATE TRIGGER topics_no_update BEFORE UPDATE ON topics
BEGIN SELECT RAISE(ABORT, 'a ledger is append-only: topics are never renamed'); END)"},
    SchemaObject{"topics_no_delete", R"(CREATE TRIGGER topics_no_delete BEFORE DELETE ON topics
BEGIN SELECT RAISE(ABORT, 'a ledger is append-only: topics are never deleted'); END)"},
    SchemaObject{"meta_no_update", R"(CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta
BEGIN SELECT RAISE(ABORT, 'the identity of a ledger never changes'); END)"},
    SchemaObject{"meta_no_delete", R"(CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta
BEGIN SELECT RAISE(ABORT, 'the identity of a ledger never changes'); END)"},
};

Result<void> setPragma(Database &database, const std::string &name, std::int64_t value)
{
    if (auto set = database.execute("PRAGMA " + name + "=" + std::to_string(value)); !set)
        return set;
    const auto now = database.queryInteger("PRAGMA " + name);
    if (!now)
        return fail(now.error());
    if (*now != value) {
        return fail(ErrorCode::Unsupported,
                    "SQLite does not accept " + name + "=" + std::to_string(value) + " but keeps "
                        + std::to_string(*now),
                    database.path());
    }
    return {};
}

Result<void> prepareAny(Database &database)
{
    for (const auto &[name, value] :
         {std::pair<const char *, std::int64_t>{"cell_size_check", 1}, {"trusted_schema", 0}, {"mmap_size", 0}}) {
        if (auto set = setPragma(database, name, value); !set)
            return set;
    }
    return {};
}

} // namespace

Result<void> createLedgerSchema(Database &database, const Uuid &ledgerId, Timestamp createdAt)
{
    std::string sql = "PRAGMA application_id=" + std::to_string(ledgerApplicationId)
        + ";PRAGMA user_version=" + std::to_string(ledgerFormatVersion) + ";";
    for (const auto &object : schemaObjects)
        sql.append(object.sql).append(";\n");
    if (auto made = database.execute(sql); !made)
        return made;

    auto insert = database.prepare("INSERT INTO meta (name, value) VALUES (?1, ?2)");
    if (!insert)
        return fail(insert.error());
    if (auto added = insert->bind(1, "ledger-id").bind(2, ledgerId).run(); !added)
        return added;
    if (auto added = insert->bind(1, "created-at").bind(2, createdAt.micros).run(); !added)
        return added;
    if (auto added = insert->bind(1, "created-by").bind(2, "Commander, ledger format 1").run(); !added)
        return added;
    return ProgressTable::begin(database);
}

Result<void> checkLedgerSchema(Database &database)
{
    auto objects = database.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'");
    if (!objects)
        return fail(objects.error());
    std::size_t known = 0;
    for (;;) {
        const auto row = objects->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const auto name = std::string(objects->text(0));
        bool same = false;
        for (const auto &object : schemaObjects)
            same = same || (object.name == name && object.sql == objects->text(1));
        if (!same) {
            return fail(ErrorCode::LedgerDamaged, "the ledger's table, index or trigger \"" + name + "\" was changed",
                        database.path(), "Verify the ledger, and restore a copy or export what is there.");
        }
        ++known;
    }
    if (known != schemaObjects.size()) {
        return fail(ErrorCode::LedgerDamaged, "a table, index or trigger of the ledger is missing", database.path(),
                    "Verify the ledger, and restore a copy or export what is there.");
    }
    return {};
}

Result<Uuid> readLedgerId(Database &database)
{
    auto query = database.prepare("SELECT value FROM meta WHERE name = 'ledger-id'");
    if (!query)
        return fail(query.error());
    const auto row = query->step();
    if (!row)
        return fail(row.error());
    const auto id = *row ? query->uuid(0) : Uuid{};
    if (id.isNull())
        return fail(ErrorCode::LedgerDamaged, "the ledger's own id is missing", database.path());
    return id;
}

Result<void> prepareReader(Database &database)
{
    if (auto prepared = prepareAny(database); !prepared)
        return prepared;
    if (auto set = setPragma(database, "query_only", 1); !set)
        return set;
    return setPragma(database, "cache_size", -8 * 1024);
}

Result<void> prepareWriter(Database &database, Durability durability)
{
    if (auto prepared = prepareAny(database); !prepared)
        return prepared;
    const auto mode = database.queryText("PRAGMA journal_mode=WAL");
    if (!mode)
        return fail(mode.error());
    if (*mode != "wal")
        return fail(ErrorCode::Unsupported, "SQLite does not accept a write-ahead log here but uses " + *mode,
                    database.path(), "Keep the ledger on a local disk.");
    const auto locking = database.queryText("PRAGMA locking_mode=NORMAL");
    if (!locking)
        return fail(locking.error());
    if (auto set = setPragma(database, "synchronous",
                             durability == Durability::Full && !sabotaged(Saboteur::LogNotSynced) ? 2 : 1);
        !set)
        return set;
    // The writer checkpoints by itself: SQLite's own automatism swallows I/O errors.
    if (auto set = setPragma(database, "wal_autocheckpoint", 0); !set)
        return set;
    // A log that grew while a reader held it back shrinks again when it is reset.
    if (auto set = setPragma(database, "journal_size_limit", 64 * 1024 * 1024); !set)
        return set;
    return setPragma(database, "cache_size", -64 * 1024);
}

} // namespace commander
