// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <string>
#include <string_view>

namespace commander {

/// A whole record as bytes, for an index that must keep the bodies itself. Private to the index file (which is rebuilt
/// when this changes: raise the schema version). Position and recordedAt are the index's columns and not part of it.
void encodeRecord(const Record &record, std::string &bytes);
/// Error LedgerDamaged when the bytes are not a record.
[[nodiscard]] Result<Record> decodeRecord(std::string_view bytes);

} // namespace commander
