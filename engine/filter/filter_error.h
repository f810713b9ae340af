// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <string>
#include <string_view>

namespace commander::filter {

/// The column of a byte, from 1, counted in characters.
[[nodiscard]] std::size_t columnOf(std::string_view text, std::size_t offset) noexcept;
/// Error InvalidFilter at a column.
[[nodiscard]] tl::unexpected<Error> failAt(std::size_t column, std::string what, std::string remedy = {});
/// A part of the text for a message: control characters hidden, long ones cut.
[[nodiscard]] std::string inQuotes(std::string_view text);

} // namespace commander::filter
