// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/filter.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace commander::filter {

/// What a field holds, and with it which operators and values it takes.
enum class FieldType { Kind, Status, Text, Number, Id, Time, Json };

[[nodiscard]] FieldType typeOf(FilterField field) noexcept;
/// By its name or one of the names that it has in a record's JSON (recordedAt, timestamp).
[[nodiscard]] std::optional<FilterField> fieldNamed(std::string_view name) noexcept;
[[nodiscard]] bool takes(FieldType type, FilterOperator test) noexcept;
/// "=", "starts with", …
[[nodiscard]] std::string_view operatorText(FilterOperator test) noexcept;
/// The name that looks most like this one, or empty.
[[nodiscard]] std::string_view closestTo(std::string_view name, std::span<const std::string_view> names);

[[nodiscard]] std::string pathText(FilterField field, const FilterPath &path);
/// Appends the text in double quotes, so that the lexer reads the same.
void appendQuoted(std::string &out, std::string_view text);

} // namespace commander::filter
