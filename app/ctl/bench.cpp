// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/benchmarks.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryDir>

namespace commander::ctl {

namespace {

/// Installed beside the program, or in the tree that it was built in; empty when it is in neither.
QString sampleBank()
{
    QDir folder(QCoreApplication::applicationDirPath());
    do {
        for (const auto *const place : {"share/commander/sample_domains/bank", "resources/sample_domains/bank"}) {
            if (folder.exists(QLatin1String(place)))
                return folder.filePath(QLatin1String(place));
        }
    } while (folder.cdUp());
    return {};
}

} // namespace

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
    parser.addOption({QStringLiteral("records"),
                      QStringLiteral("Records of the large ledger (10000000 takes minutes and 10 GB)."),
                      QStringLiteral("N"), QStringLiteral("300000")});
    parser.addOption({QStringLiteral("domain"),
                      QStringLiteral("Folder of the scripted domain to measure; it gets the examples of its commands, "
                                     "the sample bank transfers."),
                      QStringLiteral("DIR"), sampleBank()});
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
    bool recordsOk = false;
    BenchOptions options;
    options.commands = parser.value(QStringLiteral("commands")).toULongLong(&commandsOk);
    options.restTime = std::chrono::milliseconds(
        static_cast<std::int64_t>(parser.value(QStringLiteral("seconds")).toDouble(&secondsOk) * 1000));
    options.records = parser.value(QStringLiteral("records")).toULongLong(&recordsOk);
    options.domain = parser.value(QStringLiteral("domain")).toStdString();
    if (!commandsOk || !secondsOk || !recordsOk || options.commands == 0 || options.records == 0) {
        printError("--commands, --records and --seconds take positive numbers");
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
