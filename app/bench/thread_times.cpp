// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/thread_times.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace commander {

namespace {

constexpr double shownMin = 0.01;

} // namespace

std::vector<ThreadTime> threadTimes()
{
    std::vector<ThreadTime> times;
    const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    std::error_code ignored;
    for (const auto &task : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
        std::ifstream file(task.path() / "stat");
        const std::string stat((std::istreambuf_iterator<char>(file)), {});
        const auto open = stat.find('(');
        const auto close = stat.rfind(')'); // the name may hold any character
        if (open == std::string::npos || close == std::string::npos)
            continue;
        std::istringstream fields(stat.substr(close + 1));
        std::string skipped;
        for (int field = 3; field < 14; ++field)
            fields >> skipped;
        double user = 0;
        double system = 0;
        fields >> user >> system;
        auto name = stat.substr(open + 1, close - open - 1);
        const auto found
            = std::find_if(times.begin(), times.end(), [&name](const ThreadTime &one) { return one.thread == name; });
        if (found == times.end())
            times.push_back({std::move(name), (user + system) / ticks});
        else
            found->seconds += (user + system) / ticks;
    }
    return times;
}

std::vector<ThreadTime> spentSince(const std::vector<ThreadTime> &before)
{
    auto times = threadTimes();
    for (auto &time : times) {
        const auto found = std::find_if(before.begin(), before.end(),
                                        [&time](const ThreadTime &one) { return one.thread == time.thread; });
        if (found != before.end())
            time.seconds -= found->seconds;
    }
    std::erase_if(times, [](const ThreadTime &time) { return time.seconds < shownMin; });
    std::sort(times.begin(), times.end(), [](const auto &a, const auto &b) { return a.seconds > b.seconds; });
    return times;
}

} // namespace commander
