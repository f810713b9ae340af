// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>
#include <commander/record_reader.h>
#include <commander/time.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace commander::rest {

/// %41 becomes A. The gate has checked the escapes.
[[nodiscard]] std::string percentDecoded(std::string_view text);
/// As one path segment or one query value.
[[nodiscard]] std::string percentEncoded(std::string_view text);

/// A place in the ledger as a client states it: `123` or a timestamp.
using Moment = std::variant<Position, Timestamp>;

/// The decoded query of a request. The typed getters give nothing when the parameter is absent, and an Error
/// (InvalidArgument and the like, naming the parameter) when it is malformed.
class QueryParams {
public:
    explicit QueryParams(std::string_view query);

    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    /// Every value of a parameter that may be repeated, as it stands.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    /// All values of a parameter: repeated, or separated by commas.
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
    /// The same, of JSON pointers.
    [[nodiscard]] Result<std::vector<std::string>> pointers(std::string_view name) const;
    [[nodiscard]] Result<std::optional<std::uint64_t>> number(std::string_view name) const;
    [[nodiscard]] Result<std::optional<Uuid>> uuid(std::string_view name) const;
    [[nodiscard]] Result<std::optional<Timestamp>> time(std::string_view name) const;
    [[nodiscard]] Result<std::optional<Moment>> moment(std::string_view name) const;
    /// Absent or "false", "0" is false; "true", "1" and the bare name are true.
    [[nodiscard]] Result<bool> flag(std::string_view name) const;
    /// Whether `total=exact` asks for it.
    [[nodiscard]] Result<bool> exactTotal() const;
    /// `limit`, 1 to limits::pageRowsMax, default 100.
    [[nodiscard]] Result<std::size_t> limit() const;
    /// The query without the named parameter, still encoded, for links to the next page.
    [[nodiscard]] std::string without(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> m_params;
};

[[nodiscard]] Result<Moment> parseMoment(std::string_view text, std::string_view name);

/// The parameters that lists and streams share: action, kind, topic, actor, key, parent, correlation, status, text,
/// from, to, and filter, an expression of the filter language whose times are relative to `now`. Streams use from for
/// their start and pass `times` = false.
[[nodiscard]] Result<RecordFilter> recordFilter(const QueryParams &query, bool times, Timestamp now);

/// An opaque page mark around a text, and back. Error InvalidArgument.
[[nodiscard]] std::string writeCursor(std::string_view content);
[[nodiscard]] Result<std::string> readCursor(std::string_view cursor);

} // namespace commander::rest
