// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/views.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// How far the views are, for everybody who asks or waits. Thread-safe.
class ViewProgress {
public:
    /// What is committed: the state of every view, and the newest record that was taken in.
    void publish(std::vector<ViewStatus> views, Position taken);
    /// Nothing will be folded any more: whoever waits gives up.
    void close();

    [[nodiscard]] std::vector<ViewStatus> views() const;
    /// Why the view of this number stopped, or empty.
    [[nodiscard]] std::string errorOf(std::size_t view) const;
    /// How far the view of this number is; nothing when it has stopped or is paused.
    [[nodiscard]] std::optional<Position> positionOf(std::size_t view) const;
    /// Every view that neither stopped nor is paused has folded up to here; when none is left, the newest record that
    /// was taken in.
    [[nodiscard]] Position position() const;
    /// True once position() is there; false when `wait` is over, or closed.
    [[nodiscard]] bool waitFor(Position position, std::chrono::milliseconds wait);
    /// The same; false when `stop` is requested, too.
    [[nodiscard]] bool waitFor(Position position, std::chrono::milliseconds wait, std::stop_token stop);
    [[nodiscard]] bool isClosed() const;

private:
    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::vector<ViewStatus> m_views;
    Position m_position;
    bool m_closed = false;
};

} // namespace commander
