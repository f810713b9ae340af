// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/experiments.h>

#include <map>
#include <mutex>

namespace commander {

/// The shadows that run now, by number. Each takes itself out when it ends, so that whoever looks here finds live ones
/// only. Thread-safe.
class ShadowRegistry {
public:
    [[nodiscard]] int add(ShadowRun &run)
    {
        const std::scoped_lock lock(m_mutex);
        m_runs.emplace(++m_last, &run);
        return m_last;
    }
    void remove(int number)
    {
        const std::scoped_lock lock(m_mutex);
        m_runs.erase(number);
    }
    /// Calls `visit(number, run)` for each; none of them ends meanwhile.
    template <class Visit> void forEach(Visit visit) const
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &[number, run] : m_runs)
            visit(number, *run);
    }

private:
    mutable std::mutex m_mutex;
    std::map<int, ShadowRun *> m_runs; ///< guarded by m_mutex
    int m_last = 0;                    ///< guarded by m_mutex
};

} // namespace commander
