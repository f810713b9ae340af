// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>
#include <commander/file_system.h>
#include <commander/ledger.h>

#include <functional>
#include <limits>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// engine/docs/export-format.md
enum class ExportFormat {
    Ndjson, ///< lossless: an export of a whole ledger can be imported
    Csv     ///< for spreadsheets: all metadata, and chosen fields of `data`
};

struct CsvOptions {
    std::vector<std::string> fields; ///< JSON pointers into `data`, a column each; none: one column with all of it
    bool formulaGuard = true;        ///< text that a spreadsheet would run as a formula gets a ' in front
};

/// The first row, and the row of a record, as a CSV export has them, with their line ends.
void appendCsvHeader(std::string &out, const CsvOptions &options);
void appendCsvRecord(std::string &out, const Record &record, const CsvOptions &options);

struct ExportOptions {
    ExportFormat format = ExportFormat::Ndjson;
    std::function<bool(const Record &)> accepts; ///< null: every record
    std::string filterText;                      ///< `accepts` in words, for the header; wanted when it is set
    Position first{1};
    Position last{std::numeric_limits<std::int64_t>::max()}; ///< the end of the ledger as it is now, if that is less
    CsvOptions csv;
    std::string program; ///< who writes, for the header
};

struct ExportReport {
    Uuid ledger;
    bool whole = false;        ///< no record was left out: an Ndjson export like this can be imported
    std::uint64_t records = 0; ///< in the file, those that were there before included
    std::uint64_t resumed = 0; ///< were there before
    std::uint64_t bytes = 0;   ///< of the whole file
    Position position;         ///< the last record in the file; 0 when there is none
    Hash256 chain{};           ///< at that record
};

/// Takes the next bytes; an Error ends the export and becomes its own.
using ExportSink = std::function<Result<void>(std::string_view bytes)>;
/// "checked", "exported" or "imported"; how many records, and of how many.
using ExchangeProgress = std::function<void(std::string_view step, std::uint64_t done, std::uint64_t total)>;

/// Writes a ledger as it is at the beginning; what is appended meanwhile does not matter. Holds one batch of records in
/// memory, never more. Used by one thread; the ledger must live as long.
class LedgerExport {
public:
    /// Errors InvalidArgument, Unsupported (a ledger without a total order), IoError.
    [[nodiscard]] static Result<std::unique_ptr<LedgerExport>> begin(Ledger &ledger, ExportOptions options);
    /// Goes on behind what an interrupted export with the same options left in `partial`, once its last whole line was
    /// compared with the ledger. Keep keptBytes() of it and write behind them: the whole is then what the first export
    /// would have written. Errors InvalidArgument (another ledger, other options), LedgerForeign (not an export),
    /// LedgerDamaged (not what the ledger holds), Cancelled.
    [[nodiscard]] static Result<std::unique_ptr<LedgerExport>> resume(Ledger &ledger, ExportOptions options,
                                                                      File &partial, std::stop_token stop = {},
                                                                      const ExchangeProgress &progress = {});
    virtual ~LedgerExport() = default;

    [[nodiscard]] virtual std::uint64_t keptBytes() const noexcept = 0;
    /// Call once. Pieces end anywhere. Error Cancelled, those of the sink, those of reading the ledger.
    [[nodiscard]] virtual Result<ExportReport> write(const ExportSink &sink, std::stop_token stop = {},
                                                     const ExchangeProgress &progress = {})
        = 0;
};

/// Pointers must outlive the import; null = the real one.
struct ImportOptions {
    std::string file;       ///< a lossless export of a whole ledger
    std::string ledgerPath; ///< of the workspace that is to arise
    const Clock *clock = nullptr;
    FileSystem *fileSystem = nullptr;
};

struct ImportReport {
    Uuid ledger;
    std::uint64_t records = 0; ///< in the ledger now
    std::uint64_t found = 0;   ///< were there before, from an interrupted import
    Position position;
    Hash256 chain{};
};

/// Makes the ledger that was exported: the same identity, records, hashes and consumers' progress, so that its commands
/// are not decided again and those that were waiting are. The file is checked whole before anything is made. Until it
/// has succeeded there is no ledger that anybody could open; running it again goes on. Where the ledger is there
/// already it only says so. Errors InvalidArgument (a part of a ledger, another ledger is there), LedgerForeign (not an
/// export), LedgerNewer, Unsupported (an export from before the format), LedgerDamaged (the file is cut or was changed;
/// `where` names line and position), LedgerLocked, Cancelled, DiskFull, IoError.
[[nodiscard]] Result<ImportReport> importLedger(const ImportOptions &options, std::stop_token stop = {},
                                                const ExchangeProgress &progress = {});

} // namespace commander
