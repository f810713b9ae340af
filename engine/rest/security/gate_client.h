// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace commander::rest {

/// So many requests a second, and as many at once. Refills with time.
class RateBucket {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// Takes one, or says in how long there will be one. `perSecond` 0 = without limit.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(std::uint32_t perSecond, TimePoint now)
    {
        if (perSecond == 0)
            return std::nullopt;
        if (m_filled)
            m_level += std::chrono::duration<double>(now - *m_filled).count() * perSecond;
        m_level = m_filled ? std::min<double>(m_level, perSecond) : perSecond;
        m_filled = now;
        if (m_level >= 1) {
            m_level -= 1;
            return std::nullopt;
        }
        return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>((1 - m_level) / perSecond));
    }

private:
    double m_level = 0;
    std::optional<TimePoint> m_filled;
};

/// A bounded number of places. Outlives every Seat.
class Seats {
public:
    explicit Seats(std::size_t most) : m_most(most) { }

    /// One place, given back with the object.
    class Seat {
    public:
        Seat() = default;
        Seat(Seat &&other) noexcept : m_of(std::exchange(other.m_of, nullptr)) { }
        Seat &operator=(Seat &&other) noexcept
        {
            std::swap(m_of, other.m_of);
            return *this;
        }
        ~Seat()
        {
            if (m_of)
                --m_of->m_taken;
        }
        [[nodiscard]] bool isOf(const Seats &seats) const noexcept { return m_of == &seats; }

    private:
        friend class Seats;
        explicit Seat(Seats &of) : m_of(&of) { ++of.m_taken; }
        Seats *m_of = nullptr;
    };

    [[nodiscard]] std::optional<Seat> take() { return m_taken < m_most ? std::optional(Seat(*this)) : std::nullopt; }
    [[nodiscard]] std::size_t taken() const noexcept { return m_taken; }

private:
    const std::size_t m_most;
    std::size_t m_taken = 0;
};

/// What is known of a connection whatever it asks for. Lives as long as the connection.
struct GateClient {
    std::string address; ///< "127.0.0.1"
    RateBucket rate;     ///< of its requests without a token
    Seats::Seat seat;    ///< taken with its first request that is let in
};

} // namespace commander::rest
