// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/clock.h>

namespace commander {

Timestamp SystemClock::now() const
{
    // system_clock counts POSIX time on every platform with C++20.
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(sinceEpoch).count()};
}

std::chrono::steady_clock::time_point SystemClock::steady() const
{
    return std::chrono::steady_clock::now();
}

} // namespace commander
