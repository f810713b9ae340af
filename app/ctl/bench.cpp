// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/benchmarks.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <QTemporaryDir>

namespace commander::ctl {

int runBench(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Measures this machine in a scratch folder: the engine and its REST server, each beside a bare floor of "
        "the same run. Compare ratios, not absolute figures. Takes about a minute."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("folder"),
                      QStringLiteral("Where to put the scratch folder (the disk to measure)."), QStringLiteral("DIR"),
                      QStringLiteral(".")});
    parser.addOption({QStringLiteral("commands"), QStringLiteral("Commands of the engine-only run."),
                      QStringLiteral("N"), QStringLiteral("100000")});
    parser.addOption({QStringLiteral("seconds"), QStringLiteral("Length of each REST measurement."),
                      QStringLiteral("S"), QStringLiteral("3")});
    QStringList names;
    for (const auto &name : benchmarkNames())
        names << QString::fromStdString(name);
    parser.addOption({QStringLiteral("only"),
                      QStringLiteral("Measure these only, separated by commas: %1.").arg(names.join(u' ')),
                      QStringLiteral("NAMES")});
    parser.addOption({QStringLiteral("json"), QStringLiteral("Figures as JSON.")});
    if (const auto code = parse(parser, arguments))
        return *code;
    bool commandsOk = false;
    bool secondsOk = false;
    BenchOptions options;
    options.commands = parser.value(QStringLiteral("commands")).toULongLong(&commandsOk);
    options.restTime = std::chrono::milliseconds(
        static_cast<std::int64_t>(parser.value(QStringLiteral("seconds")).toDouble(&secondsOk) * 1000));
    if (!commandsOk || !secondsOk || options.commands == 0) {
        printError("--commands and --seconds take positive numbers");
        return exitUsage;
    }
    for (const auto &name : parser.value(QStringLiteral("only")).split(u',', Qt::SkipEmptyParts))
        options.only.push_back(name.toStdString());
    const QTemporaryDir folder(parser.value(QStringLiteral("folder")) + QStringLiteral("/commander-bench-XXXXXX"));
    if (!folder.isValid()) {
        printError("cannot make a scratch folder: " + folder.errorString().toStdString());
        return exitFailed;
    }
    options.folder = folder.path().toStdString();
    const auto figures = runBenchmarks(options);
    if (!figures)
        return report(figures.error());
    print(parser.isSet(QStringLiteral("json")) ? benchJson(*figures) : benchTable(*figures));
    return exitDone;
}

} // namespace commander::ctl
