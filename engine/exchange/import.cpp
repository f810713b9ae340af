// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/frame_lines.h"
#include "exchange/record_line.h"
#include "exchange/running_digest.h"
#include "exchange/unit_reader.h"
#include "ledger/sqlite/ledger_import.h"
#include "platform/lock_holder.h"
#include "values/sabotage.h"

#include <commander/exchange.h>

namespace commander {

namespace {

constexpr std::uint64_t linesPerLook = 1024; ///< between two looks at the stop token

std::string lineName(std::uint64_t number)
{
    return "line " + std::to_string(number);
}

/// The error of a record with its place in the file: a whole ledger has position n in line n + 1.
Error atRecord(Error error, std::uint64_t line)
{
    error.where = lineName(line) + ", position " + std::to_string(line - 1);
    return error;
}

bool refusesTheFile(ErrorCode code)
{
    return code == ErrorCode::LedgerDamaged || code == ErrorCode::InvalidArgument || code == ErrorCode::DuplicateId
        || code == ErrorCode::LimitExceeded;
}

tl::unexpected<Error> cut(std::string what, std::uint64_t line)
{
    return fail(ErrorCode::LedgerDamaged, std::move(what), lineName(line),
                "Export the ledger again, or finish the export with --resume.");
}

class Import {
public:
    Import(const ImportOptions &options, std::stop_token stop, const ExchangeProgress &progress)
        : m_options(options), m_stop(std::move(stop)), m_progress(progress)
    {
    }

    [[nodiscard]] Result<ImportReport> run();

private:
    [[nodiscard]] FileSystem &fileSystem() { return m_options.fileSystem ? *m_options.fileSystem : m_systemFiles; }
    [[nodiscard]] Result<void> checkFile();
    [[nodiscard]] Result<void> checkHeader(std::string_view line);
    [[nodiscard]] Result<void> checkTrailer(std::string_view line, std::uint64_t number, const Hash256 &sha256);
    /// The first record that is not as it was written, if it is one of them that was changed.
    [[nodiscard]] Result<void> findChange();
    /// Calls `use` with each record of the file, its line and the number of that.
    template <class Use> [[nodiscard]] Result<void> eachRecord(std::string_view step, Use use);
    [[nodiscard]] Result<void> comparePresent(const Record &record, std::string_view line);
    [[nodiscard]] Result<void> takeRecords();
    [[nodiscard]] Result<void> sameAsPresent() const;
    [[nodiscard]] Result<void> look(std::string_view step, std::uint64_t done);

    const ImportOptions m_options;
    const std::stop_token m_stop;
    const ExchangeProgress &m_progress;
    SystemFileSystem m_systemFiles;
    SystemClock m_systemClock;

    std::unique_ptr<File> m_file;
    ExportHeader m_header;
    ExportTrailer m_trailer;
    std::unique_ptr<LedgerImport> m_ledger;
    std::vector<RecordPtr> m_present; ///< a piece of what an earlier import left
    std::size_t m_presentAt = 0;
    Position m_found; ///< where the earlier import ended
};

Result<void> Import::look(std::string_view step, std::uint64_t done)
{
    if (done % linesPerLook != 0)
        return {};
    if (m_stop.stop_requested())
        return fail(ErrorCode::Cancelled, "stopped before the end", {}, "Run the import again, it goes on.");
    if (m_progress)
        m_progress(step, done, m_header.state.head.position.value);
    return {};
}

Result<void> Import::checkHeader(std::string_view line)
{
    auto header = parseHeaderLine(line);
    if (!header)
        return fail(header.error());
    m_header = std::move(*header);
    if (m_header.whole)
        return {};
    auto part = "positions " + std::to_string(m_header.first.value) + " to " + std::to_string(m_header.last.value);
    if (!m_header.filter.empty())
        part += " with the filter " + m_header.filter;
    return fail(ErrorCode::InvalidArgument, "the file holds a part of a ledger only: " + part, lineName(1),
                "Import an export of the whole ledger, made without filter and range.");
}

Result<void> Import::checkTrailer(std::string_view line, std::uint64_t number, const Hash256 &sha256)
{
    const auto trailer = parseTrailerLine(line);
    if (!trailer)
        return fail(trailer.error().code, trailer.error().what, lineName(number), trailer.error().remedy);
    const auto records = number - 2;
    const auto &head = m_header.state.head;
    if (sabotaged(Saboteur::ImportTrailerNotRead))
        return {};
    if (trailer->sha256 == sha256 && trailer->records == records && records == head.position.value
        && trailer->position == head.position && trailer->chain == head.chain)
        return {};
    // The records themselves tell best where.
    if (auto found = findChange(); !found)
        return found;
    return fail(ErrorCode::LedgerDamaged,
                trailer->sha256 == sha256 ? "the first line, the last line and the number of records do not agree"
                                          : "the file was changed after it was written: its SHA-256 is another",
                lineName(number), "Export the ledger again.");
}

Result<void> Import::checkFile()
{
    UnitReader reader(*m_file, UnitReader::Unit::Line);
    RunningDigest digest;
    std::string last;
    for (;;) {
        std::string_view line;
        const auto there = reader.next(line);
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        digest.add(last); // of all lines but the last one
        last = line;
        if (reader.number() == 1) {
            if (auto checked = checkHeader(line); !checked)
                return checked;
        }
        if (auto looked = look("checked", reader.number()); !looked)
            return looked;
    }
    if (reader.number() == 0)
        return fail(ErrorCode::LedgerForeign, "the file is no export of Commander", lineName(1));
    if (reader.isCut())
        return cut("the file is cut in the middle of a line", reader.number() + 1);
    if (!isTrailerLine(last))
        return cut("the file is cut: its last line is missing", reader.number() + 1);
    return checkTrailer(last, reader.number(), digest.value());
}

template <class Use> Result<void> Import::eachRecord(std::string_view step, Use use)
{
    UnitReader reader(*m_file, UnitReader::Unit::Line);
    for (;;) {
        std::string_view line;
        const auto there = reader.next(line);
        if (!there)
            return fail(there.error());
        if (!*there || isTrailerLine(line))
            return {};
        if (reader.number() == 1)
            continue;
        const auto record = parseRecordLine(line);
        if (!record)
            return fail(atRecord(record.error(), reader.number()));
        if (auto used = use(*record, line); !used)
            return fail(atRecord(used.error(), reader.number()));
        if (auto looked = look(step, reader.number() - 1); !looked)
            return looked;
    }
}

Result<void> Import::findChange()
{
    ChainWalk walk;
    return eachRecord("checked", [&walk](const Record &record, std::string_view) -> Result<void> {
        if (auto problem = walk.take(record); !problem.empty())
            return fail(ErrorCode::LedgerDamaged, std::move(problem), {}, "Export the ledger again.");
        return {};
    });
}

Result<void> Import::comparePresent(const Record &record, std::string_view line)
{
    if (m_presentAt == m_present.size()) {
        auto present = m_ledger->present(record.position);
        if (!present)
            return fail(present.error());
        m_present = std::move(*present);
        m_presentAt = 0;
    }
    if (m_presentAt < m_present.size()) {
        const auto &there = *m_present[m_presentAt++];
        std::string mine;
        appendRecordLine(mine, there);
        if (mine == line && recordLeaf(there) == there.leaf)
            return {};
    }
    return fail(ErrorCode::LedgerDamaged, "what an earlier import left in the ledger is not what the file holds", {},
                "Remove " + m_options.ledgerPath + " and its companions, and import anew.");
}

Result<void> Import::takeRecords()
{
    auto taken = eachRecord("imported", [this](const Record &record, std::string_view line) {
        return record.position <= m_found ? comparePresent(record, line) : m_ledger->take(record);
    });
    if (!taken)
        return taken;
    const auto &head = m_header.state.head;
    if (m_ledger->head().position != head.position || m_ledger->head().chain != head.chain)
        return fail(ErrorCode::LedgerDamaged, "the records of the file do not end as its first line says", lineName(1));
    return m_ledger->finish(m_header.state.progress);
}

Result<void> Import::sameAsPresent() const
{
    const auto &there = m_ledger->head();
    const auto &head = m_header.state.head;
    if (there.position == head.position && there.chain == head.chain)
        return {};
    return fail(ErrorCode::InvalidArgument,
                "this ledger is there already, and ends at position " + std::to_string(there.position.value)
                    + " where the file ends at " + std::to_string(head.position.value),
                m_options.ledgerPath, "Import into a file that does not exist yet.");
}

Result<ImportReport> Import::run()
{
    auto file = fileSystem().open(m_options.file, FileSystem::OpenMode::ReadOnly);
    if (!file)
        return fail(file.error());
    m_file = std::move(*file);
    if (auto checked = checkFile(); !checked)
        return fail(checked.error());

    auto ledger = LedgerImport::open({.path = m_options.ledgerPath,
                                      .ledgerId = m_header.ledger,
                                      .clock = m_options.clock ? m_options.clock : &m_systemClock,
                                      .fileSystem = &fileSystem(),
                                      .holder = lockHolder()});
    if (!ledger)
        return fail(ledger.error());
    m_ledger = std::move(*ledger);
    m_found = m_ledger->head().position;
    if (m_ledger->isFinished()) {
        if (auto same = sameAsPresent(); !same)
            return fail(same.error());
    } else if (auto taken = takeRecords(); !taken) {
        // What was stopped, or found the disk full, is gone on with; what was refused leaves nothing.
        const bool leavesNothing = m_found.value == 0 && refusesTheFile(taken.error().code);
        if (auto left = leavesNothing ? m_ledger->discard() : m_ledger->commit(); !left)
            return fail(left.error());
        return fail(taken.error());
    }
    return ImportReport{.ledger = m_header.ledger,
                        .records = m_ledger->head().position.value,
                        .found = m_found.value,
                        .position = m_ledger->head().position,
                        .chain = m_ledger->head().chain};
}

} // namespace

Result<ImportReport> importLedger(const ImportOptions &options, std::stop_token stop, const ExchangeProgress &progress)
{
    return Import(options, std::move(stop), progress).run();
}

} // namespace commander
