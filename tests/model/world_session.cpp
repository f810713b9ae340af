// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/world_session.h"

#include "model/world_domains.h"
#include "support/faulty_vfs.h"
#include "support/manual_clock.h"
#include "support/seeded_random.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace commander::model {

namespace {

using namespace std::chrono_literals;

constexpr int diedAsPlanned = 9;
constexpr int sessionFailed = 3;
constexpr auto patience = 120s;

/// To the parent, written at once: what is in the pipe survives the process.
struct Line {
    enum class What : char { Acknowledged, Done, Operation } what;
    std::uint32_t number;
};

constexpr std::array operationNames{"write", "sync", "truncate"};
constexpr std::array<std::pair<std::string_view, const char *>, 5> fileNames{
    {{"-wal", "log"}, {".head", "head"}, {".views", "choices"}, {"-journal", "journal of choices"}, {"", "ledger"}}};

std::size_t codeOf(FaultPlan::Operation operation, std::string_view path)
{
    const auto file = std::find_if(fileNames.begin(), fileNames.end(),
                                   [path](const auto &name) { return path.ends_with(name.first); });
    return static_cast<std::size_t>(operation) * fileNames.size() + static_cast<std::size_t>(file - fileNames.begin());
}

std::string nameOf(std::size_t code)
{
    return std::string(operationNames.at(code / fileNames.size())) + ' ' + fileNames.at(code % fileNames.size()).second;
}

bool anythingDue(Engine &engine, Timestamp now, std::string &problem)
{
    const auto waiting = allDocuments(engine, "commander-waiting");
    if (!waiting) {
        problem = waiting.error().text();
        return false;
    }
    return std::any_of(waiting->begin(), waiting->end(), [now](const Document &document) {
        const auto data = parseJson(document.json).value_or(Json());
        const auto time
            = Timestamp::parse(data.stringAt(data.stringAt("reason") == "parked" ? "expires_at" : "not_before"));
        return time && *time <= now;
    });
}

class Child {
public:
    Child(WorldPlan &plan, int pipe) : m_plan(plan), m_pipe(pipe), m_clock(plan.clock), m_random(plan.seed) { }

    int run(const std::string &ledger)
    {
        FaultPlan faults;
        SystemFileSystem real;
        FaultyFileSystem files(real, faults);
        // The others are written by threads that keep no order among each other.
        const auto counts = [ledger](std::string_view path) {
            return path.starts_with(ledger) && !path.starts_with(ledger + ".derived");
        };
        faults.countOnly(counts);
        faults.watch([this, counts](FaultPlan::Operation operation, std::string_view path) {
            if (counts(path))
                tell(Line::What::Operation, codeOf(operation, path));
        });
        if (m_plan.dieAtWrite > 0)
            faults.exitAt(m_plan.dieAtWrite, diedAsPlanned);
        auto options = worldOptions(ledger, m_plan.second);
        options.fileSystem = &files;
        options.clock = &m_clock;
        options.random = &m_random;
        auto engine = Engine::open(std::move(options));
        if (!engine)
            return failed("opening: " + engine.error().text());
        if (auto problem = awaitRest(**engine, m_clock.now()); !problem.empty())
            return failed(problem);
        auto cursor = (*engine)->ledger().follow((*engine)->ledger().head()->position);
        if (!cursor)
            return failed(cursor.error().text());
        m_cursor = std::move(*cursor);
        for (std::size_t i = 0; i < m_plan.steps.size(); ++i) {
            if (auto problem = take(**engine, m_plan.steps[i]); !problem.empty())
                return failed("step " + std::to_string(i + 1) + ": " + problem);
            tell(Line::What::Done, i);
        }
        m_cursor.reset();
        engine->reset();
        return 0;
    }

private:
    static int failed(const std::string &problem)
    {
        std::fprintf(stderr, "session: %s\n", problem.c_str());
        return sessionFailed;
    }
    void tell(Line::What what, std::size_t number) const
    {
        const Line line{what, static_cast<std::uint32_t>(number)};
        [[maybe_unused]] const auto written = ::write(m_pipe, &line, sizeof line);
    }

    std::string take(Engine &engine, const WorldStep &step)
    {
        switch (step.kind) {
        case WorldStep::Kind::Send:
            return send(engine, m_plan.commands[step.command], step.command, false);
        case WorldStep::Kind::Repeat:
            return send(engine, m_plan.repeats[step.command], step.command, true);
        case WorldStep::Kind::Wait:
            m_clock.advance(step.wait);
            return awaitRest(engine, m_clock.now());
        case WorldStep::Kind::Install: {
            const auto installed = engine.domains().install(tallyFiles(step.version));
            return installed ? awaitRest(engine, m_clock.now()) : installed.error().text();
        }
        case WorldStep::Kind::Exchange:
            return exchange(engine);
        }
        return "no such step";
    }

    std::string send(Engine &engine, const Sent &sent, std::size_t number, bool repeat)
    {
        CommandDraft draft;
        draft.id = sent.id;
        draft.action = sent.action;
        draft.data = sent.data;
        draft.actor = "model";
        draft.notBefore = sent.notBefore;
        draft.expiresAt = sent.expiresAt;
        const auto receipt = engine.commands().submitAndWait(std::move(draft));
        if (!receipt)
            return receipt.error().text();
        if (receipt->replayed != repeat)
            return repeat ? "a repeated command was recorded again" : "a new command counts as a repeated one";
        if (repeat)
            return {};
        tell(Line::What::Acknowledged, number);
        return awaitDecided(engine, receipt->command->position);
    }

    /// Until the processor has been through every command. The views may come later: nothing in the ledger depends on
    /// when.
    std::string awaitDecided(Engine &engine, Position command)
    {
        const TopicPartition commands{std::string(commandsTopic), 0};
        const auto end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            const auto decided = engine.ledger().progress("processor", commands);
            if (!decided)
                return decided.error().text();
            // Records and progress appear together: what was decided is among the records by now.
            if (auto problem = takeRecords(0ms); !problem.empty())
                return problem;
            if (m_seen >= command && decided->value_or(Offset{}) >= m_commandsEnd)
                return {};
            if (std::chrono::steady_clock::now() > end)
                return "a command is not decided";
            if (auto problem = takeRecords(20ms); !problem.empty())
                return problem;
        }
    }

    std::string takeRecords(std::chrono::milliseconds wait)
    {
        for (;;) {
            const auto records = m_cursor->next(limits::followerBatchMax, wait);
            if (!records)
                return records.error().text();
            for (const auto &record : *records) {
                m_seen = record->position;
                if (record->topic == commandsTopic)
                    m_commandsEnd = record->offset.next();
            }
            if (records->empty() || wait > 0ms)
                return {};
        }
    }

    std::string exchange(Engine &engine) const
    {
        auto &versions = engine.viewVersions();
        if (servingTurnover(engine) == 2) {
            const auto back = versions.rollback("turnover");
            return back ? std::string() : back.error().text();
        }
        const auto started = versions.start(turnoverVersion(2));
        if (!started)
            return started.error().text();
        const auto end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            const auto promoted = versions.promote({*started});
            if (promoted)
                return servingTurnover(engine) == 2 ? std::string() : "the promoted version does not serve";
            if (promoted.error().code != ErrorCode::NotReady || std::chrono::steady_clock::now() > end)
                return promoted.error().text();
        }
    }

    WorldPlan &m_plan;
    const int m_pipe;
    ManualClock m_clock;
    SeededRandom m_random;
    std::unique_ptr<LedgerCursor> m_cursor;
    Position m_seen;
    Offset m_commandsEnd; ///< of all commands that the cursor has brought
};

} // namespace

Result<std::vector<Document>> allDocuments(Engine &engine, const std::string &view)
{
    std::vector<Document> all;
    DocumentListRequest request;
    request.limit = limits::pageRowsMax;
    do {
        auto page = engine.views().list(view, request);
        if (!page)
            return fail(page.error());
        std::move(page->documents.begin(), page->documents.end(), std::back_inserter(all));
        request.afterKey = page->nextKey;
    } while (request.afterKey);
    return all;
}

std::string awaitRest(Engine &engine, Timestamp now)
{
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto status = engine.status();
        if (!status.faults.empty())
            return status.faults.front();
        const auto head = engine.ledger().head();
        if (!head)
            return head.error().text();
        std::string problem;
        if (status.processedTo >= head->position && status.progress.indexed >= head->position
            && status.progress.viewed >= head->position && !anythingDue(engine, now, problem) && problem.empty()
            && engine.ledger().head()->position == head->position)
            return {};
        if (!problem.empty())
            return problem;
        if (std::chrono::steady_clock::now() > end)
            return "the engine does not come to rest";
        static_cast<void>(engine.views().waitFor(head->position.next(), 1ms));
    }
}

std::uint32_t servingTurnover(Engine &engine)
{
    for (const auto &version : engine.viewVersions().list()) {
        if (version.id.view == "turnover" && version.state == ViewVersionState::Serving)
            return version.id.version;
    }
    return 0;
}

std::string runWorldSession(const std::string &ledger, WorldPlan &plan, WorldReport &report)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        return "no pipe";
    const auto child = ::fork();
    if (child < 0)
        return "no process";
    if (child == 0) {
        ::close(ends[0]);
        ::_exit(Child(plan, ends[1]).run(ledger));
    }
    ::close(ends[1]);
    Line line{};
    while (::read(ends[0], &line, sizeof line) == static_cast<ssize_t>(sizeof line)) {
        if (line.what == Line::What::Acknowledged)
            plan.commands.at(line.number).acknowledged = true;
        else if (line.what == Line::What::Operation)
            report.operations.push_back(nameOf(line.number));
        else
            report.done = line.number + 1;
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    report.died = WIFEXITED(status) && WEXITSTATUS(status) == diedAsPlanned;
    report.clock = plan.clock;
    // The step in which it died may have begun: the clock never goes back.
    for (std::size_t i = 0; i < std::min(plan.steps.size(), report.done + 1); ++i)
        report.clock.micros += plan.steps[i].wait.count();
    if (!report.died && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return "the session ended with status " + std::to_string(status) + " in step "
            + std::to_string(report.done + 1);
    return {};
}

} // namespace commander::model
