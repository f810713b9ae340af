// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <string>
#include <string_view>

namespace commander {

/// Appends the record as one line of JSON with every field that is hashed, and its line end. The same record always
/// gives the same bytes.
void appendRecordLine(std::string &out, const Record &record);
/// The record of a line with its line end. Takes only what appendRecordLine() writes, byte for byte; hashes are read,
/// not checked. Error LedgerDamaged.
[[nodiscard]] Result<Record> parseRecordLine(std::string_view line);

// What record lines and the lines around them share.

/// `,"name":"text"` (with a suffix to the name, if one is given), or `,"nameBytes":"hex"` where the text is not UTF-8.
void appendTextMember(std::string &out, std::string_view name, std::string_view text, std::string_view suffix = {});
/// `,"name":` and RFC 3339 in UTC with microseconds, or the microseconds as a number where four digits cannot hold the
/// year.
void appendTimeMember(std::string &out, std::string_view name, Timestamp time);
void appendNumberMember(std::string &out, std::string_view name, std::uint64_t value);
template <std::size_t N>
void appendHexMember(std::string &out, std::string_view name, const std::array<std::uint8_t, N> &bytes)
{
    out.append(",\"").append(name).append("\":\"").append(toHex(bytes.data(), N)).append("\"");
}
/// Lower-case hexadecimal of exactly this many bytes.
[[nodiscard]] bool readHex(std::string_view text, std::uint8_t *bytes, std::size_t count);

} // namespace commander
