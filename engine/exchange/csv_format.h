// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exchange/export_format.h"

namespace commander {

/// RFC 4180 with a header row: a column for each field of a record, then the chosen fields of its data.
class CsvFormat final : public FileFormat {
public:
    explicit CsvFormat(CsvOptions options) : m_options(std::move(options)) { }
    [[nodiscard]] UnitReader::Unit unit() const override { return UnitReader::Unit::CsvRow; }
    void begin(std::string &out, const ExportHeader &header) override;
    void record(std::string &out, const Record &record) override;
    void end(std::string &, const ExportTrailer &) override { }
    [[nodiscard]] Result<ExportHeader> headerOf(std::string_view unit, const ExportHeader &now) override;
    [[nodiscard]] bool isEnd(std::string_view) const override { return false; }
    [[nodiscard]] Result<Position> positionOf(std::string_view unit) const override;

private:
    /// A further cell that cannot be taken for a formula: numbers, ids, hashes, times.
    void plain(std::string &out, std::string_view value) const;
    /// A further cell with text that somebody chose.
    void text(std::string &out, std::string_view value) const;
    void dataCells(std::string &out, std::string_view data) const;

    const CsvOptions m_options;
};

/// RFC 6901 syntax. Error InvalidArgument.
[[nodiscard]] Result<void> checkPointer(std::string_view pointer);

} // namespace commander
