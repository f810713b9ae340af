// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/export_file.h"
#include "ctl/remote/remote.h"
#include "ctl/terminal.h"
#include "exchange/running_digest.h"

#include <algorithm>
#include <utility>

namespace commander::ctl {

namespace {

/// Reads an NDJSON export as it goes by: whether it is whole, and what is in it.
class WholeCheck {
public:
    void take(std::string_view bytes)
    {
        m_report.bytes += bytes.size();
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            m_line.append(bytes.substr(0, end == std::string_view::npos ? end : end + 1));
            bytes = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
            if (m_line.ends_with('\n'))
                endLine();
        }
    }
    /// Errors LedgerDamaged, those of parseJson.
    Result<ExportReport> finish()
    {
        const auto cut = [] {
            return fail(ErrorCode::LedgerDamaged, "the export that the server sent is not whole", {}, "Run it again.");
        };
        if (!m_line.empty())
            return cut();
        const auto first = parseJson(m_first);
        const auto last = parseJson(m_last);
        if (!first || !last || last->stringAt("commander") != "end"
            || last->stringAt("sha256") != toHex(m_hash.value()))
            return cut();
        const auto ledger = Uuid::parse(first->stringAt("ledger"));
        if (!ledger)
            return fail(ledger.error());
        m_report.ledger = *ledger;
        const auto *whole = first->find("whole");
        m_report.whole = whole && whole->asBool().value_or(false);
        m_report.records = static_cast<std::uint64_t>(last->integerAt("records").value_or(0));
        m_report.position = Position{static_cast<std::uint64_t>(last->integerAt("position").value_or(0))};
        const auto chain = QByteArray::fromHex(QByteArray::fromStdString(std::string(last->stringAt("chain"))));
        if (chain.size() != static_cast<qsizetype>(m_report.chain.size()))
            return cut();
        std::copy(chain.begin(), chain.end(), m_report.chain.begin());
        return m_report;
    }

private:
    /// The last line is the only one that the hash leaves out, so each is hashed when the next one is there.
    void endLine()
    {
        if (m_first.empty())
            m_first = m_line;
        m_hash.add(m_last);
        m_last = std::exchange(m_line, {});
    }

    RunningDigest m_hash;
    std::string m_first;
    std::string m_last;
    std::string m_line;
    ExportReport m_report;
};

std::string pathOf(const QCommandLineParser &parser)
{
    auto path = "/ledger/export?format=" + percentEncoded(parser.value(QStringLiteral("format")).toStdString());
    for (const auto *const name : {"kind", "topic", "action", "actor", "key", "correlation", "status", "text", "from",
                                   "to", "filter", "first", "last", "fields"})
        path += queryOf(parser, QLatin1String(name), name);
    if (parser.isSet(QStringLiteral("no-formula-guard")))
        path += "&formulaGuard=false";
    return path;
}

} // namespace

Result<int> remoteExport(const QCommandLineParser &parser)
{
    if (parser.isSet(QStringLiteral("resume")))
        return fail(ErrorCode::InvalidArgument, "--url and --resume exclude each other", {},
                    "An export from a server begins anew.");
    const bool csv = parser.value(QStringLiteral("format")) == u"csv";
    if (csv && parser.isSet(QStringLiteral("json")))
        return fail(ErrorCode::InvalidArgument, "a CSV from a server has no report", "--json", "Leave it out.");
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    const bool toFile = parser.isSet(QStringLiteral("output"));
    ExportFile file(parser.value(QStringLiteral("output")));
    if (toFile) {
        if (auto begun = file.beginEmpty(); !begun)
            return fail(begun.error());
    }
    WholeCheck check;
    const auto answer = (*server)->read({.path = pathOf(parser)}, [&](std::string_view bytes) -> Result<void> {
        if (!csv)
            check.take(bytes);
        if (toFile)
            return file.write(bytes);
        return print(bytes) ? Result<void>() : fail(ErrorCode::IoError, "cannot write to standard output");
    });
    if (!answer)
        return fail(answer.error());
    const auto report = csv ? Result<ExportReport>(ExportReport()) : check.finish();
    if (!report)
        return fail(report.error());
    if (toFile) {
        if (auto finished = file.finish(); !finished)
            return fail(finished.error());
    }
    if (parser.isSet(QStringLiteral("json")))
        print(reportJson(*report));
    return exitDone;
}

} // namespace commander::ctl
