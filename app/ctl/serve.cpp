// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"
#include "workspace.h"

#include <commander/rest_server.h>

#include <QSaveFile>

namespace commander::ctl {

namespace {

Result<std::uint16_t> portOf(const QString &text)
{
    bool ok = false;
    const auto port = text.toUShort(&ok);
    if (!ok)
        return fail(ErrorCode::InvalidArgument, "not a port: " + text.toStdString(), {},
                    "Give a number from 0 to 65535.");
    return port;
}

/// Whoever waits for the file sees it whole or not at all.
Result<void> writeReadyFile(const QString &path, const std::string &url)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(url + "\n")) < 0 || !file.commit())
        return fail(ErrorCode::IoError, "cannot write the ready file: " + file.errorString().toStdString(),
                    path.toStdString());
    return {};
}

Result<void> serve(const QCommandLineParser &parser)
{
    const auto port = portOf(parser.value(QStringLiteral("port")));
    if (!port)
        return fail(port.error());
    auto engine = openWorkspace(parser, parser.isSet(QStringLiteral("read-only")));
    if (!engine)
        return fail(engine.error());
    RestOptions options;
    options.port = *port;
    options.portsToTry = parser.isSet(QStringLiteral("port")) ? 1 : 20;
    auto server = RestServer::start(**engine, options);
    if (!server)
        return fail(server.error());
    const auto url = (*server)->status().baseUrl;
    print("Serving " + (*engine)->status().ledgerPath + " at " + url + "\n");
    if (parser.isSet(QStringLiteral("sandbox"))) {
        print("This sandbox takes commands from this machine only, without a token.\nTry:\n  " + exampleCurl(url)
              + "\n");
    }
    if (parser.isSet(QStringLiteral("ready-file"))) {
        if (auto written = writeReadyFile(parser.value(QStringLiteral("ready-file")), url); !written)
            return written;
    }
    waitForStopSignal();
    return {};
}

} // namespace

int runServe(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Serves a workspace over REST on loopback until SIGINT or SIGTERM."));
    addWorkspaceOptions(parser);
    parser.addOption({QStringLiteral("port"),
                      QStringLiteral("Port; 0 = any free one. Without this option: 8080 or the next free one."),
                      QStringLiteral("N"), QStringLiteral("8080")});
    parser.addOption({QStringLiteral("ready-file"), QStringLiteral("Write the base URL here once it answers."),
                      QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("read-only"), QStringLiteral("Refuse every command; works beside a writer.")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto served = serve(parser);
    return served ? exitDone : report(served.error());
}

} // namespace commander::ctl
