// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <span>

namespace commander::ctl {

// Each takes the arguments after its name (arguments[0] is "commanderctl <name>") and returns an ExitCode.
int runServe(const QStringList &arguments);
int runToken(const QStringList &arguments);
int runSubmit(const QStringList &arguments);
int runRetry(const QStringList &arguments);
int runPreview(const QStringList &arguments);
int runWhatIf(const QStringList &arguments);
int runReplay(const QStringList &arguments);
int runShadow(const QStringList &arguments);
int runTail(const QStringList &arguments);
int runQuery(const QStringList &arguments);
int runExport(const QStringList &arguments);
int runImport(const QStringList &arguments);
int runVerify(const QStringList &arguments);
int runTest(const QStringList &arguments);
int runViews(const QStringList &arguments);
int runConsumers(const QStringList &arguments);
int runRebuild(const QStringList &arguments);
int runBench(const QStringList &arguments);

struct Subcommand {
    const char *name;
    const char *summary;
    int (*run)(const QStringList &);
};
/// In the order in which they are told of.
[[nodiscard]] std::span<const Subcommand> subcommands();

} // namespace commander::ctl
