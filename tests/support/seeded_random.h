// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>

#include <mutex>
#include <random>

namespace commander {

/// The same seed gives the same bytes. Thread-safe.
class SeededRandom final : public RandomSource {
public:
    explicit SeededRandom(std::uint64_t seed) : m_engine(seed) { }
    void fill(std::span<std::uint8_t> bytes) override
    {
        const std::scoped_lock lock(m_mutex);
        for (auto &byte : bytes)
            byte = static_cast<std::uint8_t>(m_engine());
    }
    /// Evenly from 0 to below - 1.
    [[nodiscard]] std::uint64_t below(std::uint64_t below)
    {
        const std::scoped_lock lock(m_mutex);
        return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(m_engine);
    }

private:
    std::mutex m_mutex;
    std::mt19937_64 m_engine;
};

} // namespace commander
