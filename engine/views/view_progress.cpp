// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_progress.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace commander {

void ViewProgress::publish(std::vector<ViewStatus> views, Position taken)
{
    {
        const std::scoped_lock lock(m_mutex);
        Position position{std::numeric_limits<std::uint64_t>::max()};
        bool anyRuns = false;
        for (const auto &view : views) {
            if (view.error.empty() && !view.paused) {
                position = std::min(position, view.position);
                anyRuns = true;
            }
        }
        m_position = anyRuns ? position : taken;
        m_views = std::move(views);
    }
    m_changed.notify_all();
}

void ViewProgress::close()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_all();
}

std::vector<ViewStatus> ViewProgress::views() const
{
    const std::scoped_lock lock(m_mutex);
    return m_views;
}

std::string ViewProgress::errorOf(std::size_t view) const
{
    const std::scoped_lock lock(m_mutex);
    return view < m_views.size() ? m_views[view].error : std::string();
}

std::optional<Position> ViewProgress::positionOf(std::size_t view) const
{
    const std::scoped_lock lock(m_mutex);
    if (view >= m_views.size() || !m_views[view].error.empty() || m_views[view].paused)
        return std::nullopt;
    return m_views[view].position;
}

Position ViewProgress::position() const
{
    const std::scoped_lock lock(m_mutex);
    return m_position;
}

bool ViewProgress::waitFor(Position position, std::chrono::milliseconds wait)
{
    return waitFor(position, wait, {});
}

bool ViewProgress::waitFor(Position position, std::chrono::milliseconds wait, std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::move(stop), wait, [this, position] { return m_closed || m_position >= position; });
    return m_position >= position;
}

bool ViewProgress::isClosed() const
{
    const std::scoped_lock lock(m_mutex);
    return m_closed;
}

} // namespace commander
