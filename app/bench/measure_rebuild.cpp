// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_work.h"
#include "bench/thread_times.h"
#include "workspace.h"

#include <filesystem>

namespace commander {

// All views of the shared workspace from its first record on, with their whole history, into SQLite.
Result<void> measureRebuild(BenchRun &run)
{
    if (auto filled = fillWorkspace(run); !filled)
        return filled;
    std::error_code ignored;
    for (const auto *const suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(run.ledger() + ".derived/views.sqlite" + suffix, ignored);
    const auto timesBefore = threadTimes();
    const auto begin = std::chrono::steady_clock::now();
    auto engine = Engine::open(workspaceOptions(run.ledger(), true));
    if (!engine)
        return fail(engine.error());
    const auto end = (*engine)->updates().progress().ledger;
    ProgressWait(**engine).until([&](const Progress &progress) { return progress.viewed >= end; });
    const auto events = static_cast<double>(end.value / 3);
    run.add("views rebuilt into SQLite, with history", events / secondsSince(begin), "events/s");
    for (const auto &time : spentSince(timesBefore))
        run.add("  processor time, " + time.thread, time.seconds * 1e6 / events, "us/event");
    return {};
}

} // namespace commander
