// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_files.h"

#include <fcntl.h>
#include <fstream>
#include <malloc.h>
#include <unistd.h>

namespace commander {

void dropFromCache(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fdatasync(descriptor); // pages that are not written yet cannot be dropped
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
}

MemoryPeak::MemoryPeak()
{
    ::malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << "5";
}

std::optional<double> MemoryPeak::mebibytes() const
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:"))
            return std::stod(line.substr(6)) / 1024;
    }
    return std::nullopt;
}

} // namespace commander
