// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/experiment_json.h>

#include <algorithm>

namespace commander::ctl {

namespace {

Result<int> replay(const QCommandLineParser &parser)
{
    ReplayRequest request;
    if (auto read = readRange(parser, request.from, request.to); !read)
        return fail(read.error());
    if (parser.isSet(QStringLiteral("recorded-state")))
        request.state = CandidateState::Recorded;
    for (const auto &pointer : parser.values(QStringLiteral("ignore")))
        request.rules.ignore.push_back(pointer.toStdString());
    if (parser.isSet(QStringLiteral("action"))) {
        std::vector<std::string> actions;
        for (const auto &action : parser.values(QStringLiteral("action")))
            actions.push_back(action.toStdString());
        request.only = [actions](const Record &command) {
            return std::find(actions.begin(), actions.end(), command.action) != actions.end();
        };
    }
    bool isNumber = false;
    request.rules.examplesMax = parser.value(QStringLiteral("limit")).toULongLong(&isNumber);
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument, "--limit takes a number");

    auto engine = openWorkspace(parser, true);
    if (!engine)
        return fail(engine.error());
    auto domains = candidateDomains(**engine, parser);
    if (!domains)
        return fail(domains.error());
    request.domains = std::move(*domains);
    waitUntilCaughtUp(**engine);
    ProgressLine line("deciding again");
    request.onProgress = [&line](const ExperimentProgress &progress) {
        line.show(progress.at.value - progress.from.value, progress.to.value - progress.from.value);
    };
    const auto report = (*engine)->experiments().replay(std::move(request), stopSignal());
    if (!report)
        return fail(report.error());
    std::string lines = reportJson(*report) + "\n";
    for (const auto &difference : report->comparison.examples)
        lines += differenceJson(difference) + "\n";
    print(lines);
    return report->comparison.different() == 0 ? exitDone : exitFailed;
}

} // namespace

int runReplay(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Decides recorded commands again, with the domains of this program or of folders, and compares with "
        "what is recorded: a line of JSON with the counts, then one for each of the first differences. Records "
        "nothing and works beside a running server. Exit code 0: no difference."));
    addWorkspaceOptions(parser);
    parser.addOption({QStringLiteral("from"), QStringLiteral("Commands decided after this position."),
                      QStringLiteral("N"), QStringLiteral("0")});
    parser.addOption({QStringLiteral("to"), QStringLiteral("… and up to this one."), QStringLiteral("N")});
    parser.addOption({QStringLiteral("recorded-state"),
                      QStringLiteral("Judge every command alone, over the recorded events, instead of letting a "
                                     "difference have consequences.")});
    parser.addOption({QStringLiteral("action"), QStringLiteral("Compare only commands of this action (repeatable)."),
                      QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("ignore"),
                      QStringLiteral("A JSON pointer into the events' data that is no difference (repeatable)."),
                      QStringLiteral("POINTER")});
    parser.addOption({QStringLiteral("limit"), QStringLiteral("Print at most so many differences."),
                      QStringLiteral("N"), QStringLiteral("20")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto code = replay(parser);
    return code ? *code : report(code.error());
}

} // namespace commander::ctl
