// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/manual.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"

#include <cstdlib>
#include <QCoreApplication>

using namespace commander::ctl;

namespace {

void printUsage()
{
    print("usage: commanderctl SUBCOMMAND [options]      (commanderctl SUBCOMMAND --help tells more)\n\n");
    for (const auto &subcommand : subcommands())
        print("  " + std::string(subcommand.name) + std::string(10 - std::string_view(subcommand.name).size(), ' ')
              + subcommand.summary + "\n");
    print("\nexit codes:\n");
    for (const auto &[code, meaning] : exitCodes())
        print("  " + std::to_string(code) + std::string(code < 10 ? "  " : " ") + meaning + "\n");
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
    if (name == u"manual") // for whoever builds a package; the build itself uses it
        return printManual(arguments);
    for (const auto &subcommand : subcommands()) {
        if (name == QLatin1String(subcommand.name)) {
            arguments[0] += u' ' + name;
            return subcommand.run(arguments);
        }
    }
    printUsage();
    return name.isEmpty() || name == u"--help" || name == u"-h" ? exitDone : exitUsage;
}
