// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_fields.h"
#include "filter/filter_lexer.h"

namespace commander::filter {

/// What a token means as a value of this field, checked and in its one form. Error InvalidFilter.
[[nodiscard]] Result<FilterValue> valueOf(FilterField field, FilterOperator test, const Token &token);
/// For messages: "a UUID", "a number", …
[[nodiscard]] std::string_view wantedBy(FieldType type, FilterOperator test) noexcept;

[[nodiscard]] bool isJsonNumber(std::string_view text) noexcept;
/// "#12" or "12" of a position.
[[nodiscard]] std::optional<std::int64_t> wholeNumber(std::string_view text) noexcept;

} // namespace commander::filter
