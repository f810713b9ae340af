// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/experiment_json.h>

namespace commander::ctl {

namespace {

Result<int> preview(const QCommandLineParser &parser, const QString &action, const QString &data)
{
    CommandDraft draft;
    draft.action = action.toStdString();
    draft.data = data.toStdString();
    draft.actor = parser.value(QStringLiteral("actor")).toStdString();
    if (parser.isSet(QStringLiteral("id"))) {
        const auto id = Uuid::parse(parser.value(QStringLiteral("id")).toStdString());
        if (!id)
            return fail(id.error());
        draft.id = *id;
    }
    std::optional<Position> at;
    if (parser.isSet(QStringLiteral("at"))) {
        const auto position = positionOption(parser, QStringLiteral("at"));
        if (!position)
            return fail(position.error());
        at = *position;
    }
    auto engine = openWorkspace(parser, true);
    if (!engine)
        return fail(engine.error());
    waitUntilCaughtUp(**engine);
    const auto preview = (*engine)->previews().preview(std::move(draft), at, stopSignal());
    if (!preview)
        return fail(preview.error());
    print(previewJson(*preview) + "\n");
    return preview->commands.front().outcome.status == CommandStatus::Succeeded ? exitDone : exitFailed;
}

} // namespace

int runPreview(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Prints what one command would cause, its events, follow-up commands and document changes, as "
                       "one line of JSON. Records nothing and works beside a running server. Exit code 0: it would "
                       "succeed."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    parser.addPositionalArgument(QStringLiteral("ACTION"), QStringLiteral("e.g. transfer-money"));
    parser.addPositionalArgument(QStringLiteral("DATA"), QStringLiteral("JSON"));
    parser.addOption({QStringLiteral("at"), QStringLiteral("Over the documents as they were at this position."),
                      QStringLiteral("N")});
    parser.addOption({QStringLiteral("id"), QStringLiteral("The command's UUID; the events' ids follow from it."),
                      QStringLiteral("UUID")});
    parser.addOption({QStringLiteral("actor"), QStringLiteral("Who would send it."), QStringLiteral("NAME"),
                      QStringLiteral("commanderctl")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto positional = parser.positionalArguments();
    if (positional.size() != 2) {
        printError("preview takes an ACTION and its DATA (see --help)");
        return exitUsage;
    }
    const auto code = isRemote(parser) ? remotePreview(parser, positional[0].toStdString(), positional[1].toStdString())
                                       : preview(parser, positional[0], positional[1]);
    return code ? *code : report(code.error());
}

} // namespace commander::ctl
