// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/sabotage.h"

#ifdef COMMANDER_SABOTAGE

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace commander {

namespace {

std::size_t chosenSaboteur()
{
    const char *const chosen = std::getenv("COMMANDER_SABOTAGE");
    if (!chosen)
        return saboteurNames.size();
    const auto found = std::find(saboteurNames.begin(), saboteurNames.end(), chosen);
    if (found == saboteurNames.end()) {
        std::fprintf(stderr, "there is no saboteur \"%s\"\n", chosen);
        std::abort();
    }
    return static_cast<std::size_t>(found - saboteurNames.begin());
}

} // namespace

bool sabotaged(Saboteur saboteur)
{
    static const std::size_t chosen = chosenSaboteur();
    return static_cast<std::size_t>(saboteur) == chosen;
}

std::uint64_t sabotageNoise()
{
    static std::atomic<std::uint64_t> calls = static_cast<std::uint64_t>(::getpid())
        ^ static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    return ++calls & 0xFFFFFFFF; // as microseconds: at most an hour and a bit
}

} // namespace commander

#endif
