// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"

#include <array>
#include <cstdlib>
#include <QCoreApplication>

using namespace commander::ctl;

namespace {

struct Subcommand {
    const char *name;
    const char *summary;
    int (*run)(const QStringList &);
};

constexpr std::array subcommands{
    Subcommand{"serve", "serve a workspace over REST, without a window", runServe},
    Subcommand{"token", "make, list and revoke the tokens of the REST API", runToken},
    Subcommand{"submit", "send one command and show its result", runSubmit},
    Subcommand{"retry", "send an old command again, as a new one", runRetry},
    Subcommand{"preview", "show what one command would cause, and record nothing", runPreview},
    Subcommand{"what-if", "decide the past again with some commands changed, and compare", runWhatIf},
    Subcommand{"replay", "decide recorded commands with other domains, and compare", runReplay},
    Subcommand{"shadow", "decide live commands a second time with other domains, and compare", runShadow},
    Subcommand{"tail", "print records as they are appended", runTail},
    Subcommand{"query", "print records or documents that match", runQuery},
    Subcommand{"export", "write records as NDJSON, losslessly, or as CSV", runExport},
    Subcommand{"import", "make the workspace that was exported", runImport},
    Subcommand{"verify", "check every hash of a ledger; changes nothing", runVerify},
    Subcommand{"test", "check a domain folder and run its given/when/then tests", runTest},
    Subcommand{"views", "list views and versions, compare, promote, roll back", runViews},
    Subcommand{"consumers", "list what follows the ledger; pause, resume, reset, skip", runConsumers},
    Subcommand{"rebuild", "build index and views anew from the ledger", runRebuild},
    Subcommand{"bench", "measure this machine: engine and REST beside their bare floors", runBench},
};

void printUsage()
{
    print("usage: commanderctl SUBCOMMAND [options]      (commanderctl SUBCOMMAND --help tells more)\n\n");
    for (const auto &subcommand : subcommands)
        print("  " + std::string(subcommand.name) + std::string(10 - std::string_view(subcommand.name).size(), ' ')
              + subcommand.summary + "\n");
    print("\nexit codes: 0 done; 1 refused, stopped, failed or (verify) changed; 2 (verify) records are missing;\n"
          "            3 another process owns the ledger; 4 not a readable ledger, or (import) a file that was cut or\n"
          "            changed; 64 wrong command line\n");
}

} // namespace

int main(int argc, char *argv[])
{
    // The GLib event dispatcher is many times slower with thousands of sockets.
    ::setenv("QT_NO_GLIB", "1", 1);
    installStopSignals();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("Commander"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COMMANDER_VERSION));

    auto arguments = QCoreApplication::arguments();
    const auto name = arguments.size() > 1 ? arguments.takeAt(1) : QString();
    if (name == u"--version" || name == u"-v") {
        print("commanderctl " COMMANDER_VERSION "\n");
        return exitDone;
    }
    for (const auto &subcommand : subcommands) {
        if (name == QLatin1String(subcommand.name)) {
            arguments[0] += u' ' + name;
            return subcommand.run(arguments);
        }
    }
    printUsage();
    return name.isEmpty() || name == u"--help" || name == u"-h" ? exitDone : exitUsage;
}
