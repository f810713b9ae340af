// SPDX-License-Identifier: GPL-3.0-or-later
#include "console.h"
#include "demo_shots.h"
#include "workspace.h"

#include <cstdlib>
#include <optional>
#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>
#include <QTemporaryDir>

using namespace commander;

namespace {

int refuse(const Error &error)
{
    QMessageBox box(QMessageBox::Critical, QCoreApplication::translate("main", "Commander cannot open the workspace"),
                    QString::fromStdString(error.what));
    auto details = QString::fromStdString(error.remedy);
    if (!error.where.empty())
        details += (details.isEmpty() ? QString() : QStringLiteral("\n\n")) + QString::fromStdString(error.where);
    box.setInformativeText(details);
    box.exec();
    return EXIT_FAILURE;
}

} // namespace

int main(int argc, char *argv[])
{
    // The GLib event dispatcher is many times slower with thousands of sockets.
    ::setenv("QT_NO_GLIB", "1", 1);
    const QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("Commander"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COMMANDER_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("commander"));

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main", "Console of an event-sourcing workspace."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({{QStringLiteral("w"), QStringLiteral("workspace")},
                      QCoreApplication::translate("main", "The ledger file to open; the sandbox without."),
                      QStringLiteral("FILE")});
    parser.addOption(
        {QStringLiteral("port"),
         QCoreApplication::translate("main", "Port of the REST server; 8080 or the next free one without."),
         QStringLiteral("N")});
    parser.addOption(
        {QStringLiteral("demo-shots"),
         QCoreApplication::translate("main", "Play the demo on a fresh workspace, save screenshots here, and leave."),
         QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("domain"),
                      QCoreApplication::translate("main", "A folder that holds a domain; repeatable."),
                      QStringLiteral("DIR")});
    parser.process(application);

    ConsoleOptions options;
    for (const auto &folder : parser.values(QStringLiteral("domain")))
        options.domainFolders.push_back(folder.toStdString());
    if (parser.isSet(QStringLiteral("port"))) {
        bool ok = false;
        options.port = parser.value(QStringLiteral("port")).toUShort(&ok);
        if (!ok)
            return refuse({ErrorCode::InvalidArgument, "--port takes a number from 0 to 65535", {}, {}, {}});
    }
    std::optional<QTemporaryDir> demoFolder;
    if (parser.isSet(QStringLiteral("demo-shots"))) {
        demoFolder.emplace();
        options.ledgerPath = demoFolder->filePath(QStringLiteral("demo.ledger")).toStdString();
        options.rememberSettings = false;
    } else if (parser.isSet(QStringLiteral("workspace"))) {
        options.ledgerPath = parser.value(QStringLiteral("workspace")).toStdString();
    } else {
        auto path = sandboxLedgerPath();
        if (!path)
            return refuse(path.error());
        options.ledgerPath = std::move(*path);
    }

    Console console(std::move(options));
    QObject::connect(&console, &Console::refused, &application,
                     [](const Error &error) { QCoreApplication::exit(refuse(error)); });
    std::optional<DemoShots> demo;
    if (demoFolder) {
        QObject::connect(&console, &Console::opened, &application, [&] {
            demo.emplace(console, parser.value(QStringLiteral("demo-shots")));
            demo->start();
        });
    }
    console.open();
    const int code = QApplication::exec();
    demo.reset();
    return code;
}
