// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/record_json.h>

#include <QFile>

namespace commander::ctl {

namespace {

Result<std::string> dataOf(const QString &argument)
{
    if (argument != u"-")
        return argument.toStdString();
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return fail(ErrorCode::IoError, "cannot read standard input");
    return input.readAll().toStdString();
}

Result<std::optional<Uuid>> idOption(const QCommandLineParser &parser)
{
    if (!parser.isSet(QStringLiteral("id")))
        return std::nullopt;
    const auto id = Uuid::parse(parser.value(QStringLiteral("id")).toStdString());
    return id ? Result<std::optional<Uuid>>(*id) : fail(id.error());
}

Result<std::optional<ExpectedRevision>> expectOption(const QCommandLineParser &parser)
{
    if (!parser.isSet(QStringLiteral("expect")))
        return std::nullopt;
    auto expected = ExpectedRevision::parse(parser.value(QStringLiteral("expect")).toStdString());
    if (!expected) {
        expected.error().where = "--expect";
        return fail(std::move(expected.error()));
    }
    return *expected;
}

std::string wordOf(const std::optional<ExpectedRevision> &expected)
{
    return expected ? expected->text() : std::string();
}

/// Prints the command, waits for its result and prints that.
Result<int> follow(Engine &engine, const Result<CommandReceipt> &receipt, std::chrono::seconds wait)
{
    if (!receipt)
        return fail(receipt.error());
    print(recordJson(*receipt->command) + "\n");
    if (wait.count() == 0)
        return exitDone;
    const auto result = engine.commands().waitForResult(receipt->command->id, wait);
    if (!result)
        return fail(result.error());
    print(recordJson(**result) + "\n");
    return (*result)->action == commandStatusName(CommandStatus::Succeeded) ? exitDone : exitFailed;
}

Result<std::chrono::seconds> waitOption(const QCommandLineParser &parser)
{
    bool isNumber = false;
    const auto seconds = parser.value(QStringLiteral("wait")).toUInt(&isNumber);
    if (!isNumber || seconds > 3600)
        return fail(ErrorCode::InvalidArgument, "--wait takes 0 to 3600 seconds");
    return std::chrono::seconds(seconds);
}

void addSendOptions(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("id"), QStringLiteral("The command's UUID; sending it again changes nothing."),
                      QStringLiteral("UUID")});
    parser.addOption({QStringLiteral("actor"), QStringLiteral("Who sends it."), QStringLiteral("NAME"),
                      QStringLiteral("commanderctl")});
    parser.addOption({QStringLiteral("expect"),
                      QStringLiteral("Expected revision of the command's key: any, none, exists or a number of events. "
                                     "Otherwise it is rejected (revision-conflict)."),
                      QStringLiteral("REVISION")});
    parser.addOption({QStringLiteral("wait"), QStringLiteral("Seconds to wait for the result; 0 = do not."),
                      QStringLiteral("S"), QStringLiteral("10")});
}

Result<int> retry(const QCommandLineParser &parser, const QString &command)
{
    const auto old = Uuid::parse(command.toStdString());
    if (!old)
        return fail(old.error());
    const auto id = idOption(parser);
    if (!id)
        return fail(id.error());
    const auto expected = expectOption(parser);
    if (!expected)
        return fail(expected.error());
    const auto wait = waitOption(parser);
    if (!wait)
        return fail(wait.error());
    if (isRemote(parser))
        return remoteRetry(parser, old->text(), wordOf(*expected), static_cast<unsigned>(wait->count()));
    auto engine = openWorkspace(parser, false);
    if (!engine)
        return fail(engine.error());
    const auto receipt = (*engine)->commands().retryAndWait(
        *old,
        {*id, parser.value(QStringLiteral("actor")).toStdString(), parser.isSet(QStringLiteral("force")), *expected});
    return follow(**engine, receipt, *wait);
}

Result<int> submit(const QCommandLineParser &parser, const QString &action, const QString &data)
{
    CommandDraft draft;
    draft.action = action.toStdString();
    draft.actor = parser.value(QStringLiteral("actor")).toStdString();
    auto bytes = dataOf(data);
    if (!bytes)
        return fail(bytes.error());
    draft.data = std::move(*bytes);
    auto id = idOption(parser);
    if (!id)
        return fail(id.error());
    draft.id = *id;
    const auto expected = expectOption(parser);
    if (!expected)
        return fail(expected.error());
    draft.expectedRevision = expected->value_or(ExpectedRevision{});
    const auto wait = waitOption(parser);
    if (!wait)
        return fail(wait.error());

    if (isRemote(parser))
        return remoteSubmit(parser, draft.action, draft.data, wordOf(*expected), static_cast<unsigned>(wait->count()));
    auto engine = openWorkspace(parser, false);
    if (!engine)
        return fail(engine.error());
    return follow(**engine, (*engine)->commands().submitAndWait(std::move(draft)), *wait);
}

} // namespace

int runSubmit(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Records one command, waits for its result and prints both as JSON lines. Exit code 0: succeeded."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    parser.addPositionalArgument(QStringLiteral("ACTION"), QStringLiteral("e.g. transfer-money"));
    parser.addPositionalArgument(QStringLiteral("DATA"), QStringLiteral("JSON, or - for standard input"));
    addSendOptions(parser);
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto positional = parser.positionalArguments();
    if (positional.size() != 2) {
        printError("submit takes an ACTION and its DATA (see --help)");
        return exitUsage;
    }
    const auto code = submit(parser, positional[0], positional[1]);
    return code ? *code : report(code.error());
}

int runRetry(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Sends an old command again under a new id, with the old one as its parent, and prints it and its result as "
        "JSON lines. Exit code 0: succeeded."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    parser.addPositionalArgument(QStringLiteral("COMMAND"), QStringLiteral("id of the old command"));
    addSendOptions(parser);
    parser.addOption({QStringLiteral("force"), QStringLiteral("Although it succeeded.")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto positional = parser.positionalArguments();
    if (positional.size() != 1) {
        printError("retry takes the id of one COMMAND (see --help)");
        return exitUsage;
    }
    const auto code = retry(parser, positional[0]);
    return code ? *code : report(code.error());
}

} // namespace commander::ctl
