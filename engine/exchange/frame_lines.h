// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <string>
#include <string_view>

namespace commander {

/// The first line of a lossless export.
struct ExportHeader {
    std::string program;
    Uuid ledger;
    bool whole = false;
    Position first;
    Position last;
    std::string filter; ///< empty: every record from first to last
    LedgerState state;  ///< the ledger when the export began
};

/// The last line.
struct ExportTrailer {
    std::uint64_t records = 0;
    Position position; ///< of the last record in the file
    Hash256 chain{};   ///< at that record
    Hash256 sha256{};  ///< of all bytes before this line
};

[[nodiscard]] std::string headerLine(const ExportHeader &header);
/// Takes only what headerLine() writes, byte for byte. Errors LedgerForeign (no export of Commander), LedgerNewer,
/// Unsupported (older than the format), LedgerDamaged.
[[nodiscard]] Result<ExportHeader> parseHeaderLine(std::string_view line);

[[nodiscard]] std::string trailerLine(const ExportTrailer &trailer);
/// Takes only what trailerLine() writes, byte for byte. Error LedgerDamaged.
[[nodiscard]] Result<ExportTrailer> parseTrailerLine(std::string_view line);
/// Whether a line is meant as the last one.
[[nodiscard]] bool isTrailerLine(std::string_view line);

} // namespace commander
