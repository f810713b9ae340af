// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace commander {

/// A statement lent by its connection. Resets it at the end, so that no read transaction stays open.
class LentStatement {
public:
    explicit LentStatement(Statement &statement) : m_statement(&statement) { }
    LentStatement(LentStatement &&other) noexcept : m_statement(std::exchange(other.m_statement, nullptr)) { }
    LentStatement &operator=(LentStatement &&) = delete;
    ~LentStatement()
    {
        if (m_statement)
            m_statement->reset();
    }
    Statement *operator->() const noexcept { return m_statement; }
    Statement &operator*() const noexcept { return *m_statement; }

private:
    Statement *m_statement;
};

/// A read-only connection with the statements it has used so far. One thread at a time.
class IndexReader {
public:
    explicit IndexReader(Database database) : m_database(std::move(database)) { }
    /// The statement of this text (a literal), prepared once. One use at a time; for texts that do not depend on what
    /// is asked.
    [[nodiscard]] Result<LentStatement> fixed(const char *sql);
    [[nodiscard]] Database &database() noexcept { return m_database; }

private:
    Database m_database; // outlives its statements
    std::map<const char *, Statement> m_fixed;
};

/// Lends connections to one index file, so that readers on many threads neither wait for each other nor for the writer.
/// Thread-safe. Must outlive what it lends.
class IndexReaderPool {
public:
    IndexReaderPool(std::string path, std::string vfs) : m_path(std::move(path)), m_vfs(std::move(vfs)) { }

    class Lease {
    public:
        Lease(IndexReaderPool &pool, std::unique_ptr<IndexReader> reader) : m_pool(&pool), m_reader(std::move(reader))
        {
        }
        Lease(Lease &&) = default;
        Lease &operator=(Lease &&) = delete;
        ~Lease();
        [[nodiscard]] IndexReader &reader() const noexcept { return *m_reader; }

    private:
        IndexReaderPool *m_pool;
        std::unique_ptr<IndexReader> m_reader;
    };
    [[nodiscard]] Result<Lease> lend();

private:
    // Constant after construction
    const std::string m_path;
    const std::string m_vfs;
    // Guarded by m_mutex
    std::mutex m_mutex;
    std::vector<std::unique_ptr<IndexReader>> m_idle;
};

} // namespace commander
