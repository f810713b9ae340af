// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace commander {

/// Asks the system to forget what it has cached of a file, so that opening reads the disk.
void dropFromCache(const std::string &path);

/// The most memory that this process has held since, as the system counts it.
class MemoryPeak {
public:
    MemoryPeak(); ///< gives back what is free, and begins to count
    /// Nothing where the system does not tell.
    [[nodiscard]] std::optional<double> mebibytes() const;
};

} // namespace commander
