// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_work.h"
#include "bench/floors.h"
#include "bench/http_load.h"
#include "bench/thread_times.h"
#include "workspace.h"

#include <commander/rest_server.h>

namespace commander {

namespace {

constexpr double aimRest = 0.6;
constexpr std::chrono::milliseconds diskTime{400};
constexpr std::size_t clientCounts[] = {1, 32};

std::string clientsText(std::size_t count)
{
    return std::to_string(count) + (count == 1 ? " client" : " clients");
}

std::string bareFloor(std::size_t clients)
{
    return "bare QHttpServer, parses JSON, " + clientsText(clients);
}

/// The steps of one measurement, over one workspace and one running count of transfers.
class RestBench {
public:
    explicit RestBench(BenchRun &run) : m_run(run) { }

    Result<void> bare()
    {
        const auto server = BareHttpServer::start();
        if (!server)
            return fail(server.error());
        for (const auto clients : clientCounts) {
            const auto report = load((*server)->port(), "/commands", clients, 202);
            if (!report)
                return fail(report.error());
            m_run.add(bareFloor(clients), report->perSecond(), "requests/s");
        }
        return {};
    }

    Result<void> commands(Durability durability)
    {
        auto options = workspaceOptions(m_run.ledger());
        options.durability = durability;
        auto engine = Engine::open(std::move(options));
        if (!engine)
            return fail(engine.error());
        RestOptions restOptions;
        restOptions.port = 0;
        auto server = RestServer::start(**engine, restOptions);
        if (!server)
            return fail(server.error());
        const auto url = (*server)->status().baseUrl;
        m_port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
        const bool full = durability == Durability::Full;
        for (const auto clients : clientCounts) {
            if (auto done = accepted(**engine, clients, full); !done)
                return done;
        }
        // What the load left to process would be measured as latency.
        ProgressWait(**engine).caughtUp((*engine)->updates().progress().ledger);
        for (const auto clients : clientCounts) {
            if (auto done = full ? endToEnd(clients) : Result<void>(); !done)
                return done;
        }
        return {};
    }

private:
    Result<void> accepted(Engine &engine, std::size_t clients, bool full)
    {
        // A shared disk changes from one second to the next, so its floor is taken on both sides.
        const auto diskBefore = diskFloor(full);
        const auto commitsBefore = engine.status().commits;
        const auto timesBefore = threadTimes();
        const auto report = load(m_port, "/commands", clients, 202);
        if (!report)
            return fail(report.error());
        const auto spent = spentSince(timesBefore);
        const auto commits = engine.status().commits - commitsBefore;
        const auto diskAfter = diskFloor(full);
        if (!diskBefore || !diskAfter)
            return fail(diskBefore ? diskAfter.error() : diskBefore.error());
        const auto name = std::string("REST ") + (full ? "durable" : "relaxed") + " commands, " + clientsText(clients);
        m_run.addBeside(name, report->perSecond(), "commands/s", bareFloor(clients), full && clients > 1 ? aimRest : 0);
        // Every client waits for the commit of its own command, so the disk allows this many at the most.
        if (const auto ceiling = (*diskBefore + *diskAfter) / 2 * static_cast<double>(clients); full && ceiling > 0) {
            m_run.add("  what the disk allows: clients x bare group commits", ceiling, "commands/s");
            m_run.addBeside("  the same commands", report->perSecond(), "commands/s", "what the disk allows", ceiling,
                            0);
        }
        m_run.add("  group commits", static_cast<double>(commits) / report->seconds, "commits/s");
        m_run.add("  latency p99", report->percentileMs(0.99), "ms");
        for (const auto &time : spent)
            m_run.add("  processor time, " + time.thread, time.seconds * 1e6 / static_cast<double>(report->answers),
                      "us/command");
        return {};
    }

    [[nodiscard]] Result<double> diskFloor(bool wanted) const
    {
        return wanted ? bareGroupCommitsPerSecond(m_run.options().folder, diskTime) : Result<double>(0);
    }

    Result<void> endToEnd(std::size_t clients)
    {
        const auto report = load(m_port, "/commands?sync=true", clients, 201);
        if (!report)
            return fail(report.error());
        m_run.add("REST sync=true end to end, " + clientsText(clients), report->perSecond(), "commands/s");
        m_run.add("  latency p50", report->percentileMs(0.5), "ms");
        m_run.add("  latency p99", report->percentileMs(0.99), "ms");
        return {};
    }

    Result<HttpLoadReport> load(std::uint16_t port, const std::string &path, std::size_t connections,
                                int expectedStatus)
    {
        HttpLoad load;
        load.port = port;
        load.path = path;
        load.connections = connections;
        load.duration = m_run.options().restTime;
        load.expectedStatus = expectedStatus;
        load.nextBody = [this] { return R"({"action":"transfer-money","data":)" + benchTransferData(m_next++) + "}"; };
        auto report = runHttpLoad(load);
        if (report && report->unexpected > 0)
            return fail(ErrorCode::Internal,
                        std::to_string(report->unexpected)
                            + " unexpected answers, the first: " + report->firstUnexpected);
        return report;
    }

    BenchRun &m_run;
    std::uint16_t m_port = 0;
    std::size_t m_next = 0;
};

} // namespace

Result<void> measureRest(BenchRun &run)
{
    if (auto filled = fillWorkspace(run); !filled)
        return filled;
    RestBench bench(run);
    if (auto done = bench.bare(); !done)
        return done;
    if (auto done = bench.commands(Durability::Full); !done)
        return done;
    return bench.commands(Durability::Relaxed);
}

} // namespace commander
