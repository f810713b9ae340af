// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace commander::ctl {

namespace {

std::optional<ConsumerStatus> statusOf(Engine &engine, const std::string &name)
{
    const auto all = engine.consumers().list();
    const auto found = std::find_if(all.begin(), all.end(), [&name](const ConsumerStatus &one) {
        return one.name == name || (one.serves && one.name.starts_with(name + '@'));
    });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

/// What is built again is only there once it has taken everything.
Result<void> waitUntilBuilt(Engine &engine, const std::string &name)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    ProgressLine line("rebuilt");
    std::unique_lock lock(mutex);
    while (!stopSignal().stop_requested()) {
        const auto status = statusOf(engine, name);
        if (!status)
            return fail(ErrorCode::NotFound, "the consumer is gone", name);
        if (!status->fault.empty())
            return fail(ErrorCode::DomainFault, status->fault, name);
        const auto head = engine.ledger().head();
        if (!head)
            return fail(head.error());
        const auto at = status->rebuilt.value_or(status->position);
        if (!status->rebuilt && at >= head->position)
            return {};
        line.show(at.value, head->position.value);
        changed.wait_for(lock, stopSignal(), std::chrono::milliseconds(100), [] { return false; });
    }
    return fail(ErrorCode::Cancelled, "stopped before it was built again", name);
}

struct Action {
    const char *name;
    Result<void> (*run)(Engine &, const ConsumerRequest &);
};

constexpr Action actions[] = {
    {"pause", [](Engine &engine, const ConsumerRequest &asked) { return engine.consumers().pause(asked); }},
    {"resume", [](Engine &engine, const ConsumerRequest &asked) { return engine.consumers().resume(asked); }},
    {"reset",
     [](Engine &engine, const ConsumerRequest &asked) -> Result<void> {
         if (auto begun = engine.consumers().reset(asked); !begun)
             return begun;
         return waitUntilBuilt(engine, asked.name);
     }},
    {"skip",
     [](Engine &engine, const ConsumerRequest &asked) -> Result<void> {
         const auto skipped = engine.consumers().skip(asked);
         return skipped ? Result<void>() : fail(skipped.error());
     }},
};

Result<void> act(const QCommandLineParser &parser, const Action *action, const std::string &name)
{
    auto engine = openWorkspace(parser, false);
    if (!engine)
        return fail(engine.error());
    if (!action) {
        for (const auto &status : (*engine)->consumers().list())
            print(consumerJson(status) + "\n");
        return {};
    }
    const ConsumerRequest asked{name, parser.value(QStringLiteral("actor")).toStdString(),
                                parser.value(QStringLiteral("reason")).toStdString()};
    if (auto done = action->run(**engine, asked); !done)
        return done;
    if (const auto status = statusOf(**engine, name))
        print(consumerJson(*status) + "\n");
    return {};
}

} // namespace

int runConsumers(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "list: everything that follows the ledger, and how it stands (also without an action).\n"
        "pause NAME, resume NAME: the processor, a domain, a view that decides nothing, the index. Recorded.\n"
        "reset NAME: builds a view or the index again from position 1, and waits for it.\n"
        "skip NAME --reason TEXT: a view that stopped at an event leaves it out, now and in every rebuild. Recorded.\n"
        "NAME is as list prints it; view:accounts means the version that serves. Prints JSON lines. Nobody else may "
        "have the workspace open: ask a running server with --url."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    parser.addPositionalArgument(QStringLiteral("ACTION"),
                                 QStringLiteral("list, pause, resume, reset or skip, with its NAME."),
                                 QStringLiteral("[ACTION [NAME]]"));
    parser.addOption({QStringLiteral("reason"), QStringLiteral("pause, skip: why."), QStringLiteral("TEXT")});
    parser.addOption({QStringLiteral("actor"), QStringLiteral("Who does it."), QStringLiteral("NAME"),
                      QStringLiteral("commanderctl")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto given = parser.positionalArguments();
    const bool lists = given.isEmpty() || (given.size() == 1 && given.first() == u"list");
    const auto *const action = std::find_if(std::begin(actions), std::end(actions), [&given](const Action &one) {
        return given.size() == 2 && given.first() == QLatin1String(one.name);
    });
    if (!lists && action == std::end(actions)) {
        printError("wrong arguments: " + given.join(u' ').toStdString() + " (see --help)");
        return exitUsage;
    }
    if (isRemote(parser)) {
        const auto code = remoteConsumers(parser, given);
        return code ? *code : report(code.error());
    }
    const auto done = lists ? act(parser, nullptr, {}) : act(parser, action, given.last().toStdString());
    return done ? exitDone : report(done.error());
}

} // namespace commander::ctl
