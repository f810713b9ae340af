// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_work.h"
#include "bench/floors.h"

#include <commander/file_system.h>

namespace commander {

Result<double> bareGroupCommitsPerSecond(const std::string &folder, std::chrono::milliseconds duration)
{
    SystemFileSystem disk;
    auto log = disk.open(folder + "/commits.log", FileSystem::OpenMode::ReadWriteCreate);
    auto head = disk.open(folder + "/commits.head", FileSystem::OpenMode::ReadWriteCreate);
    if (!log || !head)
        return fail(log ? head.error() : log.error());
    constexpr std::size_t logCommits = 512; // 8 MiB
    const std::vector<std::uint8_t> pages(std::size_t{4} * 4120, 0x5a);
    const std::vector<std::uint8_t> slot(512, 0x5a);
    // Written over again like the ledger's own log after its first checkpoint: a file that grows costs more.
    for (std::size_t place = 0; place < logCommits; ++place) {
        if (auto written = (*log)->writeAt(place * pages.size(), pages); !written)
            return fail(written.error());
    }
    if (auto synced = (*log)->sync(); !synced)
        return fail(synced.error());
    const auto begin = std::chrono::steady_clock::now();
    std::uint64_t commits = 0;
    while (std::chrono::steady_clock::now() - begin < duration) {
        if (auto written = (*log)->writeAt((commits % logCommits) * pages.size(), pages); !written)
            return fail(written.error());
        if (auto synced = (*log)->sync(); !synced)
            return fail(synced.error());
        if (auto written = (*head)->writeAt((commits % 2) * slot.size(), slot); !written)
            return fail(written.error());
        if (auto synced = (*head)->sync(); !synced)
            return fail(synced.error());
        ++commits;
    }
    return static_cast<double>(commits) / secondsSince(begin);
}

Result<void> measureDisk(BenchRun &run)
{
    const auto perSecond = bareGroupCommitsPerSecond(run.options().folder, std::chrono::milliseconds(1000));
    if (!perSecond)
        return fail(perSecond.error());
    run.add("durable group commits, bare (write, sync, head, sync)", *perSecond, "commits/s");
    return {};
}

} // namespace commander
