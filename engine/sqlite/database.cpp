// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/database.h"

#include <algorithm>
#include <sqlite3.h>
#include <utility>

namespace commander {

namespace {

constexpr int instructionsPerCheck = 1000; // some microseconds of work

ErrorCode codeOf(int extended)
{
    switch (extended & 0xff) {
    case SQLITE_FULL:
        return ErrorCode::DiskFull;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::LedgerLocked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::LedgerDamaged;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ErrorCode::LedgerReadOnly;
    case SQLITE_INTERRUPT:
        return ErrorCode::Cancelled;
    default:
        return ErrorCode::IoError;
    }
}

Error errorOf(sqlite3 *handle, std::string what, std::string where)
{
    const int code = handle ? sqlite3_extended_errcode(handle) : SQLITE_NOMEM;
    what += ": ";
    what += handle ? sqlite3_errmsg(handle) : "out of memory";
    what += " (SQLite " + std::to_string(code) + ")";
    return Error{codeOf(code), std::move(what), std::move(where), {}, {}};
}

// Keeps ?, # and % in file names from being read as URI syntax.
std::string uriOf(const std::string &path, std::string_view query)
{
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '?' || c == '#' || c == '%') {
            const auto byte = static_cast<std::uint8_t>(c);
            uri += '%';
            uri += toHex(&byte, 1);
        } else {
            uri += c;
        }
    }
    uri += query;
    return uri;
}

/// SQLite counts every allocation of the process under one lock by default: nobody reads the counts, and all the
/// engine's threads would queue for them. When SQLite is at work already it keeps its settings, which costs speed only.
void configureOnce()
{
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)configured;
}

} // namespace

Statement::Statement(Statement &&other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) { }

Statement &Statement::operator=(Statement &&other) noexcept
{
    std::swap(m_handle, other.m_handle);
    return *this;
}

Statement::~Statement()
{
    sqlite3_finalize(m_handle);
}

Statement &Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(m_handle, index, value);
    return *this;
}

Statement &Statement::bind(int index, std::string_view text)
{
    sqlite3_bind_text64(m_handle, index, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement &Statement::bindBlob(int index, std::span<const std::uint8_t> bytes)
{
    if (bytes.empty())
        sqlite3_bind_zeroblob(m_handle, index, 0);
    else
        sqlite3_bind_blob64(m_handle, index, bytes.data(), bytes.size(), SQLITE_STATIC);
    return *this;
}

Statement &Statement::bindBlob(int index, std::string_view bytes)
{
    return bindBlob(index, std::span(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()));
}

Statement &Statement::bindNull(int index)
{
    sqlite3_bind_null(m_handle, index);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    sqlite3 *const db = sqlite3_db_handle(m_handle);
    const char *const file = sqlite3_db_filename(db, "main");
    auto error = errorOf(db, "database operation failed", file ? file : "");
    sqlite3_reset(m_handle);
    return fail(std::move(error));
}

Result<void> Statement::run()
{
    for (;;) {
        const auto row = step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
    }
    reset();
    return {};
}

void Statement::reset() noexcept
{
    sqlite3_reset(m_handle);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}

std::string_view Statement::text(int column) const
{
    const auto *const bytes = reinterpret_cast<const char *>(sqlite3_column_text(m_handle, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column))};
}

std::string_view Statement::blob(int column) const
{
    const auto *const bytes = static_cast<const char *>(sqlite3_column_blob(m_handle, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column))};
}

Uuid Statement::uuid(int column) const
{
    Uuid id;
    const auto bytes = blob(column);
    if (bytes.size() == id.bytes.size())
        std::copy_n(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(), id.bytes.begin());
    return id;
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

Result<Database> Database::open(const std::string &path, Mode mode, const std::string &vfs)
{
    configureOnce();
    Database database;
    database.m_path = path;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
    std::string_view query;
    switch (mode) {
    case Mode::ReadWriteCreate:
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        break;
    case Mode::ReadWrite:
        flags |= SQLITE_OPEN_READWRITE;
        break;
    case Mode::ReadOnly:
        flags |= SQLITE_OPEN_READONLY;
        break;
    case Mode::Immutable:
        flags |= SQLITE_OPEN_READONLY;
        query = "?immutable=1";
        break;
    }
    const int code
        = sqlite3_open_v2(uriOf(path, query).c_str(), &database.m_handle, flags, vfs.empty() ? nullptr : vfs.c_str());
    if (code != SQLITE_OK) {
        auto error = errorOf(database.m_handle, "cannot open the database", path);
        if (code == SQLITE_CANTOPEN)
            error.remedy = "Check that the folder exists and that you may write to it.";
        return fail(std::move(error));
    }
    sqlite3_busy_timeout(database.m_handle, 5000);
    sqlite3_db_config(database.m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return database;
}

Database::Database(Database &&other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr)), m_path(std::move(other.m_path))
{
}

Database &Database::operator=(Database &&other) noexcept
{
    std::swap(m_handle, other.m_handle);
    std::swap(m_path, other.m_path);
    return *this;
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt *handle = nullptr;
    if (sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle,
                           nullptr)
        != SQLITE_OK)
        return fail(error("cannot prepare a statement"));
    return Statement(handle);
}

Result<void> Database::execute(const std::string &sql)
{
    if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return fail(error("database operation failed"));
    return {};
}

Result<std::int64_t> Database::queryInteger(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return fail(statement.error());
    const auto row = statement->step();
    if (!row)
        return fail(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<std::string> Database::queryText(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return fail(statement.error());
    const auto row = statement->step();
    if (!row)
        return fail(row.error());
    return *row ? std::string(statement->text(0)) : std::string();
}

Error Database::error(std::string what) const
{
    return errorOf(m_handle, std::move(what), m_path);
}

InterruptOnStop::InterruptOnStop(Database &database, std::stop_token stop)
    : m_handle(stop.stop_possible() ? database.handle() : nullptr), m_stop(std::move(stop))
{
    if (!m_handle)
        return;
    // sqlite3_interrupt() is lost when the query has not begun yet, so the query asks by itself.
    sqlite3_progress_handler(
        m_handle, instructionsPerCheck,
        [](void *self) { return static_cast<InterruptOnStop *>(self)->m_stop.stop_requested() ? 1 : 0; }, this);
}

InterruptOnStop::~InterruptOnStop()
{
    if (m_handle)
        sqlite3_progress_handler(m_handle, 0, nullptr, nullptr);
}

} // namespace commander
