// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace commander {

/// A prepared statement. Bind (1-based), step until false, reset. Text and blobs are bound without a copy: they must
/// live until the next reset. Used by the thread of its database.
class Statement {
public:
    Statement() = default;
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&other) noexcept;
    ~Statement();

    Statement &bind(int index, std::int64_t value);
    Statement &bind(int index, std::string_view text);
    Statement &bindBlob(int index, std::span<const std::uint8_t> bytes);
    Statement &bindBlob(int index, std::string_view bytes);
    Statement &bind(int index, const Uuid &id) { return bindBlob(index, std::span(id.bytes)); }
    Statement &bindNull(int index);

    /// True: a row is there. False: done. Errors as Database::error().
    [[nodiscard]] Result<bool> step();
    /// Runs to the end and resets; for statements without rows.
    [[nodiscard]] Result<void> run();
    void reset() noexcept;

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view text(int column) const; ///< valid until the next step or reset
    [[nodiscard]] std::string_view blob(int column) const; ///< valid until the next step or reset
    [[nodiscard]] Uuid uuid(int column) const;             ///< null UUID for NULL or another length
    [[nodiscard]] bool isNull(int column) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt *handle) : m_handle(handle) { }
    sqlite3_stmt *m_handle = nullptr;
};

/// One SQLite connection, used by one thread at a time. Errors come as values: DiskFull, LedgerLocked (busy),
/// LedgerDamaged (corrupt or not a database), LedgerReadOnly, Cancelled (interrupted), IoError otherwise, with the file
/// in `where`.
class Database {
public:
    enum class Mode {
        ReadWriteCreate,
        ReadWrite,
        ReadOnly,  ///< never writes the database, never checkpoints
        Immutable, ///< no locks, no -wal: for files that nobody writes
    };
    [[nodiscard]] static Result<Database> open(const std::string &path, Mode mode, const std::string &vfs = {});
    Database() = default;
    Database(Database &&other) noexcept;
    Database &operator=(Database &&other) noexcept;
    ~Database();

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// One or more statements without results.
    [[nodiscard]] Result<void> execute(const std::string &sql);
    [[nodiscard]] Result<std::int64_t> queryInteger(std::string_view sql);
    [[nodiscard]] Result<std::string> queryText(std::string_view sql);
    [[nodiscard]] bool isOpen() const noexcept { return m_handle != nullptr; }
    /// The last error of this connection as a value.
    [[nodiscard]] Error error(std::string what) const;
    [[nodiscard]] sqlite3 *handle() const noexcept { return m_handle; }
    [[nodiscard]] const std::string &path() const noexcept { return m_path; }

private:
    sqlite3 *m_handle = nullptr;
    std::string m_path;
};

/// Interrupts the queries of a connection once the token is stopped, also when it was stopped before they began. Lives
/// no longer than the connection; one at a time.
class InterruptOnStop {
public:
    InterruptOnStop(Database &database, std::stop_token stop);
    ~InterruptOnStop();
    InterruptOnStop(const InterruptOnStop &) = delete;
    InterruptOnStop &operator=(const InterruptOnStop &) = delete;

private:
    sqlite3 *const m_handle; ///< null when nobody can stop it
    const std::stop_token m_stop;
};

} // namespace commander
