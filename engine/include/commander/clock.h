// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/time.h>

#include <chrono>
#include <cstdint>
#include <span>

namespace commander {

/// Where time comes from. Tests bring their own. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    /// Wall-clock time; may jump either way.
    [[nodiscard]] virtual Timestamp now() const = 0;
    /// Never goes back; for intervals and deadlines.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

/// Where chance comes from. Thread-safe.
class RandomSource {
public:
    virtual ~RandomSource() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
};

/// The operating system's generator (getrandom), buffered per thread.
class SystemRandom final : public RandomSource {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

} // namespace commander
