// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/experiments.h>

#include <chrono>

namespace commander {

/// Tells how far a piece of work is, not too often.
class ProgressMeter {
public:
    ProgressMeter(const OnExperimentProgress &tell, ExperimentProgress::Phase phase, Position from, Position to)
        : m_tell(tell)
    {
        m_progress.phase = phase;
        m_progress.from = m_progress.at = from;
        m_progress.to = to;
    }
    void at(Position position, std::uint64_t commands = 0)
    {
        m_progress.at = position;
        m_progress.commands += commands;
        if (++m_calls % callsPerLook == 0)
            tell();
    }
    void tell()
    {
        if (!m_tell)
            return;
        const auto passed = seconds();
        m_progress.commandsPerSecond = passed > 0 ? static_cast<double>(m_progress.commands) / passed : 0;
        m_tell(m_progress);
    }
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    static constexpr std::uint64_t callsPerLook = 256;

    const OnExperimentProgress &m_tell;
    const std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    ExperimentProgress m_progress;
    std::uint64_t m_calls = 0;
};

} // namespace commander
