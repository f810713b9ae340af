// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/export_format.h"
#include "exchange/running_digest.h"

#include <commander/limits.h>

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t pieceBytes = 256 * 1024;
constexpr std::chrono::seconds cursorWait{1};

Error cancelled()
{
    return {ErrorCode::Cancelled, "stopped before the end", {}, "What was written can be gone on with.", {}};
}

class Export final : public LedgerExport {
public:
    Export(Ledger &ledger, ExportOptions options) : m_ledger(ledger), m_options(std::move(options)) { }

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> takeUp(File &partial, const std::stop_token &stop, const ExchangeProgress &progress);
    [[nodiscard]] std::uint64_t keptBytes() const noexcept override { return m_kept; }
    [[nodiscard]] Result<ExportReport> write(const ExportSink &sink, std::stop_token stop,
                                             const ExchangeProgress &progress) override;

private:
    [[nodiscard]] Result<void> adoptHeader(std::string_view unit);
    [[nodiscard]] Result<void> adoptLast(const std::string &unit, std::uint64_t number);
    [[nodiscard]] Result<void> writeRecords(const ExportSink &sink, const std::stop_token &stop,
                                            const ExchangeProgress &progress);
    [[nodiscard]] Result<RecordPtr> recordAt(Position position);
    [[nodiscard]] Result<void> flush(const ExportSink &sink);

    Ledger &m_ledger;
    const ExportOptions m_options;
    std::unique_ptr<FileFormat> m_format;
    ExportHeader m_header;
    ExportTrailer m_written;
    RunningDigest m_digest;
    std::string m_piece;
    Position m_next;
    std::uint64_t m_kept = 0;
    std::uint64_t m_resumed = 0;
    std::uint64_t m_bytes = 0;
    bool m_begun = false;
    bool m_ended = false;
};

Result<void> Export::prepare()
{
    if (m_options.accepts && m_options.filterText.empty())
        return fail(ErrorCode::InvalidArgument, "an export with a filter needs the filter's text");
    auto format = makeFileFormat(m_options);
    if (!format)
        return fail(format.error());
    m_format = std::move(*format);
    auto state = m_ledger.state();
    if (!state)
        return fail(state.error());
    m_header.program = m_options.program;
    m_header.ledger = m_ledger.ledgerId();
    m_header.first = std::max(m_options.first, Position{1});
    m_header.last = std::min(m_options.last, state->head.position);
    m_header.filter = m_options.accepts ? m_options.filterText : std::string();
    m_header.whole = !m_options.accepts && m_header.first == Position{1} && m_header.last == state->head.position;
    m_header.state = std::move(*state);
    m_next = m_header.first;
    return {};
}

Result<RecordPtr> Export::recordAt(Position position)
{
    auto records = m_ledger.readAt(position, 1);
    if (!records)
        return fail(records.error());
    if (records->empty() || records->front()->position != position) {
        return fail(ErrorCode::LedgerDamaged, "the ledger does not hold a record that it held before",
                    "position " + std::to_string(position.value), "Verify the ledger.");
    }
    return std::move(records->front());
}

Result<void> Export::adoptHeader(std::string_view unit)
{
    auto header = m_format->headerOf(unit, m_header);
    if (!header)
        return fail(header.error());
    m_header = std::move(*header);
    if (const auto &head = m_header.state.head; head.position.value > 0) {
        const auto record = recordAt(head.position);
        if (!record)
            return fail(record.error());
        if ((*record)->chain != head.chain) {
            return fail(ErrorCode::LedgerDamaged, "the export that was begun saw another history of this ledger",
                        "position " + std::to_string(head.position.value), "Verify the ledger.");
        }
    }
    m_begun = true;
    return {};
}

Result<void> Export::adoptLast(const std::string &unit, std::uint64_t number)
{
    const auto line = "line " + std::to_string(number);
    const auto position = m_format->positionOf(unit);
    if (!position)
        return fail(position.error().code, position.error().what, line, "Begin the export anew.");
    const auto record = *position >= m_header.first && *position <= m_header.last
        ? recordAt(*position)
        : Result<RecordPtr>(fail(ErrorCode::InvalidArgument, "the export that was begun has another range"));
    if (!record)
        return fail(record.error());
    std::string mine;
    m_format->record(mine, **record);
    if (mine != unit || (m_options.accepts && !m_options.accepts(**record))) {
        return fail(ErrorCode::LedgerDamaged, "the last whole line of the file is not what the ledger holds",
                    line + ", position " + std::to_string(position->value), "Begin the export anew.");
    }
    m_next = position->next();
    m_written.position = *position;
    m_written.chain = (*record)->chain;
    return {};
}

Result<void> Export::takeUp(File &partial, const std::stop_token &stop, const ExchangeProgress &progress)
{
    UnitReader reader(partial, m_format->unit());
    std::string last;
    std::uint64_t units = 0;
    for (;;) {
        std::string_view unit;
        const auto there = reader.next(unit);
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        if (stop.stop_requested())
            return fail(cancelled());
        if (m_ended)
            return fail(ErrorCode::InvalidArgument, "the file goes on behind its last line",
                        "line " + std::to_string(reader.number()), "Begin the export anew.");
        if (units++ == 0) {
            if (auto adopted = adoptHeader(unit); !adopted)
                return adopted;
        } else if (m_format->isEnd(unit)) {
            const auto trailer = parseTrailerLine(unit);
            if (!trailer || trailer->sha256 != m_digest.value())
                return fail(ErrorCode::InvalidArgument, "the export was changed after it was written",
                            "line " + std::to_string(reader.number()), "Begin the export anew.");
            m_ended = true;
        } else {
            last = unit;
            ++m_written.records;
            if (progress && m_written.records % 4096 == 0)
                progress("checked", m_written.records, m_header.last.value);
        }
        m_digest.add(unit);
    }
    m_kept = reader.end();
    m_bytes = m_kept;
    m_resumed = m_written.records;
    if (!m_begun || last.empty())
        return {};
    return adoptLast(last, m_ended ? units - 1 : units);
}

Result<void> Export::flush(const ExportSink &sink)
{
    m_digest.add(m_piece);
    m_bytes += m_piece.size();
    auto taken = sink(m_piece);
    m_piece.clear();
    return taken;
}

Result<void> Export::writeRecords(const ExportSink &sink, const std::stop_token &stop, const ExchangeProgress &progress)
{
    if (m_next > m_header.last)
        return {};
    const auto total = m_header.last.value - m_header.first.value + 1;
    // A cursor bounds what it reads at once in bytes as well as in records.
    const auto cursor = m_ledger.follow(Position{m_next.value - 1});
    if (!cursor)
        return fail(cursor.error());
    while (m_next <= m_header.last) {
        if (stop.stop_requested())
            return fail(cancelled());
        const auto records = (*cursor)->next(limits::followerBatchMax, cursorWait);
        if (!records)
            return fail(records.error());
        if (records->empty())
            return fail(ErrorCode::LedgerDamaged, "the ledger ends before its head",
                        "position " + std::to_string(m_next.value), "Verify the ledger.");
        for (const auto &record : *records) {
            if (record->position > m_header.last)
                break;
            m_next = record->position.next();
            if (m_options.accepts && !m_options.accepts(*record))
                continue;
            m_format->record(m_piece, *record);
            ++m_written.records;
            m_written.position = record->position;
            m_written.chain = record->chain;
            if (m_piece.size() < pieceBytes)
                continue;
            if (auto flushed = flush(sink); !flushed)
                return flushed;
            if (stop.stop_requested())
                return fail(cancelled());
        }
        if (progress)
            progress("exported", m_next.value - m_header.first.value, total);
    }
    return {};
}

Result<ExportReport> Export::write(const ExportSink &sink, std::stop_token stop, const ExchangeProgress &progress)
{
    if (!m_begun)
        m_format->begin(m_piece, m_header);
    if (!m_ended) {
        if (auto written = writeRecords(sink, stop, progress); !written) {
            // Whole lines only, so that nothing is lost to whoever goes on.
            if (written.error().code == ErrorCode::Cancelled) {
                if (auto flushed = flush(sink); !flushed)
                    return fail(flushed.error());
            }
            return fail(written.error());
        }
        if (auto flushed = flush(sink); !flushed)
            return fail(flushed.error());
        m_written.sha256 = m_digest.value();
        m_format->end(m_piece, m_written);
        if (auto flushed = flush(sink); !flushed)
            return fail(flushed.error());
    }
    return ExportReport{.ledger = m_header.ledger,
                        .whole = m_header.whole,
                        .records = m_written.records,
                        .resumed = m_resumed,
                        .bytes = m_bytes,
                        .position = m_written.position,
                        .chain = m_written.chain};
}

} // namespace

Result<std::unique_ptr<LedgerExport>> LedgerExport::begin(Ledger &ledger, ExportOptions options)
{
    auto begun = std::make_unique<Export>(ledger, std::move(options));
    if (auto prepared = begun->prepare(); !prepared)
        return fail(prepared.error());
    return begun;
}

Result<std::unique_ptr<LedgerExport>> LedgerExport::resume(Ledger &ledger, ExportOptions options, File &partial,
                                                           std::stop_token stop, const ExchangeProgress &progress)
{
    auto begun = std::make_unique<Export>(ledger, std::move(options));
    if (auto prepared = begun->prepare(); !prepared)
        return fail(prepared.error());
    if (auto taken = begun->takeUp(partial, stop, progress); !taken)
        return fail(taken.error());
    return begun;
}

} // namespace commander
