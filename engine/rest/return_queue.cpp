// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/return_queue.h"

#include <QMetaObject>

namespace commander::rest {

void ReturnQueue::post(Work work)
{
    const std::lock_guard lock(m_mutex);
    if (!m_context)
        return;
    m_work.push_back(std::move(work));
    // Under the lock, so that close() cannot pull the context away in between.
    if (!std::exchange(m_woken, true))
        QMetaObject::invokeMethod(
            m_context, [this] { drain(); }, Qt::QueuedConnection);
}

void ReturnQueue::close()
{
    const std::lock_guard lock(m_mutex);
    m_context = nullptr;
    m_work.clear();
}

void ReturnQueue::drain()
{
    {
        const std::lock_guard lock(m_mutex);
        m_running.swap(m_work);
        m_woken = false;
    }
    for (auto &work : m_running)
        work();
    m_running.clear();
}

} // namespace commander::rest
