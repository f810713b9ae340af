// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_files.h"
#include "bench/bench_run.h"
#include "bench/bench_work.h"
#include "bench/floors.h"
#include "bench/large_ledger.h"

#include "workspace.h"

#include <algorithm>
#include <random>

namespace commander {

namespace {

constexpr std::size_t questions = 2000;
constexpr std::size_t recordsPerCustomer = 10;

/// Of many measurements, in milliseconds.
class Latencies {
public:
    void add(double milliseconds) { m_all.push_back(milliseconds); }
    [[nodiscard]] double at(double share)
    {
        if (m_all.empty())
            return 0;
        std::sort(m_all.begin(), m_all.end());
        return m_all[static_cast<std::size_t>(share * static_cast<double>(m_all.size() - 1))];
    }

private:
    std::vector<double> m_all;
};

std::string millions(std::uint64_t count)
{
    return count % 1'000'000 == 0 ? std::to_string(count / 1'000'000) + " M" : std::to_string(count);
}

Result<void> askAnywhere(BenchRun &run, Engine &engine, const LargeLedger &ledger, double rowMillis)
{
    constexpr std::string_view floor = "one row by its number, bare SQLite";
    std::mt19937_64 chance{3};
    Latencies states;
    Latencies blames;
    for (std::size_t i = 0; i < questions; ++i) {
        const auto customer = chance() % ledger.customers();
        const auto first = ledger.created(customer).value;
        const Position at{first + chance() % (ledger.records() + 1 - first)};
        const auto key = ledger.key(customer);
        auto begin = std::chrono::steady_clock::now();
        if (const auto document = engine.views().get("customers", key, at); !document)
            return fail(document.error());
        states.add(secondsSince(begin) * 1000);
        begin = std::chrono::steady_clock::now();
        if (const auto origins = engine.views().blame("customers", key, at); !origins)
            return fail(origins.error());
        blames.add(secondsSince(begin) * 1000);
    }
    run.add("  " + std::string(floor), rowMillis, "ms");
    run.addBeside("  state of a document at a position, p50", states.at(0.5), "ms", floor, rowMillis, 0);
    run.add("  state of a document at a position, p99", states.at(0.99), "ms");
    run.addBeside("  blame of its fields there, p50", blames.at(0.5), "ms", floor, rowMillis, 0);
    run.add("  blame of its fields there, p99", blames.at(0.99), "ms");
    return {};
}

} // namespace

// A long ledger with a tenth as many documents: what opening it costs, and reading any document at any position.
Result<void> measureLarge(BenchRun &run)
{
    const LargeLedger ledger(run.options().records, run.options().records / recordsPerCustomer);
    const auto path = run.scratch("large.ledger");
    const auto derived = path + ".derived";
    const auto records = static_cast<double>(ledger.records());
    auto begin = std::chrono::steady_clock::now();
    if (auto written = ledger.write(path); !written)
        return written;
    const auto writing = secondsSince(begin);
    begin = std::chrono::steady_clock::now();
    {
        auto engine = Engine::open(workspaceOptions(path));
        if (!engine)
            return fail(engine.error());
        ProgressWait(**engine).caughtUp({ledger.records()});
    }
    const auto building = secondsSince(begin);
    const auto name = millions(ledger.records()) + " records, " + millions(ledger.customers()) + " documents";
    run.add(name + ": written by import", records / writing, "records/s");
    run.add("  index and views built", records / building, "records/s");

    const std::vector<std::string> files{path, derived + "/views.sqlite", derived + "/index.sqlite"};
    for (const auto &file : files)
        dropFromCache(file);
    const auto bare = bareOpenMillis(files);
    if (!bare)
        return fail(bare.error());
    for (const auto &file : files)
        dropFromCache(file);
    MemoryPeak memory;
    begin = std::chrono::steady_clock::now();
    auto engine = Engine::open(workspaceOptions(path));
    if (!engine)
        return fail(engine.error());
    constexpr std::string_view floor = "bare SQLite opens the same files";
    const auto opening = secondsSince(begin) * 1000;
    run.add("  " + std::string(floor) + ", cold", *bare, "ms");
    run.addBeside("  cold open", opening, "ms", floor, *bare, 0);

    const auto row = bareRowMillis(derived + "/views.sqlite", questions);
    if (!row)
        return fail(row.error());
    if (auto asked = askAnywhere(run, **engine, ledger, *row); !asked)
        return asked;
    if (const auto peak = memory.mebibytes())
        run.add("  peak memory of opening and asking", *peak, "MiB");
    return {};
}

} // namespace commander
