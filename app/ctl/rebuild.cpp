// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <condition_variable>
#include <mutex>

namespace commander::ctl {

namespace {

Result<void> rebuild(const QCommandLineParser &parser)
{
    const auto options = workspaceOf(parser, false);
    if (!options)
        return fail(options.error());
    if (auto removed = removeDerivedFiles(*options); !removed)
        return removed;
    auto engine = Engine::open(*options);
    if (!engine)
        return fail(engine.error());

    if (isIndexPaused(**engine)) {
        return fail(ErrorCode::Conflict, "the index is paused, so it is not built", options->ledgerPath,
                    "`commanderctl consumers resume index` builds it.");
    }

    std::mutex mutex;
    std::condition_variable_any changed;
    Progress now;
    const auto subscription = (*engine)->updates().subscribe(std::chrono::milliseconds(50), [&](const Progress &seen) {
        const std::scoped_lock lock(mutex);
        now = seen;
        changed.notify_all();
    });
    ProgressLine line("rebuilt");
    std::unique_lock lock(mutex);
    const auto done = [&now] { return std::min(now.indexed, now.viewed); };
    while (!stopSignal().stop_requested() && (done() < now.ledger || now.ledger.value == 0)) {
        const auto status = (*engine)->status();
        if (!status.faults.empty())
            return fail(ErrorCode::DomainFault, status.faults.front(), options->ledgerPath);
        if (status.progress.ledger.value == 0)
            return {};
        line.show(done().value, now.ledger.value);
        changed.wait_for(lock, stopSignal(), std::chrono::seconds(1), [&, before = done()] { return done() > before; });
    }
    if (stopSignal().stop_requested())
        return fail(ErrorCode::Cancelled, "stopped; the next opening goes on", options->ledgerPath);
    print("rebuilt index and views from " + std::to_string(now.ledger.value) + " records\n");
    return {};
}

} // namespace

int runRebuild(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Deletes everything that is derived from the ledger (index and views) and builds it anew. The ledger and the "
        "choice of view versions stay as they are. Nobody else may have the workspace open."));
    addWorkspaceOptions(parser);
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto done = rebuild(parser);
    return done ? exitDone : report(done.error());
}

} // namespace commander::ctl
