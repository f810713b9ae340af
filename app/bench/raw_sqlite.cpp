// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/floors.h"

#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <vector>

namespace commander {

namespace {

struct Closer {
    void operator()(sqlite3 *database) const { sqlite3_close_v2(database); }
    void operator()(sqlite3_stmt *statement) const { sqlite3_finalize(statement); }
};
using DatabasePtr = std::unique_ptr<sqlite3, Closer>;
using StatementPtr = std::unique_ptr<sqlite3_stmt, Closer>;

tl::unexpected<Error> sqliteError(sqlite3 *database, const char *what)
{
    return fail(ErrorCode::IoError, std::string(what) + ": " + sqlite3_errmsg(database));
}

struct ValueDeleter {
    void operator()(sqlite3_value *value) const { sqlite3_value_free(value); }
};
using Row = std::vector<std::unique_ptr<sqlite3_value, ValueDeleter>>;

Result<DatabasePtr> openFile(const std::string &path, int flags)
{
    sqlite3 *handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    DatabasePtr database(handle);
    if (code != SQLITE_OK)
        return sqliteError(handle, "cannot open");
    return database;
}

Result<StatementPtr> prepare(sqlite3 *database, const std::string &sql)
{
    sqlite3_stmt *handle = nullptr;
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &handle, nullptr) != SQLITE_OK)
        return sqliteError(database, "cannot prepare");
    return StatementPtr(handle);
}

/// Creates the source's table and indexes of `records` (no triggers) in the target.
Result<void> copySchema(sqlite3 *source, sqlite3 *target)
{
    auto schema = prepare(source,
                          "SELECT sql FROM sqlite_schema WHERE tbl_name='records' AND type IN ('table','index') "
                          "AND sql IS NOT NULL ORDER BY type DESC");
    if (!schema)
        return fail(schema.error());
    while (sqlite3_step(schema->get()) == SQLITE_ROW) {
        const auto *const sql = reinterpret_cast<const char *>(sqlite3_column_text(schema->get(), 0));
        if (sqlite3_exec(target, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            return sqliteError(target, "cannot create the table");
    }
    return {};
}

Result<std::vector<Row>> readRows(sqlite3 *source)
{
    auto select = prepare(source, "SELECT * FROM records ORDER BY position");
    if (!select)
        return fail(select.error());
    std::vector<Row> rows;
    while (sqlite3_step(select->get()) == SQLITE_ROW) {
        Row row;
        for (int column = 0; column < sqlite3_column_count(select->get()); ++column)
            row.emplace_back(sqlite3_value_dup(sqlite3_column_value(select->get(), column)));
        rows.push_back(std::move(row));
    }
    if (rows.empty())
        return fail(ErrorCode::NotFound, "the ledger has no records to copy");
    return rows;
}

} // namespace

Result<double> rawSqliteRowsPerSecond(const std::string &sourceLedger, const std::string &targetFile,
                                      std::size_t rowsPerCommit)
{
    auto source = openFile(sourceLedger, SQLITE_OPEN_READONLY);
    if (!source)
        return fail(source.error());
    auto target = openFile(targetFile, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!target)
        return fail(target.error());
    // As generous with memory and checkpoints as the ledger's own writer.
    constexpr auto settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
                              "PRAGMA wal_autocheckpoint=8192";
    if (sqlite3_exec(target->get(), settings, nullptr, nullptr, nullptr) != SQLITE_OK)
        return sqliteError(target->get(), "cannot set up");
    if (auto copied = copySchema(source->get(), target->get()); !copied)
        return fail(copied.error());
    const auto rows = readRows(source->get());
    if (!rows)
        return fail(rows.error());

    std::string sql = "INSERT INTO records VALUES(?";
    for (std::size_t column = 1; column < rows->front().size(); ++column)
        sql += ",?";
    auto insert = prepare(target->get(), sql + ")");
    if (!insert)
        return fail(insert.error());
    const auto begin = std::chrono::steady_clock::now();
    std::size_t inTransaction = 0;
    for (const auto &row : *rows) {
        if (inTransaction == 0)
            sqlite3_exec(target->get(), "BEGIN", nullptr, nullptr, nullptr);
        for (std::size_t column = 0; column < row.size(); ++column)
            sqlite3_bind_value(insert->get(), static_cast<int>(column) + 1, row[column].get());
        if (sqlite3_step(insert->get()) != SQLITE_DONE)
            return sqliteError(target->get(), "cannot insert");
        sqlite3_reset(insert->get());
        if (++inTransaction == rowsPerCommit || &row == &rows->back()) {
            if (sqlite3_exec(target->get(), "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK)
                return sqliteError(target->get(), "cannot commit");
            inTransaction = 0;
        }
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(rows->size()) / seconds.count();
}

Result<double> bareOpenMillis(const std::vector<std::string> &files)
{
    const auto begin = std::chrono::steady_clock::now();
    for (const auto &file : files) {
        auto database = openFile(file, SQLITE_OPEN_READWRITE);
        if (!database)
            return fail(database.error());
        for (const auto *const newest : {"SELECT * FROM records ORDER BY position DESC LIMIT 1",
                                         "SELECT * FROM changes ORDER BY place DESC LIMIT 1"}) {
            // Each file has one of the two tables.
            if (auto row = prepare(database->get(), newest); row && sqlite3_step(row->get()) == SQLITE_ROW)
                sqlite3_column_bytes(row->get(), 0);
        }
    }
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - begin;
    return spent.count();
}

Result<double> bareRowMillis(const std::string &viewsFile, std::size_t rows)
{
    auto database = openFile(viewsFile, SQLITE_OPEN_READONLY);
    if (!database)
        return fail(database.error());
    auto last = prepare(database->get(), "SELECT max(place) FROM changes");
    auto row = prepare(database->get(), "SELECT body FROM changes WHERE place >= ?1 LIMIT 1");
    if (!last || !row)
        return fail(last ? row.error() : last.error());
    if (sqlite3_step(last->get()) != SQLITE_ROW || sqlite3_column_int64(last->get(), 0) < 1)
        return fail(ErrorCode::NotFound, "there are no rows to read", viewsFile);
    const auto places = static_cast<std::uint64_t>(sqlite3_column_int64(last->get(), 0));
    std::mt19937_64 chance{4};
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < rows; ++i) {
        sqlite3_bind_int64(row->get(), 1, static_cast<sqlite3_int64>(chance() % places));
        if (sqlite3_step(row->get()) != SQLITE_ROW)
            return sqliteError(database->get(), "cannot read");
        sqlite3_column_bytes(row->get(), 0);
        sqlite3_reset(row->get());
    }
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - begin;
    return spent.count() / static_cast<double>(std::max<std::size_t>(1, rows));
}

} // namespace commander
