// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <QCommandLineParser>

namespace commander::ctl {

/// Adds --workspace, --sandbox and --domain, --help and --version.
void addWorkspaceOptions(QCommandLineParser &parser);
/// Parses; on a mistake prints what is wrong, on --help the help. Something = leave with this exit code.
[[nodiscard]] std::optional<int> parse(QCommandLineParser &parser, const QStringList &arguments);
/// From now on the help goes there instead of to standard output; null: back again.
void captureHelp(std::string *help);
/// The ledger file that the options name. Error InvalidArgument when none does.
[[nodiscard]] Result<std::string> workspacePath(const QCommandLineParser &parser);
/// What to open: the named workspace with the domains that the options name.
[[nodiscard]] Result<OpenOptions> workspaceOf(const QCommandLineParser &parser, bool readOnly);
/// The value of an option that takes a position. Error InvalidArgument naming it.
[[nodiscard]] Result<Position> positionOption(const QCommandLineParser &parser, const QString &name);
/// The values of --from and --to, which may be absent. Error InvalidArgument.
[[nodiscard]] Result<void> readRange(const QCommandLineParser &parser, Position &from, std::optional<Position> &to);
/// Opens the named workspace.
[[nodiscard]] Result<std::unique_ptr<Engine>> openWorkspace(const QCommandLineParser &parser, bool readOnly);
/// The domains that run, with those of the folders that --domain names in the place of their namesakes.
[[nodiscard]] Result<std::vector<std::shared_ptr<const Domain>>> candidateDomains(Engine &engine,
                                                                                  const QCommandLineParser &parser);
/// Opens only its ledger, for reading.
[[nodiscard]] Result<std::unique_ptr<LedgerFile>> openLedgerFile(const QCommandLineParser &parser);
/// Waits until index and views have caught up with the ledger (or a stop signal).
[[nodiscard]] bool isIndexPaused(Engine &engine);
void waitUntilCaughtUp(Engine &engine);

} // namespace commander::ctl
