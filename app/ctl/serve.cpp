// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/access_log_file.h"
#include "ctl/network_options.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"
#include "domain_watch.h"
#include "split.h"
#include "trust.h"
#include "workspace.h"

#include <commander/rest_server.h>

#include <QCoreApplication>
#include <QSaveFile>
#include <stop_token>

namespace commander::ctl {

namespace {

/// Whoever waits for the file sees it whole or not at all.
Result<void> writeReadyFile(const QString &path, const std::string &url)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(url + "\n")) < 0 || !file.commit())
        return fail(ErrorCode::IoError, "cannot write the ready file: " + file.errorString().toStdString(),
                    path.toStdString());
    return {};
}

void printAttempt(const DomainWatch::Attempt &attempt)
{
    const auto place = attempt.folder + (attempt.folder.ends_with('/') ? "" : "/");
    for (const auto &problem : attempt.problems)
        printError(place + problem.text());
    const auto &now = attempt.installed;
    if (!attempt.problems.empty())
        printError(attempt.folder + " is not installed; the version before goes on");
    else if (attempt.changed)
        print("Installed " + now.name + " version " + std::to_string(now.version) + ", " + toHex(now.hash).substr(0, 8)
              + ", at position " + std::to_string(now.position.value) + "\n");
}

/// Until SIGINT or SIGTERM, and meanwhile installs what is saved.
void watchUntilStopped(Engine &engine, const QStringList &folders, bool trust)
{
    // What is saved in a folder that is trusted is trusted as well.
    const DomainWatch::OnRead onRead = [&engine](const std::vector<DomainFile> &files) -> Result<void> {
        const auto vouched = trustDomain(engine.status().ledgerPath, files);
        return vouched ? Result<void>() : fail(vouched.error());
    };
    std::vector<std::unique_ptr<DomainWatch>> watches;
    for (const auto &folder : folders) {
        watches.push_back(std::make_unique<DomainWatch>(engine.domains(), folder.toStdString(), printAttempt,
                                                        trust ? onRead : DomainWatch::OnRead()));
        print("Watching " + folder.toStdString() + "\n");
    }
    // quit() posts an event, which any thread may do.
    const std::stop_callback stop(stopSignal(), [] {
        QMetaObject::invokeMethod(
            qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
    });
    QCoreApplication::exec();
}

/// Whose scripts can harm this program.
void printTrusted(Engine &engine)
{
    for (const auto &domain : engine.domains().installed()) {
        if (domain.runs && isTrusted(domain.hash))
            print("Trusted: the scripts of " + domain.name + " version " + std::to_string(domain.version) + ", "
                  + toHex(domain.hash).substr(0, 8) + ", run in this program\n");
    }
}

Result<void> serve(const QCommandLineParser &parser)
{
    const bool trust = parser.isSet(QStringLiteral("trust"));
    if (trust && !parser.isSet(QStringLiteral("domain")))
        return fail(ErrorCode::InvalidArgument, "--trust is for the folders of --domain DIR, and none is named");
    const bool watch = parser.isSet(QStringLiteral("watch"));
    if (watch && (!parser.isSet(QStringLiteral("domain")) || parser.isSet(QStringLiteral("read-only"))))
        return fail(ErrorCode::InvalidArgument, "--watch needs --domain DIR, and a workspace that can be written");
    auto opening = workspaceOf(parser, parser.isSet(QStringLiteral("read-only")));
    if (!opening)
        return fail(opening.error());
    std::vector<std::string> variants;
    for (const auto &variant : parser.values(QStringLiteral("split")))
        variants.push_back(variant.toStdString());
    const auto loader = splitDomains(*opening, variants);
    if (!loader)
        return fail(loader.error());
    auto options = networkOptions(parser, opening->ledgerPath);
    if (!options)
        return fail(options.error());
    auto engine = Engine::open(std::move(*opening));
    if (!engine)
        return fail(engine.error());
    for (const auto &variant : variants)
        print("Split: " + variant + " % of the keys\n");
    options->loader = &domainLoader();
    std::unique_ptr<AccessLogFile> accessLog; // outlives the server, to write down its end
    auto server = RestServer::start(**engine, *options);
    if (!server)
        return fail(server.error());
    if (const auto path = parser.value(QStringLiteral("access-log")); !path.isEmpty()) {
        auto begun = AccessLogFile::start((*server)->requests(), path.toStdString());
        if (!begun)
            return fail(begun.error());
        accessLog = std::move(*begun);
    }
    const auto url = (*server)->status().baseUrl;
    print("Serving " + (*engine)->status().ledgerPath + " at " + url + "\n");
    print(whoMayComeIn(*options) + "\n");
    printTrusted(**engine);
    if (parser.isSet(QStringLiteral("sandbox")) && !options->tokens->isClosed())
        print("Try:\n  " + exampleCurl(url) + "\n");
    if (parser.isSet(QStringLiteral("ready-file"))) {
        if (auto written = writeReadyFile(parser.value(QStringLiteral("ready-file")), url); !written)
            return written;
    }
    if (watch)
        watchUntilStopped(**engine, parser.values(QStringLiteral("domain")), trust);
    else
        waitForStopSignal();
    return {};
}

} // namespace

int runServe(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Serves a workspace over REST until SIGINT or SIGTERM."));
    addWorkspaceOptions(parser);
    addNetworkOptions(parser);
    parser.addOption({QStringLiteral("access-log"),
                      QStringLiteral("Add every request to this file as a line of JSON. It is not rotated; when it is "
                                     "moved away, a new one is begun."),
                      QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("ready-file"), QStringLiteral("Write the base URL here once it answers."),
                      QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("watch"),
                      QStringLiteral("Install a domain of --domain again whenever a file of it is saved.")});
    parser.addOption(
        {QStringLiteral("split"),
         QStringLiteral("Let the domain of a folder decide so many percent of the keys, as variant NAME of "
                        "the domain of the same name; repeatable."),
         QStringLiteral("NAME=DIR:PERCENT")});
    parser.addOption({QStringLiteral("read-only"), QStringLiteral("Refuse every command; works beside a writer.")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto served = serve(parser);
    return served ? exitDone : report(served.error());
}

} // namespace commander::ctl
