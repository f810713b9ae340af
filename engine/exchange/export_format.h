// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exchange/frame_lines.h"
#include "exchange/unit_reader.h"

#include <commander/exchange.h>

namespace commander {

/// How records become the bytes of a file, and how a file that was cut is taken up again.
class FileFormat {
public:
    virtual ~FileFormat() = default;
    [[nodiscard]] virtual UnitReader::Unit unit() const = 0;

    virtual void begin(std::string &out, const ExportHeader &header) = 0;
    virtual void record(std::string &out, const Record &record) = 0;
    virtual void end(std::string &out, const ExportTrailer &trailer) = 0;

    /// The header that a cut file began with. `now`: the one that an export with these options would begin with. Error
    /// InvalidArgument when the file comes from another export, and those of parseHeaderLine().
    [[nodiscard]] virtual Result<ExportHeader> headerOf(std::string_view unit, const ExportHeader &now) = 0;
    [[nodiscard]] virtual bool isEnd(std::string_view unit) const = 0;
    /// Error LedgerDamaged.
    [[nodiscard]] virtual Result<Position> positionOf(std::string_view unit) const = 0;
};

/// Error InvalidArgument.
[[nodiscard]] Result<std::unique_ptr<FileFormat>> makeFileFormat(const ExportOptions &options);

} // namespace commander
