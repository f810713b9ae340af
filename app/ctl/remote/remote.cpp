// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"

#include <QFile>

namespace commander::ctl {

namespace {

Result<std::string> tokenOf(const QCommandLineParser &parser)
{
    if (!parser.isSet(QStringLiteral("token-file")))
        return std::string();
    QFile file(parser.value(QStringLiteral("token-file")));
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::IoError, "cannot read the token: " + file.errorString().toStdString(),
                    file.fileName().toStdString());
    }
    const auto token = file.readAll().trimmed();
    if (token.isEmpty() || token.contains('\n') || token.contains('\r'))
        return fail(ErrorCode::InvalidArgument, "the file does not hold one token", file.fileName().toStdString());
    return token.toStdString();
}

} // namespace

void addServerOptions(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("url"),
                      QStringLiteral("Ask this running server, e.g. http://127.0.0.1:8080, instead of a workspace."),
                      QStringLiteral("URL")});
    parser.addOption({QStringLiteral("token-file"),
                      QStringLiteral("With --url: a file that holds the token to ask with."), QStringLiteral("FILE")});
}

bool isRemote(const QCommandLineParser &parser)
{
    return parser.isSet(QStringLiteral("url"));
}

Result<std::unique_ptr<HttpClient>> serverOf(const QCommandLineParser &parser)
{
    for (const auto *name : {"workspace", "sandbox", "domain", "trust"}) {
        if (parser.isSet(QLatin1String(name))) {
            return fail(ErrorCode::InvalidArgument, std::string("--url and --") + name + " exclude each other", {},
                        "A running server has its workspace and its domains already.");
        }
    }
    auto token = tokenOf(parser);
    if (!token)
        return fail(token.error());
    return HttpClient::at(parser.value(QStringLiteral("url")).toStdString(), std::move(*token));
}

std::string queryOf(const QCommandLineParser &parser, const QString &option, std::string_view name)
{
    std::string query;
    for (const auto &value : parser.values(option))
        query.append("&").append(name).append("=").append(percentEncoded(value.toStdString()));
    return query;
}

std::string_view memberOf(const std::vector<JsonSlice> &members, std::string_view name)
{
    for (const auto &member : members) {
        if (member.name == name)
            return member.raw;
    }
    return {};
}

Result<std::string> recordLine(std::string_view record)
{
    const auto members = sliceJsonObject(record, answerLimits);
    if (!members)
        return fail(members.error());
    std::string line;
    for (const auto *name : {"kind", "id", "parent", "action", "data", "timestamp", "recordedAt", "topic", "partition",
                             "offset", "position", "key", "correlation", "actor", "headers"}) {
        const auto value = memberOf(*members, name);
        if (!value.empty())
            line.append(line.empty() ? "{\"" : ",\"").append(name).append("\":").append(value);
    }
    return line + "}";
}

Result<std::string> recordAt(HttpClient &server, std::uint64_t position)
{
    const auto number = std::to_string(position);
    const auto answer = server.ask({.path = "/records?first=" + number + "&last=" + number + "&atLeast=" + number});
    if (!answer)
        return fail(answer.error());
    const auto members = sliceJsonObject(answer->body, answerLimits);
    if (!members)
        return fail(members.error());
    const auto records = sliceJsonArray(memberOf(*members, "records"), answerLimits);
    if (!records || records->size() != 1)
        return fail(ErrorCode::NotReady, "the server's index has not come to the record", "position " + number);
    return recordLine(records->front());
}

} // namespace commander::ctl
