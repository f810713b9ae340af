// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_run.h"
#include "bench/bench_work.h"
#include "bench/memory_documents.h"
#include "bench/thread_times.h"

#include "workspace.h"

#include <commander/limits.h>
#include <commander/script_domain.h>

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t eventsMax = 20'000;
constexpr std::size_t commandsPart = 4; ///< of the native run's: scripts are slower

struct Event {
    RecordPtr record;
    Json data;
};

bool takes(const DomainDescription &domain, std::string_view action)
{
    return std::any_of(domain.commands.begin(), domain.commands.end(),
                       [action](const CommandSpec &command) { return command.action == action; });
}

/// What is sent: the bench's transfers where the domain takes them, else the examples of its commands in turn.
class Traffic {
public:
    explicit Traffic(const DomainDescription &domain)
        : m_domain(domain), m_isBank(takes(domain, "transfer-money") && takes(domain, "open-account"))
    {
    }
    [[nodiscard]] std::size_t opening() const { return m_isBank ? benchAccounts : 0; }
    [[nodiscard]] CommandDraft open(std::size_t number) const { return benchOpenAccount(number); }
    [[nodiscard]] CommandDraft next(std::size_t number) const
    {
        if (m_isBank)
            return benchTransfer(number);
        const auto &command = m_domain.commands[number % m_domain.commands.size()];
        CommandDraft draft;
        draft.action = command.action;
        draft.actor = "bench";
        draft.data = command.example.empty() ? "{}" : command.example;
        return draft;
    }

private:
    const DomainDescription &m_domain;
    const bool m_isBank;
};

/// The first events of a topic, parsed.
Result<std::vector<Event>> eventsOf(Engine &engine, const std::string &topic)
{
    std::vector<Event> events;
    Position from{1};
    while (events.size() < eventsMax) {
        const auto records = engine.ledger().readAt(from, limits::followerBatchMax);
        if (!records)
            return fail(records.error());
        if (records->empty())
            break;
        from = records->back()->position.next();
        for (const auto &record : *records) {
            if (record->kind != RecordKind::Event || record->topic != topic)
                continue;
            auto data = parseJson(record->data);
            if (!data)
                return fail(data.error());
            events.push_back({record, std::move(*data)});
        }
    }
    return events;
}

/// Folds of one event into one view, a second; documents are in memory.
Result<double> foldsPerSecond(const Domain &domain, const std::vector<Event> &events)
{
    std::size_t folds = 0;
    double seconds = 0;
    for (const auto &view : domain.description().views) {
        MemoryDocuments documents;
        const auto begin = std::chrono::steady_clock::now();
        for (const auto &event : events) {
            if (std::find(view.events.begin(), view.events.end(), event.record->action) == view.events.end())
                continue;
            if (auto folded = domain.fold(view, {*event.record, event.data}, documents); !folded)
                return fail(folded.error());
            ++folds;
        }
        seconds += secondsSince(begin);
    }
    return seconds > 0 ? static_cast<double>(folds) / seconds : 0;
}

/// One engine whose domain is this folder: installed, decided, recorded, indexed and folded. Adds its figures; gives
/// the events of the run.
Result<std::vector<Event>> measureEngineWith(BenchRun &run, const DomainDescription &description, bool trusted)
{
    const std::string where = trusted ? "in this program" : "in a process of its own";
    auto options = workspaceOptions(run.scratch(trusted ? "trusted.ledger" : "scripted.ledger"));
    if (auto added = addDomainFolders(options, {run.options().domain}, trusted); !added)
        return fail(added.error());
    auto engine = Engine::open(std::move(options));
    if (!engine)
        return fail(engine.error());

    const Traffic traffic(description);
    if (auto opened = submitAll(**engine, traffic.opening(), [&](std::size_t i) { return traffic.open(i); }); !opened)
        return fail(opened.error());
    ProgressWait wait(**engine);
    const auto results = [&engine] {
        const auto status = (*engine)->status();
        return status.succeeded + status.rejected + status.failed;
    };
    wait.until([&](const Progress &) { return results() >= traffic.opening(); });
    const auto before = results();
    const auto timesBefore = threadTimes();
    const auto commands = std::max<std::size_t>(1, run.options().commands / commandsPart);
    const auto begin = std::chrono::steady_clock::now();
    if (auto sent = submitAll(**engine, commands, [&](std::size_t i) { return traffic.next(i); }); !sent)
        return fail(sent.error());
    wait.until([&](const Progress &) { return results() >= before + commands; });
    const auto durable = static_cast<double>(commands) / secondsSince(begin);
    wait.caughtUp((*engine)->updates().progress().ledger);
    const auto caughtUp = static_cast<double>(commands) / secondsSince(begin);
    const auto name = "scripted domain " + description.name + ' ' + where;
    run.addBeside(name + ", durable results", durable, "commands/s", "engine only, durable results");
    run.addBeside(name + ", index and views caught up", caughtUp, "commands/s",
                  "engine only, index and views caught up");
    for (const auto &time : spentSince(timesBefore))
        run.add("  processor time, " + time.thread, time.seconds * 1e6 / static_cast<double>(commands), "us/command");
    return eventsOf(**engine, description.eventsTopic);
}

} // namespace

// As a stranger's domain runs, and as one runs that the operator vouches for. The stranger comes first: who is vouched
// for once stays so in this program.
Result<void> measureScripted(BenchRun &run)
{
    const auto &folder = run.options().domain;
    if (folder.empty())
        return {}; // an installation without the samples
    const auto domain = loadDomainFolder(folder);
    if (!domain)
        return fail(domain.error());
    const auto &description = (*domain)->description();
    if (description.commands.empty())
        return fail(ErrorCode::InvalidArgument, "the domain has no commands to send", folder);
    if (const auto apart = measureEngineWith(run, description, false); !apart)
        return fail(apart.error());
    const auto events = measureEngineWith(run, description, true);
    if (!events)
        return fail(events.error());
    const auto scripted = foldsPerSecond(**domain, *events);
    if (!scripted)
        return fail(scripted.error());
    const auto bank = makeBankDomain();
    const auto same = description.name == bank->description().name ? foldsPerSecond(*bank, *events) : Result<double>(0);
    if (same && *same > 0) {
        run.add("  its folds in memory, were they native", *same, "folds/s");
        run.addBeside("  its folds in memory", *scripted, "folds/s", "native", *same, 0);
    } else {
        run.add("  its folds in memory", *scripted, "folds/s");
    }
    return {};
}

} // namespace commander
