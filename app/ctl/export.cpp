// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/export_file.h"
#include "ctl/record_filter_options.h"
#include "ctl/remote/remote.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/exchange.h>

namespace commander::ctl {

namespace {

/// The filter options as they were given, for the file's first line.
std::string filterText(const QCommandLineParser &parser)
{
    std::string text;
    for (const auto *const name :
         {"kind", "topic", "action", "actor", "key", "correlation", "status", "text", "from", "to", "filter"}) {
        for (const auto &value : parser.values(QLatin1String(name)))
            text += (text.empty() ? "" : " ") + std::string(name) + "=" + value.toStdString();
    }
    return text;
}

Result<void> takePosition(const QCommandLineParser &parser, const QString &name, Position &position)
{
    if (!parser.isSet(name))
        return {};
    bool sound = false;
    position.value = parser.value(name).toULongLong(&sound);
    if (sound && position.value > 0 && position.value <= ExportOptions{}.last.value)
        return {};
    return fail(ErrorCode::InvalidArgument, "not a position: " + parser.value(name).toStdString(),
                "--" + name.toStdString(), "Positions are 1, 2, 3, …");
}

Result<ExportOptions> exportOptions(const QCommandLineParser &parser)
{
    ExportOptions options;
    options.program = "Commander " COMMANDER_VERSION;
    if (const auto format = parser.value(QStringLiteral("format")); format == u"csv")
        options.format = ExportFormat::Csv;
    else if (format != u"ndjson")
        return fail(ErrorCode::InvalidArgument, "no such format: " + format.toStdString(), "--format",
                    "Use ndjson or csv.");
    for (const auto &fields : parser.values(QStringLiteral("fields"))) {
        for (const auto &field : fields.split(u',', Qt::SkipEmptyParts))
            options.csv.fields.push_back(field.toStdString());
    }
    options.csv.formulaGuard = !parser.isSet(QStringLiteral("no-formula-guard"));
    auto filter = filterOf(parser);
    if (!filter)
        return fail(filter.error());
    if (!filter->matchesAll()) {
        options.filterText = filterText(parser);
        options.accepts = [filter = std::move(*filter)](const Record &record) { return matches(filter, record); };
    }
    if (auto taken = takePosition(parser, QStringLiteral("first"), options.first); !taken)
        return fail(taken.error());
    if (auto taken = takePosition(parser, QStringLiteral("last"), options.last); !taken)
        return fail(taken.error());
    return options;
}

/// Beginning or going on, into the file or to standard output.
Result<ExportReport> exportTo(const QCommandLineParser &parser, Ledger &ledger, ExportOptions options)
{
    ProgressLine line;
    const ExchangeProgress progress
        = [&line](std::string_view step, std::uint64_t done, std::uint64_t total) { line.show(step, done, total); };
    if (!parser.isSet(QStringLiteral("output"))) {
        const auto begun = LedgerExport::begin(ledger, std::move(options));
        if (!begun)
            return fail(begun.error());
        return (*begun)->write(
            [](std::string_view bytes) -> Result<void> {
                if (print(bytes))
                    return {};
                return fail(ErrorCode::IoError, "cannot write to standard output");
            },
            stopSignal(), progress);
    }
    ExportFile file(parser.value(QStringLiteral("output")));
    auto begun = file.begin(ledger, std::move(options), parser.isSet(QStringLiteral("resume")), stopSignal(), progress);
    if (!begun)
        return fail(begun.error());
    auto written
        = (*begun)->write([&file](std::string_view bytes) { return file.write(bytes); }, stopSignal(), progress);
    if (!written) {
        written.error().remedy = "Run it again with --resume to go on where it ended.";
        return written;
    }
    if (auto finished = file.finish(); !finished)
        return fail(finished.error());
    return written;
}

void addExportOptions(QCommandLineParser &parser)
{
    addWorkspaceOptions(parser);
    addServerOptions(parser);
    addFilterOptions(parser);
    parser.addOptions({
        {QStringLiteral("format"), QStringLiteral("ndjson (lossless, the default) or csv."), QStringLiteral("FORMAT"),
         QStringLiteral("ndjson")},
        {{QStringLiteral("o"), QStringLiteral("output")},
         QStringLiteral("File, which appears when it is whole; standard output without."),
         QStringLiteral("FILE")},
        {QStringLiteral("resume"), QStringLiteral("Go on with FILE.part, which an interrupted export left.")},
        {QStringLiteral("first"), QStringLiteral("From this position on."), QStringLiteral("POSITION")},
        {QStringLiteral("last"), QStringLiteral("Up to this position."), QStringLiteral("POSITION")},
        {QStringLiteral("fields"),
         QStringLiteral("csv: fields of data by JSON pointer, e.g. /amount,/from_account; all of data without."),
         QStringLiteral("POINTERS")},
        {QStringLiteral("no-formula-guard"),
         QStringLiteral("csv: do not put ' before text that a spreadsheet would take for a formula.")},
        {QStringLiteral("json"), QStringLiteral("Report as one line of JSON; with --output.")},
    });
}

} // namespace

int runExport(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Writes records, oldest first. NDJSON is lossless: a header, one line a record with its data byte for byte and "
        "all that is hashed, and a last line with counts and SHA-256, so that a file that was cut or changed is seen; "
        "\"commanderctl import\" makes the same ledger of it. Works beside a running server."));
    addExportOptions(parser);
    if (const auto code = parse(parser, arguments))
        return *code;
    const bool toFile = parser.isSet(QStringLiteral("output"));
    if (!toFile && (parser.isSet(QStringLiteral("resume")) || parser.isSet(QStringLiteral("json")))) {
        printError("--resume and --json need --output FILE");
        return exitUsage;
    }
    if (isRemote(parser)) {
        const auto code = remoteExport(parser);
        return code ? *code : report(code.error());
    }
    auto options = exportOptions(parser);
    if (!options)
        return report(options.error());
    auto ledger = openLedgerFile(parser);
    if (!ledger)
        return report(ledger.error());
    const auto exported = exportTo(parser, (*ledger)->ledger(), std::move(*options));
    if (!exported)
        return report(exported.error());
    if (parser.isSet(QStringLiteral("json")))
        print(reportJson(*exported));
    return exitDone;
}

} // namespace commander::ctl
