// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/record_filter_options.h"
#include "ctl/remote/remote.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/limits.h>
#include <commander/record_json.h>

namespace commander::ctl {

namespace {

Result<Position> startOf(const QString &from, Ledger &ledger)
{
    if (from == u"start")
        return Position{};
    if (from == u"now") {
        const auto head = ledger.head();
        if (!head)
            return fail(head.error());
        return head->position;
    }
    bool ok = false;
    const auto position = from.toULongLong(&ok);
    if (!ok || position == 0) {
        return fail(ErrorCode::InvalidArgument, "cannot start at: " + from.toStdString(), "--begin",
                    "Use start, now or a position.");
    }
    return Position{position - 1};
}

Result<void> tail(const QCommandLineParser &parser)
{
    const auto filter = filterOf(parser);
    if (!filter)
        return fail(filter.error());
    auto file = openLedgerFile(parser);
    if (!file)
        return fail(file.error());
    auto &ledger = (*file)->ledger();
    const auto start = startOf(parser.value(QStringLiteral("begin")), ledger);
    if (!start)
        return fail(start.error());
    auto cursor = ledger.follow(*start);
    if (!cursor)
        return fail(cursor.error());
    const std::stop_callback wake(stopSignal(), [&cursor] { (*cursor)->wake(); });
    while (!stopSignal().stop_requested()) {
        const auto records = (*cursor)->next(limits::followerBatchMax, std::chrono::seconds(1));
        if (!records)
            return fail(records.error());
        std::string lines;
        for (const auto &record : *records) {
            if (matches(*filter, *record))
                lines += recordJson(*record) + "\n";
        }
        if (!lines.empty() && !print(lines))
            return {}; // the reader left
    }
    return {};
}

} // namespace

int runTail(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Prints records as JSON lines, oldest first, and goes on as new ones are appended, until SIGINT."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    addFilterOptions(parser);
    parser.addOption({QStringLiteral("begin"), QStringLiteral("start, now or a position (inclusive)."),
                      QStringLiteral("WHERE"), QStringLiteral("now")});
    if (const auto code = parse(parser, arguments))
        return *code;
    if (isRemote(parser)) {
        const auto code = remoteTail(parser);
        return code ? *code : report(code.error());
    }
    const auto done = tail(parser);
    return done ? exitDone : report(done.error());
}

} // namespace commander::ctl
