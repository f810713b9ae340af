// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"
#include "workspace_tokens.h"

#include <QFileInfo>

namespace commander::ctl {

namespace {

/// "90d", "12h", "30m" from now.
Result<Timestamp> lifetimeEnd(const QString &text)
{
    bool ok = false;
    const auto count = text.chopped(1).toLongLong(&ok);
    const std::int64_t seconds = text.endsWith(u'd') ? 86'400
        : text.endsWith(u'h')                        ? 3'600
        : text.endsWith(u'm')                        ? 60
                                                     : 0;
    if (!ok || count < 1 || count > 100'000 || seconds == 0) {
        return fail(ErrorCode::InvalidArgument, "not a time to live: " + text.toStdString(), {},
                    "Give a number with d, h or m: 90d, 12h, 30m.");
    }
    return Timestamp{SystemClock().now().micros + count * seconds * 1'000'000};
}

Result<void> create(const QCommandLineParser &parser, AccessTokens &tokens, const std::string &name)
{
    const auto roles = AccessRoles::parse(parser.value(QStringLiteral("role")).toStdString());
    if (!roles)
        return fail(roles.error());
    NewAccessToken wanted{name, *roles, {}};
    if (parser.isSet(QStringLiteral("for"))) {
        const auto end = lifetimeEnd(parser.value(QStringLiteral("for")));
        if (!end)
            return fail(end.error());
        wanted.expires = *end;
    } else if (parser.isSet(QStringLiteral("expires"))) {
        const auto end = Timestamp::parse(parser.value(QStringLiteral("expires")).toStdString());
        if (!end)
            return fail(end.error());
        wanted.expires = *end;
    }
    const auto made = tokens.create(std::move(wanted));
    if (!made)
        return fail(made.error());
    // The secret alone on standard output, so that it can go straight into a variable or a file.
    print(made->secret + "\n");
    printError("Keep it: it is shown this once. Clients send it as Authorization: Bearer TOKEN.");
    return {};
}

Result<void> list(AccessTokens &tokens)
{
    const auto all = tokens.list();
    if (!all)
        return fail(all.error());
    for (const auto &token : *all) {
        Json json = Json::object();
        Json::Array roles;
        for (const auto role : accessRoles) {
            if (token.roles.has(role))
                roles.emplace_back(accessRoleName(role));
        }
        json.set("name", Json(token.name)).set("roles", Json(std::move(roles)));
        json.set("created", Json(token.created.text()));
        if (token.expires)
            json.set("expires", Json(token.expires->text()));
        print(writeJson(json) + "\n");
    }
    return {};
}

} // namespace

int runToken(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "create NAME --role read,submit: makes a token for the REST API of this workspace and prints it, this once.\n"
        "list: the tokens that were not revoked, as JSON lines.\n"
        "revoke NAME: whoever uses it is refused from now on.\n"
        "Works while a server has the workspace open; it takes the change over by itself. Once a token was made, every "
        "request needs one. Roles: read, submit, operate, audit; or all."));
    addWorkspaceOptions(parser);
    parser.addPositionalArgument(QStringLiteral("ACTION"), QStringLiteral("create, list or revoke."),
                                 QStringLiteral("ACTION [NAME]"));
    parser.addOption({QStringLiteral("role"), QStringLiteral("create: what its holder may do."),
                      QStringLiteral("ROLES"), QStringLiteral("read")});
    parser.addOption(
        {QStringLiteral("for"), QStringLiteral("create: how long it is good, e.g. 90d."), QStringLiteral("TIME")});
    parser.addOption(
        {QStringLiteral("expires"), QStringLiteral("create: until when, in RFC 3339."), QStringLiteral("TIME")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto given = parser.positionalArguments();
    const auto action = given.value(0);
    if ((action != u"list" || given.size() != 1)
        && ((action != u"create" && action != u"revoke") || given.size() != 2)) {
        printError("wrong arguments: " + given.join(u' ').toStdString() + " (see --help)");
        return exitUsage;
    }
    const auto path = workspacePath(parser);
    if (!path)
        return report(path.error());
    if (!QFileInfo::exists(QString::fromStdString(*path)))
        return report({ErrorCode::NotFound, "there is no workspace", *path, "Name its ledger file.", {}});
    const auto tokens = workspaceTokens(*path);
    const auto name = given.value(1).toStdString();
    const auto done = action == u"create" ? create(parser, *tokens, name)
        : action == u"list"               ? list(*tokens)
                                          : tokens->revoke(name);
    return done ? exitDone : report(done.error());
}

} // namespace commander::ctl
