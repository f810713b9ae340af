// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/engine_bench.h"

#include "bench/floors.h"
#include "bench/http_load.h"
#include "workspace.h"

#include <commander/rest_server.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>

namespace commander {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t accounts = 1000;
constexpr std::size_t rowsPerRawCommit = 1000;
constexpr std::size_t inFlightMax = 8192;
constexpr double aimRest = 0.6;
constexpr double aimEngine = 0.5;

double secondsSince(SteadyClock::time_point begin)
{
    return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

std::string accountName(std::size_t number)
{
    return "acct-" + std::to_string(number % accounts);
}

CommandDraft openAccount(std::size_t number)
{
    CommandDraft draft;
    draft.action = "open-account";
    draft.actor = "bench";
    draft.data = R"({"account":")" + accountName(number) + R"(","owner":"Bench","opening_balance":1000000000})";
    return draft;
}

std::string transferData(std::size_t number)
{
    return R"({"from_account":")" + accountName(number) + R"(","to_account":")" + accountName(number * 7 + 1)
        + R"(","amount":)" + std::to_string(1 + number % 100) + "}";
}

CommandDraft transfer(std::size_t number)
{
    CommandDraft draft;
    draft.action = "transfer-money";
    draft.actor = "bench";
    draft.data = transferData(number);
    return draft;
}

/// Waits until the condition holds of the engine's progress; the hub wakes it.
class ProgressWait {
public:
    explicit ProgressWait(Engine &engine)
        : m_subscription(engine.updates().subscribe(std::chrono::milliseconds(1), [this](const Progress &progress) {
              const std::scoped_lock lock(m_mutex);
              m_progress = progress;
              m_changed.notify_all();
          }))
    {
    }
    template <class Condition> void until(Condition condition)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return condition(m_progress); });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Progress m_progress;
    std::unique_ptr<Subscription> m_subscription;
};

/// Submits without waiting for each, at most inFlightMax at once; returns when all are durable.
Result<void> submitAll(Engine &engine, std::size_t count, CommandDraft (*make)(std::size_t))
{
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting = 0;
    std::optional<Error> firstError;
    for (std::size_t i = 0; i < count; ++i) {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return waiting < inFlightMax; });
            ++waiting;
        }
        engine.commands().submit(make(i), [&](Result<CommandReceipt> receipt) {
            const std::scoped_lock lock(mutex);
            if (!receipt && !firstError)
                firstError = receipt.error();
            if (--waiting == 0 || waiting + 1 == inFlightMax)
                changed.notify_one();
        });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting == 0; });
    if (firstError)
        return fail(*firstError);
    return {};
}

class Bench {
public:
    explicit Bench(const BenchOptions &options) : m_options(options) { }

    Result<std::vector<BenchFigure>> run()
    {
        for (const auto step : {&Bench::engineOnly, &Bench::rebuildViews, &Bench::bareHttp, &Bench::rest}) {
            if (auto done = (this->*step)(); !done)
                return fail(done.error());
        }
        return std::move(m_figures);
    }

private:
    [[nodiscard]] std::string ledger() const { return m_options.folder + "/bench.ledger"; }

    void add(std::string name, double value, std::string unit, const std::string &floor = {}, double floorValue = 0,
             double aim = 0)
    {
        m_figures.push_back(
            {std::move(name), value, std::move(unit), floor, floorValue > 0 ? value / floorValue : 0, aim});
    }

    Result<void> engineOnly()
    {
        double perSecond = 0;
        double caughtUp = 0;
        std::uint64_t records = 0;
        {
            auto engine = Engine::open(workspaceOptions(ledger()));
            if (!engine)
                return fail(engine.error());
            if (auto opened = submitAll(**engine, accounts, openAccount); !opened)
                return opened;
            ProgressWait wait(**engine);
            wait.until([](const Progress &progress) { return progress.viewed.value >= 3 * accounts; });
            const auto before = (*engine)->status();
            const auto begin = SteadyClock::now();
            if (auto submitted = submitAll(**engine, m_options.commands, transfer); !submitted)
                return submitted;
            // Every transfer gives three records: command, event, result.
            const auto end = before.progress.ledger.value + 3 * m_options.commands;
            wait.until([&](const Progress &progress) { return progress.ledger.value >= end; });
            perSecond = static_cast<double>(m_options.commands) / secondsSince(begin);
            wait.until([&](const Progress &progress) {
                return progress.viewed.value >= end && progress.indexed.value >= end;
            });
            caughtUp = static_cast<double>(m_options.commands) / secondsSince(begin);
            records = end;
        }
        const auto raw = rawSqliteRowsPerSecond(ledger(), m_options.folder + "/raw.sqlite", rowsPerRawCommit);
        if (!raw)
            return fail(raw.error());
        // The engine's records against bare inserts of the very same rows.
        m_eventsInLedger = records / 3;
        add("raw SQLite, same rows, 1000 a commit", *raw / 3, "commands/s");
        add("engine only, durable results", perSecond, "commands/s", "raw SQLite", *raw / 3, aimEngine);
        add("engine only, index and views caught up", caughtUp, "commands/s", "raw SQLite", *raw / 3);
        return {};
    }

    Result<void> rebuildViews()
    {
        std::error_code ignored;
        for (const auto *const suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(ledger() + ".derived/views.sqlite" + suffix, ignored);
        auto options = workspaceOptions(ledger(), true);
        const auto begin = SteadyClock::now();
        auto engine = Engine::open(std::move(options));
        if (!engine)
            return fail(engine.error());
        const auto end = (*engine)->updates().progress().ledger;
        ProgressWait(**engine).until([&](const Progress &progress) { return progress.viewed >= end; });
        add("view folding (rebuild into SQLite)", static_cast<double>(m_eventsInLedger) / secondsSince(begin),
            "events/s");
        return {};
    }

    Result<HttpLoadReport> load(std::uint16_t port, const std::string &path, std::size_t connections,
                                int expectedStatus)
    {
        HttpLoad load;
        load.port = port;
        load.path = path;
        load.connections = connections;
        load.duration = m_options.restTime;
        load.expectedStatus = expectedStatus;
        load.nextBody = [this] { return R"({"action":"transfer-money","data":)" + transferData(m_next++) + "}"; };
        auto report = runHttpLoad(load);
        if (report && report->unexpected > 0)
            return fail(ErrorCode::Internal,
                        std::to_string(report->unexpected)
                            + " unexpected answers, the first: " + report->firstUnexpected);
        return report;
    }

    Result<void> bareHttp()
    {
        const auto server = BareHttpServer::start();
        if (!server)
            return fail(server.error());
        for (auto *const target : {&m_bare1, &m_bare32}) {
            const std::size_t connections = target == &m_bare1 ? 1 : 32;
            const auto report = load((*server)->port(), "/commands", connections, 202);
            if (!report)
                return fail(report.error());
            *target = report->perSecond();
            add("bare QHttpServer, parses JSON, " + std::to_string(connections)
                    + (connections == 1 ? " client" : " clients"),
                *target, "requests/s");
        }
        return {};
    }

    Result<void> rest()
    {
        auto engine = Engine::open(workspaceOptions(ledger()));
        if (!engine)
            return fail(engine.error());
        RestOptions options;
        options.port = 0;
        auto server = RestServer::start(**engine, options);
        if (!server)
            return fail(server.error());
        const auto url = (*server)->status().baseUrl;
        const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
        for (const std::size_t connections : {std::size_t{1}, std::size_t{32}}) {
            const auto report = load(port, "/commands", connections, 202);
            if (!report)
                return fail(report.error());
            const std::string clients = std::to_string(connections) + (connections == 1 ? " client" : " clients");
            add("REST durable commands, " + clients, report->perSecond(), "commands/s", "bare QHttpServer",
                connections == 1 ? m_bare1 : m_bare32, connections == 1 ? 0 : aimRest);
        }
        // What the load left to process would be measured as latency.
        const auto end = (*engine)->updates().progress().ledger;
        ProgressWait(**engine).until([&](const Progress &progress) { return progress.viewed >= end; });
        for (const std::size_t connections : {std::size_t{1}, std::size_t{32}}) {
            const auto report = load(port, "/commands?sync=true", connections, 201);
            if (!report)
                return fail(report.error());
            const std::string clients = std::to_string(connections) + (connections == 1 ? " client" : " clients");
            add("REST sync=true end to end, " + clients, report->perSecond(), "commands/s");
            add("  latency p50", report->percentileMs(0.5), "ms");
            add("  latency p99", report->percentileMs(0.99), "ms");
        }
        return {};
    }

    const BenchOptions m_options;
    std::vector<BenchFigure> m_figures;
    std::uint64_t m_eventsInLedger = 0;
    std::size_t m_next = 0;
    double m_bare1 = 0;
    double m_bare32 = 0;
};

} // namespace

Result<std::vector<BenchFigure>> runBenchmarks(const BenchOptions &options)
{
    return Bench(options).run();
}

} // namespace commander
