// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/record_filter_options.h"
#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <commander/limits.h>
#include <commander/record_json.h>

#include <QFile>
#include <QSaveFile>

namespace commander::ctl {

namespace {

std::string header(const LedgerHead &head, const Uuid &ledger)
{
    return R"({"commander":"export","version":")" COMMANDER_VERSION R"(","ledger":")" + ledger.text()
        + R"(","position":)" + std::to_string(head.position.value) + R"(,"chain":")" + toHex(head.chain) + "\"}\n";
}

/// Everything up to the head of now, so that an export of a running ledger ends.
Result<void> writeRecords(Ledger &ledger, const RecordFilter &filter, QIODevice &out)
{
    const auto head = ledger.head();
    if (!head)
        return fail(head.error());
    ProgressLine line("exported");
    std::uint64_t written = 0;
    auto lines = header(*head, ledger.ledgerId());
    Position next{1};
    while (next <= head->position) {
        if (stopSignal().stop_requested())
            return fail(ErrorCode::Cancelled, "stopped before the end");
        const auto records = ledger.readAt(next, limits::followerBatchMax);
        if (!records)
            return fail(records.error());
        if (records->empty())
            return fail(ErrorCode::LedgerDamaged, "the ledger ends before its head", std::to_string(next.value));
        for (const auto &record : *records) {
            if (record->position > head->position)
                break;
            if (matches(filter, *record)) {
                lines += recordJson(*record) + "\n";
                ++written;
            }
        }
        next = records->back()->position.next();
        if (out.write(lines.data(), static_cast<qint64>(lines.size())) < 0)
            return fail(ErrorCode::IoError, "cannot write: " + out.errorString().toStdString());
        lines.clear();
        line.show(next.value - 1, head->position.value);
    }
    lines += R"({"commander":"end","records":)" + std::to_string(written) + "}\n";
    if (out.write(lines.data(), static_cast<qint64>(lines.size())) < 0)
        return fail(ErrorCode::IoError, "cannot write: " + out.errorString().toStdString());
    return {};
}

Result<void> exportRecords(const QCommandLineParser &parser)
{
    const auto filter = filterOf(parser);
    if (!filter)
        return fail(filter.error());
    auto file = openLedgerFile(parser);
    if (!file)
        return fail(file.error());
    if (!parser.isSet(QStringLiteral("output"))) {
        QFile out;
        if (!out.open(stdout, QIODevice::WriteOnly))
            return fail(ErrorCode::IoError, "cannot write to standard output");
        return writeRecords((*file)->ledger(), *filter, out);
    }
    QSaveFile out(parser.value(QStringLiteral("output"))); // appears whole or not at all
    if (!out.open(QIODevice::WriteOnly))
        return fail(ErrorCode::IoError, "cannot write: " + out.errorString().toStdString(),
                    out.fileName().toStdString());
    if (auto written = writeRecords((*file)->ledger(), *filter, out); !written)
        return written;
    if (!out.commit())
        return fail(ErrorCode::IoError, "cannot write: " + out.errorString().toStdString(),
                    out.fileName().toStdString());
    return {};
}

} // namespace

int runExport(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Writes records as NDJSON, oldest first, data byte for byte: a header line with the ledger's "
                       "head, the records, and a "
                       "last line with their count, so that a cut file is seen. Works beside a running server."));
    addWorkspaceOptions(parser);
    addFilterOptions(parser);
    parser.addOption({{QStringLiteral("o"), QStringLiteral("output")},
                      QStringLiteral("File; standard output without."),
                      QStringLiteral("FILE")});
    if (const auto code = parse(parser, arguments))
        return *code;
    const auto done = exportRecords(parser);
    return done ? exitDone : report(done.error());
}

} // namespace commander::ctl
