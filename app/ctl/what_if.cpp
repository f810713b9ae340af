// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/what_if_edits.h"
#include "ctl/workspace_argument.h"

#include <commander/experiment_json.h>

#include <QFile>

namespace commander::ctl {

namespace {

constexpr std::size_t pageMax = 500;

Result<std::vector<CommandEdit>> editsOf(const QString &path)
{
    if (path.isEmpty())
        return std::vector<CommandEdit>();
    QFile file(path);
    if (!(path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly)))
        return fail(ErrorCode::IoError, "cannot read the edits", path.toStdString());
    return readEdits(file.readAll().toStdString());
}

/// Prints pages until there are no more, or `limit` lines are printed. False when nobody reads any more.
template <class Read> Result<bool> printPages(Read read, std::uint64_t limit)
{
    for (std::uint64_t shown = 0; shown < limit;) {
        const auto page = read(shown, static_cast<std::size_t>(std::min<std::uint64_t>(pageMax, limit - shown)));
        if (!page)
            return fail(page.error());
        if (page->empty())
            break;
        std::string lines;
        for (const auto &difference : *page)
            lines += differenceJson(difference) + "\n";
        if (!print(lines))
            return false;
        shown += page->size();
    }
    return true;
}

Result<void> whatIf(const QCommandLineParser &parser)
{
    WhatIfRequest request;
    request.rules.examplesMax = 0; // they are read from the branch
    auto edits = editsOf(parser.value(QStringLiteral("edits")));
    if (!edits)
        return fail(edits.error());
    request.edits = std::move(*edits);
    if (auto read = readRange(parser, request.from, request.to); !read)
        return fail(read.error());
    for (const auto &pointer : parser.values(QStringLiteral("ignore")))
        request.rules.ignore.push_back(pointer.toStdString());
    bool isNumber = false;
    const auto limit = parser.value(QStringLiteral("limit")).toULongLong(&isNumber);
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument, "--limit takes a number");

    auto engine = openWorkspace(parser, true);
    if (!engine)
        return fail(engine.error());
    waitUntilCaughtUp(**engine);
    ProgressLine line("deciding again");
    request.onProgress = [&line](const ExperimentProgress &progress) {
        line.show(progress.at.value - progress.from.value, progress.to.value - progress.from.value);
    };
    const auto branch = (*engine)->experiments().whatIf(std::move(request), stopSignal());
    if (!branch)
        return fail(branch.error());
    if (!print(summaryJson((*branch)->summary()) + "\n"))
        return {};
    const auto outcomes
        = printPages([&branch](std::uint64_t skip, std::size_t max) { return (*branch)->outcomes(skip, max); }, limit);
    if (!outcomes || !*outcomes)
        return outcomes ? Result<void>() : fail(outcomes.error());
    const auto documents
        = printPages([&branch](std::uint64_t skip, std::size_t max) { return (*branch)->documents(skip, max); }, limit);
    return documents ? Result<void>() : fail(documents.error());
}

} // namespace

int runWhatIf(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Decides the recorded commands after a position again, with some of them changed, and compares "
                       "with the ledger: a line of JSON with the counts, then one for each command and each document "
                       "that differs. Records nothing and works beside a running server."));
    addWorkspaceOptions(parser);
    parser.addOption({QStringLiteral("from"), QStringLiteral("Everything up to this position stays."),
                      QStringLiteral("N"), QStringLiteral("0")});
    parser.addOption({QStringLiteral("to"), QStringLiteral("Go no further."), QStringLiteral("N")});
    parser.addOption({QStringLiteral("edits"),
                      QStringLiteral("JSON array of {\"replace\": ID, \"data\": …}, {\"remove\": ID} and {\"add\": "
                                     "ACTION, \"after\": N, \"data\": …}; - for standard input."),
                      QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("ignore"),
                      QStringLiteral("A JSON pointer into the events' data that is no difference (repeatable)."),
                      QStringLiteral("POINTER")});
    parser.addOption({QStringLiteral("limit"), QStringLiteral("At most so many differences of each sort."),
                      QStringLiteral("N"), QStringLiteral("100")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto done = whatIf(parser);
    return done ? exitDone : report(done.error());
}

} // namespace commander::ctl
