// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/bench_report.h"

#include <commander/result.h>

#include <chrono>
#include <string>
#include <vector>

namespace commander {

struct BenchOptions {
    std::string folder;                       ///< scratch folder on the disk to measure
    std::size_t commands = 100'000;           ///< of the engine-only run
    std::chrono::milliseconds restTime{3000}; ///< per REST figure
    std::size_t records = 300'000;            ///< of the large ledger
    std::string domain;                       ///< folder of the scripted domain; empty = the bank among the samples
    std::vector<std::string> only;            ///< names of measurements; empty = all
};

/// Runs every measurement in turn, each beside its floor. Prints nothing itself. Error InvalidArgument for a name in
/// `only` that there is not.
[[nodiscard]] Result<std::vector<BenchFigure>> runBenchmarks(const BenchOptions &options);

/// What `only` may name, in the order in which they run.
[[nodiscard]] std::vector<std::string> benchmarkNames();

} // namespace commander
