// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/json.h>
#include <commander/verify.h>

namespace commander::ctl {

namespace {

int exitCodeOf(VerifyReport::Verdict verdict)
{
    switch (verdict) {
    case VerifyReport::Verdict::Intact:
        return exitDone;
    case VerifyReport::Verdict::Tampered:
        return exitFailed;
    case VerifyReport::Verdict::Truncated:
        return exitTruncated;
    case VerifyReport::Verdict::Unreadable:
        return exitUnreadable;
    }
    return exitUnreadable;
}

std::string asJson(const VerifyReport &report)
{
    auto json = Json::object();
    json.set("verdict", Json(verifyVerdictName(report.verdict)));
    json.set("records", Json(static_cast<std::int64_t>(report.records)));
    json.set("position", Json(static_cast<std::int64_t>(report.head.value)));
    json.set("chain", Json(toHex(report.chain)));
    if (report.promised)
        json.set("promised", Json(static_cast<std::int64_t>(report.promised->value)));
    if (report.firstBad.value)
        json.set("firstBad", Json(static_cast<std::int64_t>(report.firstBad.value)));
    if (!report.problem.empty())
        json.set("problem", Json(report.problem));
    return writeJson(json);
}

std::string asText(const VerifyReport &report)
{
    auto text = std::string(verifyVerdictName(report.verdict)) + ": " + std::to_string(report.records)
        + " records verified, up to position " + std::to_string(report.head.value) + "\nchain " + toHex(report.chain);
    if (report.firstBad.value)
        text += "\nfirst bad record: position " + std::to_string(report.firstBad.value);
    if (!report.problem.empty())
        text += "\n" + report.problem;
    return text;
}

} // namespace

int runVerify(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Recomputes every hash of a ledger and compares it with the ledger's head file. Reads only. Exit code 0: "
        "intact; 1: a record was changed; 2: records are missing; 4: not readable."));
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    parser.addPositionalArgument(QStringLiteral("FILE"), QStringLiteral("The ledger file, instead of --workspace."),
                                 QStringLiteral("[FILE]"));
    parser.addOption({QStringLiteral("json"), QStringLiteral("Report as one line of JSON.")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto positional = parser.positionalArguments();
    if (isRemote(parser)) {
        if (!positional.isEmpty()) {
            printError("--url and FILE exclude each other");
            return exitUsage;
        }
        const auto code = remoteVerify(parser);
        return code ? *code : report(code.error());
    }
    const auto path
        = positional.isEmpty() ? workspacePath(parser) : Result<std::string>(positional.first().toStdString());
    if (!path)
        return report(path.error());

    SystemFileSystem files;
    ProgressLine line("verified");
    const auto verified = verifyLedger(*path, files, stopSignal(),
                                       [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total); });
    if (!verified)
        return report(verified.error());
    print((parser.isSet(QStringLiteral("json")) ? asJson(*verified) : asText(*verified)) + "\n");
    return exitCodeOf(verified->verdict);
}

} // namespace commander::ctl
