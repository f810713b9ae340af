// SPDX-License-Identifier: GPL-3.0-or-later
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

Result<int> submit(const QCommandLineParser &parser, const QString &action, const QString &data)
{
    CommandDraft draft;
    draft.action = action.toStdString();
    draft.actor = parser.value(QStringLiteral("actor")).toStdString();
    auto bytes = dataOf(data);
    if (!bytes)
        return fail(bytes.error());
    draft.data = std::move(*bytes);
    if (parser.isSet(QStringLiteral("id"))) {
        const auto id = Uuid::parse(parser.value(QStringLiteral("id")).toStdString());
        if (!id)
            return fail(id.error());
        draft.id = *id;
    }
    bool isNumber = false;
    const auto seconds = parser.value(QStringLiteral("wait")).toUInt(&isNumber);
    if (!isNumber || seconds > 3600)
        return fail(ErrorCode::InvalidArgument, "--wait takes 0 to 3600 seconds");

    auto engine = openWorkspace(parser, false);
    if (!engine)
        return fail(engine.error());
    const auto receipt = (*engine)->commands().submitAndWait(std::move(draft));
    if (!receipt)
        return fail(receipt.error());
    print(recordJson(*receipt->command) + "\n");
    if (seconds == 0)
        return exitDone;
    const auto result = (*engine)->commands().waitForResult(receipt->command->id, std::chrono::seconds(seconds));
    if (!result)
        return fail(result.error());
    print(recordJson(**result) + "\n");
    return (*result)->action == commandStatusName(CommandStatus::Succeeded) ? exitDone : exitFailed;
}

} // namespace

int runSubmit(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Records one command, waits for its result and prints both as JSON lines. Exit code 0: succeeded."));
    addWorkspaceOptions(parser);
    parser.addPositionalArgument(QStringLiteral("ACTION"), QStringLiteral("e.g. transfer-money"));
    parser.addPositionalArgument(QStringLiteral("DATA"), QStringLiteral("JSON, or - for standard input"));
    parser.addOption({QStringLiteral("id"), QStringLiteral("The command's UUID; sending it again changes nothing."),
                      QStringLiteral("UUID")});
    parser.addOption({QStringLiteral("actor"), QStringLiteral("Who sends it."), QStringLiteral("NAME"),
                      QStringLiteral("commanderctl")});
    parser.addOption({QStringLiteral("wait"), QStringLiteral("Seconds to wait for the result; 0 = do not."),
                      QStringLiteral("S"), QStringLiteral("10")});
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

} // namespace commander::ctl
