// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>

#include <atomic>

namespace commander {

/// Stands still until it is told to move, either way. Thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp start = {1'463'754'808'902'000}) : m_micros(start.micros) { }
    [[nodiscard]] Timestamp now() const override { return {m_micros.load()}; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override
    {
        return std::chrono::steady_clock::time_point(std::chrono::microseconds(m_steadyMicros.load()));
    }
    void set(Timestamp now) { m_micros = now.micros; }
    /// Wall clock by this much; the steady one only ever forward.
    void advance(std::chrono::microseconds by)
    {
        m_micros += by.count();
        if (by.count() > 0)
            m_steadyMicros += by.count();
    }

private:
    std::atomic<std::int64_t> m_micros;
    std::atomic<std::int64_t> m_steadyMicros{0};
};

} // namespace commander
