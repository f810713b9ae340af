// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_files.h"
#include "bench/bench_work.h"
#include "workspace.h"

#include <filesystem>

namespace commander {

// From nothing in the page cache to an engine that takes commands and answers queries.
Result<void> measureOpen(BenchRun &run)
{
    if (auto filled = fillWorkspace(run); !filled)
        return filled;
    std::error_code error;
    dropFromCache(run.ledger());
    for (const auto &file : std::filesystem::directory_iterator(run.ledger() + ".derived", error))
        dropFromCache(file.path().string());
    const auto begin = std::chrono::steady_clock::now();
    auto engine = Engine::open(workspaceOptions(run.ledger()));
    if (!engine)
        return fail(engine.error());
    const auto seconds = secondsSince(begin);
    const auto records = (*engine)->updates().progress().ledger.value;
    run.add("cold open, " + std::to_string(records) + " records", seconds * 1000, "ms");
    return {};
}

} // namespace commander
