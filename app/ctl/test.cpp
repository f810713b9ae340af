// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"
#include "trust.h"

#include <commander/domain_tests.h>

namespace commander::ctl {

namespace {

/// True when the folder is in order and every test passed.
bool testFolder(const std::string &folder)
{
    const auto problems = checkDomainFolder(folder, scriptOptions());
    for (const auto &problem : problems)
        print(folder + (folder.ends_with('/') ? "" : "/") + problem.text() + "\n");
    if (!problems.empty())
        return false;
    const auto report = runDomainTests(folder, scriptOptions());
    if (!report) {
        printError(report.error().text());
        return false;
    }
    print(report->text());
    return report->failed() == 0;
}

} // namespace

int runTest(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Checks domain folders and runs their tests/*.json (given, when, then). Records nothing."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("DIR"), QStringLiteral("Folder with a domain.json."),
                                 QStringLiteral("DIR…"));
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto folders = parser.positionalArguments();
    if (folders.isEmpty()) {
        printError("no folder named (see --help)");
        return exitUsage;
    }
    bool passed = true;
    for (const auto &folder : folders)
        passed = testFolder(folder.toStdString()) && passed;
    return passed ? exitDone : exitFailed;
}

} // namespace commander::ctl
