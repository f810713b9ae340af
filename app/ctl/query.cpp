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

constexpr std::size_t chunk = 1000;

Result<void> queryRecords(Engine &engine, const RecordFilter &filter, std::size_t limit, ScanDirection direction)
{
    auto &records = engine.records();
    const auto extent = records.extent();
    if (!extent)
        return fail(extent.error());
    Position start = direction == ScanDirection::OldestFirst ? Position{1} : extent->position;
    bool complete = extent->position.value == 0;
    while (!complete && limit > 0 && !stopSignal().stop_requested()) {
        const auto page = records.match(filter, start, direction, std::min(limit, chunk), stopSignal());
        if (!page)
            return fail(page.error());
        const auto found = records.at(page->positions, stopSignal());
        if (!found)
            return fail(found.error());
        std::string lines;
        for (const auto &record : *found)
            lines += recordJson(*record) + "\n";
        if (!lines.empty() && !print(lines))
            return {};
        limit -= found->size();
        start = page->next;
        complete = page->complete;
    }
    return {};
}

Result<void> queryView(Engine &engine, const QCommandLineParser &parser, const std::string &view, std::size_t limit)
{
    std::optional<Position> at;
    if (parser.isSet(QStringLiteral("at"))) {
        bool ok = false;
        at = Position{parser.value(QStringLiteral("at")).toULongLong(&ok)};
        if (!ok)
            return fail(ErrorCode::InvalidArgument, "--at takes a position");
    }
    if (parser.isSet(QStringLiteral("key"))) {
        const auto document = engine.views().get(view, parser.value(QStringLiteral("key")).toStdString(), at);
        if (!document)
            return fail(document.error());
        print(document->json + "\n");
        return {};
    }
    DocumentListRequest request;
    request.at = at;
    while (limit > 0 && !stopSignal().stop_requested()) {
        request.limit = std::min(limit, limits::pageRowsMax);
        const auto list = engine.views().list(view, request, stopSignal());
        if (!list)
            return fail(list.error());
        std::string lines;
        for (const auto &document : list->documents)
            lines += document.json + "\n";
        if (!lines.empty() && !print(lines))
            return {};
        limit -= list->documents.size();
        if (!list->nextKey)
            break;
        request.afterKey = list->nextKey;
    }
    return {};
}

Result<void> query(const QCommandLineParser &parser)
{
    bool ok = false;
    const auto limit = parser.value(QStringLiteral("limit")).toULongLong(&ok);
    if (!ok)
        return fail(ErrorCode::InvalidArgument, "--limit takes a number");
    const auto filter = filterOf(parser);
    if (!filter)
        return fail(filter.error());
    auto engine = openWorkspace(parser, true);
    if (!engine)
        return fail(engine.error());
    waitUntilCaughtUp(**engine);
    if (parser.isSet(QStringLiteral("view")))
        return queryView(**engine, parser, parser.value(QStringLiteral("view")).toStdString(), limit);
    return queryRecords(**engine, *filter, limit,
                        parser.isSet(QStringLiteral("newest")) ? ScanDirection::NewestFirst
                                                               : ScanDirection::OldestFirst);
}

} // namespace

int runQuery(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Prints matching records, or with --view documents, as JSON lines. Works beside a running server."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    addFilterOptions(parser);
    parser.addOption({QStringLiteral("view"),
                      QStringLiteral("Documents of this view instead of records (with --key: one)."),
                      QStringLiteral("NAME")});
    parser.addOption(
        {QStringLiteral("at"), QStringLiteral("Documents as they were at this position."), QStringLiteral("N")});
    parser.addOption(
        {QStringLiteral("limit"), QStringLiteral("At most so many."), QStringLiteral("N"), QStringLiteral("100")});
    parser.addOption({QStringLiteral("newest"), QStringLiteral("Newest first.")});
    if (const auto code = parse(parser, arguments))
        return *code;
    if (isRemote(parser)) {
        const auto code = remoteQuery(parser);
        return code ? *code : report(code.error());
    }
    const auto done = query(parser);
    return done ? exitDone : report(done.error());
}

} // namespace commander::ctl
