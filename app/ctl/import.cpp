// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/exchange.h>
#include <commander/json.h>

namespace commander::ctl {

namespace {

std::string asJson(const ImportReport &report)
{
    auto json = Json::object();
    json.set("ledger", Json(report.ledger.text()));
    json.set("records", Json(static_cast<std::int64_t>(report.records)));
    json.set("found", Json(static_cast<std::int64_t>(report.found)));
    json.set("position", Json(static_cast<std::int64_t>(report.position.value)));
    json.set("chain", Json(toHex(report.chain)));
    return writeJson(json);
}

std::string asText(const ImportReport &report)
{
    auto text = std::to_string(report.records) + " records, up to position " + std::to_string(report.position.value);
    if (report.found > 0)
        text += "; " + std::to_string(report.found) + " were there and agree";
    return text + "\nledger " + report.ledger.text() + "\nchain " + toHex(report.chain);
}

} // namespace

int runImport(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Makes the workspace that \"commanderctl export\" wrote: the same records, hashes and identity. The file is "
        "checked whole first. An import that was interrupted goes on when it is run again; until then nothing else "
        "opens the workspace."));
    addWorkspaceOptions(parser);
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("A lossless export of a whole ledger (NDJSON)."));
    parser.addOption({QStringLiteral("json"), QStringLiteral("Report as one line of JSON.")});
    if (const auto code = parse(parser, arguments))
        return *code;
    if (parser.positionalArguments().size() != 1) {
        printError("name one FILE to import (see --help)");
        return exitUsage;
    }
    const auto path = workspacePath(parser);
    if (!path)
        return report(path.error());

    ImportOptions options;
    options.file = parser.positionalArguments().first().toStdString();
    options.ledgerPath = *path;
    ProgressLine line;
    const auto imported
        = importLedger(options, stopSignal(), [&line](std::string_view step, std::uint64_t done, std::uint64_t total) {
              line.show(step, done, total);
          });
    if (!imported)
        return report(imported.error());
    print((parser.isSet(QStringLiteral("json")) ? asJson(*imported) : asText(*imported)) + "\n");
    return exitDone;
}

} // namespace commander::ctl
