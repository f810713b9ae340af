// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/gather_policy.h"

#include <algorithm>

namespace commander {

namespace {

using std::chrono::duration;
using std::chrono::duration_cast;

constexpr double smoothing = 0.25;    ///< weight of the newest commit
constexpr double partOfCommit = 0.25; ///< of a commit's time that waiting may take
constexpr double windowSecondsMax = 0.005;
constexpr double windowSecondsMin = 0.000'1; ///< shorter than a thread needs to answer: commits are cheap here

} // namespace

void GatherPolicy::committed(Clock::time_point begin, Clock::time_point end) noexcept
{
    const double seconds = duration<double>(end - begin).count();
    if (m_hasCommitted)
        m_usual += (static_cast<double>(m_inWindow) - m_usual) * smoothing;
    // A stall now and then (a checkpoint, a busy disk) is not what the next commit will take.
    const double counted = m_hasCommitted ? std::min(seconds, 4 * m_commitSeconds) : seconds;
    m_commitSeconds += (counted - m_commitSeconds) * (m_hasCommitted ? smoothing : 1.0);
    m_hasCommitted = true;
    m_arrived = 0;
    m_inWindow = 0;
    const auto window = std::min(m_commitSeconds * partOfCommit, windowSecondsMax);
    m_windowEnd = end + duration_cast<Clock::duration>(duration<double>(window));
}

void GatherPolicy::arrived(Clock::time_point now) noexcept
{
    ++m_arrived;
    if (m_hasCommitted && now <= m_windowEnd)
        ++m_inWindow;
}

std::optional<GatherPolicy::Clock::time_point> GatherPolicy::waitUntil(std::size_t waiting) const noexcept
{
    const double missing = m_usual - static_cast<double>(m_arrived);
    if (m_commitSeconds * partOfCommit < windowSecondsMin || missing < 0.5)
        return std::nullopt;
    // Waiting for the whole window makes a commit longer by `partOfCommit`; it must carry more by at least as much.
    if (missing < static_cast<double>(waiting) * partOfCommit)
        return std::nullopt;
    return m_windowEnd;
}

} // namespace commander
