// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace commander {

/// Processor time (user and system) that the threads of one name have used.
struct ThreadTime {
    std::string thread;
    double seconds = 0;
};

/// Of this process's threads, from /proc; empty where there is none. Threads that have ended are not counted.
[[nodiscard]] std::vector<ThreadTime> threadTimes();
/// What has been spent since `before`, the most first, without what is too little to show.
[[nodiscard]] std::vector<ThreadTime> spentSince(const std::vector<ThreadTime> &before);

} // namespace commander
