// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_store_pool.h"

#include <utility>

namespace commander {

ViewStorePool::ViewStorePool(std::string path, std::string vfs, std::size_t connectionsMax)
    : m_path(std::move(path)), m_vfs(std::move(vfs)), m_connectionsMax(connectionsMax)
{
}

ViewStorePool::Lease::~Lease()
{
    if (m_connection)
        m_pool->giveBack(std::move(m_connection));
}

Result<ViewStorePool::Lease> ViewStorePool::lease(std::stop_token stop)
{
    {
        std::unique_lock lock(m_mutex);
        if (!m_freed.wait(lock, stop, [this] { return m_inUse < m_connectionsMax; }) || stop.stop_requested())
            return fail(ErrorCode::Cancelled, "cancelled", m_path);
        ++m_inUse;
        if (!m_idle.empty()) {
            auto connection = std::move(m_idle.back());
            m_idle.pop_back();
            return Lease(*this, std::move(connection));
        }
    }
    auto connection = connect();
    if (!connection) {
        giveBack(nullptr);
        return fail(connection.error());
    }
    return Lease(*this, std::move(*connection));
}

void ViewStorePool::giveBack(std::unique_ptr<ViewConnection> connection)
{
    {
        const std::scoped_lock lock(m_mutex);
        --m_inUse;
        if (connection)
            m_idle.push_back(std::move(connection));
    }
    m_freed.notify_one();
}

Result<std::unique_ptr<ViewConnection>> ViewStorePool::connect() const
{
    auto database = Database::open(m_path, Database::Mode::ReadOnly, m_vfs);
    if (!database)
        return fail(database.error());
    auto connection = std::make_unique<ViewConnection>();
    connection->database = std::move(*database);
    if (auto set = connection->database.execute("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; "
                                                "PRAGMA cache_size = -4096;");
        !set)
        return fail(set.error());
    auto log = ChangeLog::open(connection->database);
    if (!log)
        return fail(log.error());
    connection->log = std::move(*log);
    auto begin = connection->database.prepare("BEGIN");
    if (!begin)
        return fail(begin.error());
    connection->begin = std::move(*begin);
    auto end = connection->database.prepare("COMMIT");
    if (!end)
        return fail(end.error());
    connection->end = std::move(*end);
    return connection;
}

} // namespace commander
