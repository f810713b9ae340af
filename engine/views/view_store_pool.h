// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/change_log.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

/// A read-only connection to the views file.
struct ViewConnection {
    Database database;
    ChangeLog log;
    Statement begin;
    Statement end;
};

/// A few connections that many threads share: each reader has one for itself, made when first needed. Thread-safe.
class ViewStorePool {
public:
    ViewStorePool(std::string path, std::string vfs, std::size_t connectionsMax);

    /// Gives the connection back when it goes.
    class Lease {
    public:
        Lease(ViewStorePool &pool, std::unique_ptr<ViewConnection> connection)
            : m_pool(&pool), m_connection(std::move(connection))
        {
        }
        Lease(Lease &&) noexcept = default;
        Lease &operator=(Lease &&) = delete;
        ~Lease();
        ViewConnection *operator->() const noexcept { return m_connection.get(); }

    private:
        ViewStorePool *m_pool;
        std::unique_ptr<ViewConnection> m_connection;
    };
    /// Waits for one while all are in use. Error Cancelled, and those of opening one.
    [[nodiscard]] Result<Lease> lease(std::stop_token stop);

private:
    [[nodiscard]] Result<std::unique_ptr<ViewConnection>> connect() const;
    void giveBack(std::unique_ptr<ViewConnection> connection);

    // Constant after construction
    const std::string m_path;
    const std::string m_vfs;
    const std::size_t m_connectionsMax;
    // Guarded by m_mutex
    std::mutex m_mutex;
    std::condition_variable_any m_freed;
    std::vector<std::unique_ptr<ViewConnection>> m_idle;
    std::size_t m_inUse = 0;
};

} // namespace commander
