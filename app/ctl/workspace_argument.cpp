// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/workspace_argument.h"

#include "ctl/terminal.h"
#include "trust.h"
#include "workspace.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace commander::ctl {

namespace {

std::string *capturedHelp = nullptr;

} // namespace

void captureHelp(std::string *help)
{
    capturedHelp = help;
}

void addWorkspaceOptions(QCommandLineParser &parser)
{
    parser.addOption({{QStringLiteral("w"), QStringLiteral("workspace")},
                      QStringLiteral("The ledger file of the workspace."),
                      QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("sandbox"), QStringLiteral("The sandbox workspace of this user.")});
    parser.addOption({QStringLiteral("domain"),
                      QStringLiteral("A folder that holds a domain, beside or in place of a built-in one; repeatable."),
                      QStringLiteral("DIR")});
    parser.addOption(
        {QStringLiteral("trust"),
         QStringLiteral("Run the scripts of --domain in this program from now on: faster, but they can harm it.")});
    parser.addHelpOption();
    parser.addVersionOption();
}

std::optional<int> parse(QCommandLineParser &parser, const QStringList &arguments)
{
    if (!parser.parse(arguments)) {
        if (parser.unknownOptionNames().contains(QStringLiteral("url"))) {
            printError(arguments.first().toStdString()
                       + " works on a workspace, and a running server cannot be asked for it (see --help)");
            return exitUsage;
        }
        printError(parser.errorText().toStdString() + " (see --help)");
        return exitUsage;
    }
    if (parser.isSet(QStringLiteral("help"))) {
        if (capturedHelp)
            *capturedHelp = parser.helpText().toStdString();
        else
            print(parser.helpText().toStdString());
        return exitDone;
    }
    if (parser.isSet(QStringLiteral("version"))) {
        print("commanderctl " COMMANDER_VERSION "\n");
        return exitDone;
    }
    return {};
}

Result<std::string> workspacePath(const QCommandLineParser &parser)
{
    if (parser.isSet(QStringLiteral("workspace")))
        return parser.value(QStringLiteral("workspace")).toStdString();
    if (parser.isSet(QStringLiteral("sandbox")))
        return sandboxLedgerPath();
    return fail(ErrorCode::InvalidArgument, "no workspace named", {}, "Add --workspace FILE or --sandbox.");
}

Result<OpenOptions> workspaceOf(const QCommandLineParser &parser, bool readOnly)
{
    auto path = workspacePath(parser);
    if (!path)
        return fail(path.error());
    auto options = workspaceOptions(std::move(*path), readOnly);
    std::vector<std::string> folders;
    for (const auto &folder : parser.values(QStringLiteral("domain")))
        folders.push_back(folder.toStdString());
    if (auto added = addDomainFolders(options, folders, parser.isSet(QStringLiteral("trust"))); !added)
        return fail(added.error());
    return options;
}

Result<Position> positionOption(const QCommandLineParser &parser, const QString &name)
{
    bool isNumber = false;
    const auto number = parser.value(name).toULongLong(&isNumber);
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument, "--" + name.toStdString() + " takes a position");
    return Position{number};
}

Result<void> readRange(const QCommandLineParser &parser, Position &from, std::optional<Position> &to)
{
    const auto first = positionOption(parser, QStringLiteral("from"));
    if (!first)
        return fail(first.error());
    from = *first;
    if (!parser.isSet(QStringLiteral("to")))
        return {};
    const auto last = positionOption(parser, QStringLiteral("to"));
    if (!last)
        return fail(last.error());
    to = *last;
    return {};
}

Result<std::unique_ptr<Engine>> openWorkspace(const QCommandLineParser &parser, bool readOnly)
{
    auto options = workspaceOf(parser, readOnly);
    if (!options)
        return fail(options.error());
    return Engine::open(std::move(*options));
}

Result<std::vector<std::shared_ptr<const Domain>>> candidateDomains(Engine &engine, const QCommandLineParser &parser)
{
    auto domains = engine.domains().running();
    for (const auto &folder : parser.values(QStringLiteral("domain"))) {
        auto domain = loadDomainFolder(folder.toStdString(), scriptOptions());
        if (!domain)
            return fail(domain.error());
        const auto same = std::find_if(domains.begin(), domains.end(), [&](const auto &one) {
            return one->description().name == (*domain)->description().name;
        });
        if (same == domains.end())
            domains.push_back(std::move(*domain));
        else
            *same = std::move(*domain);
    }
    return domains;
}

Result<std::unique_ptr<LedgerFile>> openLedgerFile(const QCommandLineParser &parser)
{
    auto path = workspacePath(parser);
    if (!path)
        return fail(path.error());
    return LedgerFile::openReadOnly(workspaceOptions(std::move(*path), true));
}

bool isIndexPaused(Engine &engine)
{
    const auto consumers = engine.consumers().list();
    return std::any_of(consumers.begin(), consumers.end(), [](const ConsumerStatus &one) {
        return one.kind == ConsumerKind::Index && one.state == ConsumerState::Paused;
    });
}

void waitUntilCaughtUp(Engine &engine)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    auto now = engine.updates().progress(); // the first call of the subscription may come late
    const auto subscription = engine.updates().subscribe(std::chrono::milliseconds(20), [&](const Progress &progress) {
        const std::scoped_lock lock(mutex);
        now = progress;
        changed.notify_all();
    });
    const bool indexes = !isIndexPaused(engine);
    std::unique_lock lock(mutex);
    changed.wait(lock, stopSignal(),
                 [&] { return (!indexes || now.indexed >= now.ledger) && now.viewed >= now.ledger; });
}

} // namespace commander::ctl
