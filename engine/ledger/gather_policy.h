// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace commander {

/// Whether a group commit should wait a moment for more transactions. A client that was just answered often comes back
/// at once with its next command; a commit that begins without it makes it wait for two. Then clients fall into two
/// halves that take turns, and every commit carries half of what it could. So the policy watches how many come shortly
/// after each commit and waits for as many, never longer than a part of what a commit takes, and only where this gains
/// more than it costs those who are there already. Times come from the caller.
class GatherPolicy {
public:
    using Clock = std::chrono::steady_clock;

    /// A commit is over; whatever `arrived()` reports from here on came after it.
    void committed(Clock::time_point begin, Clock::time_point end) noexcept;
    /// A transaction has come.
    void arrived(Clock::time_point now) noexcept;
    /// With `waiting` transactions at hand, until when to wait for more; nothing: commit now.
    [[nodiscard]] std::optional<Clock::time_point> waitUntil(std::size_t waiting) const noexcept;
    /// As many have come as usual: no use to wait any longer.
    [[nodiscard]] bool enough() const noexcept { return static_cast<double>(m_arrived) >= m_usual; }

private:
    double m_commitSeconds = 0; ///< smoothed
    double m_usual = 0;         ///< how many come in the window after a commit, smoothed
    Clock::time_point m_windowEnd;
    std::size_t m_arrived = 0;  ///< since the last commit
    std::size_t m_inWindow = 0; ///< … before m_windowEnd
    bool m_hasCommitted = false;
};

} // namespace commander
