// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exchange/export_format.h"

namespace commander {

/// One line of JSON a record, between a header and a trailer: everything that is hashed, byte for byte.
class NdjsonFormat final : public FileFormat {
public:
    [[nodiscard]] UnitReader::Unit unit() const override { return UnitReader::Unit::Line; }
    void begin(std::string &out, const ExportHeader &header) override;
    void record(std::string &out, const Record &record) override;
    void end(std::string &out, const ExportTrailer &trailer) override;
    [[nodiscard]] Result<ExportHeader> headerOf(std::string_view unit, const ExportHeader &now) override;
    [[nodiscard]] bool isEnd(std::string_view unit) const override;
    [[nodiscard]] Result<Position> positionOf(std::string_view unit) const override;
};

} // namespace commander
