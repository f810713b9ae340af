// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/network_options.h"

#include "workspace_tokens.h"

#include <commander/file_system.h>

#include <QFile>

#include <limits>

namespace commander::ctl {

namespace {

constexpr std::uint16_t portsToTry = 20; ///< unless one was asked for

template <class Number> Result<Number> numberOf(const QCommandLineParser &parser, const QString &option)
{
    bool ok = false;
    const auto text = parser.value(option);
    const auto number = text.toULongLong(&ok);
    if (!ok || number > std::numeric_limits<Number>::max()) {
        return fail(ErrorCode::InvalidArgument,
                    "not a number for --" + option.toStdString() + ": " + text.toStdString(), {},
                    "Give one from 0 to " + std::to_string(std::numeric_limits<Number>::max()) + ".");
    }
    return static_cast<Number>(number);
}

Result<std::string> fileOf(const QCommandLineParser &parser, const QString &option)
{
    if (!parser.isSet(option))
        return std::string();
    QFile file(parser.value(option));
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::IoError,
                    "cannot read the file of --" + option.toStdString() + ": " + file.errorString().toStdString(),
                    file.fileName().toStdString());
    }
    return file.readAll().toStdString();
}

/// Whoever finds the file is the operator, so nobody else may read it.
Result<void> writeTokenFile(const std::string &path, const std::string &secret)
{
    SystemFileSystem files;
    if (auto removed = files.remove(path); !removed) // one with other permissions
        return removed;
    auto file = files.open(path, FileSystem::OpenMode::ReadWriteCreate); // 0600
    if (!file)
        return fail(file.error());
    const auto line = secret + '\n';
    return (*file)->writeAt(0, {reinterpret_cast<const std::uint8_t *>(line.data()), line.size()});
}

} // namespace

void addNetworkOptions(QCommandLineParser &parser)
{
    const auto option = [&parser](const char *name, const char *text, const char *value, const char *preset = "") {
        parser.addOption({QString::fromLatin1(name), QString::fromLatin1(text), QString::fromLatin1(value),
                          QString::fromLatin1(preset)});
    };
    option("port", "Port; 0 = any free one. Without this option: 8080 or the next free one.", "N", "8080");
    option("host",
           "Address to listen on; without it, this machine only. Any other needs tokens (commanderctl token) and TLS.",
           "ADDRESS");
    option("host-name", "A further name that clients may call the server by; repeatable.", "NAME");
    option("tls-cert", "Encrypt everything, with this certificate (chain) in PEM.", "FILE");
    option("tls-key", "The certificate's private key in PEM.", "FILE");
    option("token-file", "Make a token with all roles for this run, and write it here for you alone to read.", "FILE");
    option("allow-origin", "Let web pages of this origin use the server, e.g. https://app.example; repeatable.",
           "ORIGIN");
    option("rate",
           "Requests a second of each token, 0 = without limit. As long as the workspace has no tokens, of each "
           "connection, and then there is no limit unless this option gives one.",
           "N", "200");
}

Result<RestOptions> networkOptions(const QCommandLineParser &parser, const std::string &ledgerPath)
{
    RestOptions options;
    const auto port = numberOf<std::uint16_t>(parser, QStringLiteral("port"));
    if (!port)
        return fail(port.error());
    options.port = *port;
    options.portsToTry = parser.isSet(QStringLiteral("port")) ? 1 : portsToTry;
    const auto rate = numberOf<std::uint32_t>(parser, QStringLiteral("rate"));
    if (!rate)
        return fail(rate.error());
    options.requestsPerSecond = *rate;
    if (parser.isSet(QStringLiteral("rate")))
        options.openRequestsPerSecond = *rate;
    options.host = parser.value(QStringLiteral("host")).toStdString();
    for (const auto &name : parser.values(QStringLiteral("host-name")))
        options.hostNames.push_back(name.toStdString());
    for (const auto &origin : parser.values(QStringLiteral("allow-origin")))
        options.allowedOrigins.push_back(origin.toStdString());
    if (parser.isSet(QStringLiteral("tls-cert")) != parser.isSet(QStringLiteral("tls-key")))
        return fail(ErrorCode::InvalidArgument, "TLS needs both --tls-cert FILE and --tls-key FILE");
    auto certificate = fileOf(parser, QStringLiteral("tls-cert"));
    if (!certificate)
        return fail(certificate.error());
    options.tlsCertificate = std::move(*certificate);
    auto key = fileOf(parser, QStringLiteral("tls-key"));
    if (!key)
        return fail(key.error());
    options.tlsKey = std::move(*key);
    options.tokens = workspaceTokens(ledgerPath);
    if (parser.isSet(QStringLiteral("token-file"))) {
        const auto made = options.tokens->create({"serve", AccessRoles::all(), {}, true});
        if (!made)
            return fail(made.error());
        if (auto written = writeTokenFile(parser.value(QStringLiteral("token-file")).toStdString(), made->secret);
            !written)
            return fail(written.error());
    }
    return options;
}

std::string whoMayComeIn(const RestOptions &options)
{
    if (options.tokens->isClosed())
        return "Every request needs a token: Authorization: Bearer TOKEN";
    return "Open to everybody on this machine, without a token, until one is made: commanderctl token create";
}

} // namespace commander::ctl
