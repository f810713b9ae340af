// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/reader_pool.h"

namespace commander {

namespace {

/// More than this many at once is a burst: what it needed is closed again.
constexpr std::size_t idleReadersMax = 6;

} // namespace

Result<LentStatement> IndexReader::fixed(const char *sql)
{
    auto known = m_fixed.find(sql);
    if (known == m_fixed.end()) {
        auto prepared = m_database.prepare(sql);
        if (!prepared)
            return fail(prepared.error());
        known = m_fixed.emplace(sql, std::move(*prepared)).first;
    }
    return LentStatement(known->second);
}

Result<IndexReaderPool::Lease> IndexReaderPool::lend()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_idle.empty()) {
            auto reader = std::move(m_idle.back());
            m_idle.pop_back();
            return Lease(*this, std::move(reader));
        }
    }
    auto database = Database::open(m_path, Database::Mode::ReadOnly, m_vfs);
    if (!database)
        return fail(database.error());
    if (auto set = database->execute("PRAGMA cache_size = -8192;"); !set)
        return fail(set.error());
    return Lease(*this, std::make_unique<IndexReader>(std::move(*database)));
}

IndexReaderPool::Lease::~Lease()
{
    if (!m_reader)
        return;
    const std::scoped_lock lock(m_pool->m_mutex);
    if (m_pool->m_idle.size() < idleReadersMax)
        m_pool->m_idle.push_back(std::move(m_reader));
}

} // namespace commander
