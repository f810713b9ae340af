// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_work.h"
#include "bench/floors.h"
#include "bench/thread_times.h"
#include "workspace.h"

namespace commander {

namespace {

constexpr std::size_t rowsPerRawCommit = 1000;
constexpr double aimEngine = 0.5;

} // namespace

// Commands in large batches through the whole engine: recorded, decided, their events and results recorded, indexed and
// folded into views with history.
Result<void> measureEngine(BenchRun &run)
{
    const auto commands = run.options().commands;
    double durable = 0;
    double caughtUp = 0;
    double perCommit = 0;
    std::vector<ThreadTime> times;
    {
        auto engine = Engine::open(workspaceOptions(run.ledger()));
        if (!engine)
            return fail(engine.error());
        if (auto opened = submitAll(**engine, benchAccounts, benchOpenAccount); !opened)
            return opened;
        ProgressWait wait(**engine);
        wait.caughtUp({3 * benchAccounts});
        const auto before = (*engine)->status();
        const auto timesBefore = threadTimes();
        const auto begin = std::chrono::steady_clock::now();
        if (auto submitted = submitAll(**engine, commands, benchTransfer); !submitted)
            return submitted;
        const Position end{before.progress.ledger.value + 3 * commands};
        wait.until([end](const Progress &progress) { return progress.ledger >= end; });
        durable = static_cast<double>(commands) / secondsSince(begin);
        wait.caughtUp(end);
        caughtUp = static_cast<double>(commands) / secondsSince(begin);
        times = spentSince(timesBefore);
        const auto commits = (*engine)->status().commits - before.commits;
        perCommit = static_cast<double>(3 * commands) / static_cast<double>(commits);
    }
    const auto raw = rawSqliteRowsPerSecond(run.ledger(), run.scratch("raw.sqlite"), rowsPerRawCommit);
    if (!raw)
        return fail(raw.error());
    // The engine's three records of a command against bare inserts of the very same rows.
    run.add(std::string(floorSqlite), *raw / 3, "commands/s");
    run.addBeside("engine only, durable results", durable, "commands/s", floorSqlite, aimEngine);
    run.addBeside("engine only, index and views caught up", caughtUp, "commands/s", floorSqlite);
    run.add("  records in one group commit", perCommit, "records");
    for (const auto &time : times)
        run.add("  processor time, " + time.thread, time.seconds * 1e6 / static_cast<double>(commands), "us/command");
    return {};
}

} // namespace commander
