// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>

#include <chrono>
#include <functional>
#include <memory>

namespace commander {

/// How far everything is. Positions only ever grow.
struct Progress {
    Position ledger;  ///< durable head
    Position indexed; ///< RecordReader sees up to here
    Position viewed;  ///< every view has folded up to here
    bool operator==(const Progress &) const = default;
};

/// Unsubscribes when destroyed; after that no callback runs any more (the destructor waits for a running one).
class Subscription {
public:
    virtual ~Subscription() = default;
};

/// Tells followers that there is something new; they fetch it themselves from their own position, so a slow one costs
/// nothing and loses nothing. Thread-safe.
class Updates {
public:
    virtual ~Updates() = default;
    [[nodiscard]] virtual Progress progress() const = 0;
    /// Calls `notify` on an engine thread when progress changed, at most once per `interval`, and once at the start. Be
    /// quick in it.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(std::chrono::milliseconds interval,
                                                                  std::function<void(const Progress &)> notify)
        = 0;
};

} // namespace commander
