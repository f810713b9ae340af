// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace commander::rest {

// The character classes and small grammars of HTTP/1.1 (RFC 9110, RFC 9112), read strictly.

[[nodiscard]] bool isToken(std::string_view text);
[[nodiscard]] bool isDigit(char c);
/// -1 for anything but a hexadecimal digit.
[[nodiscard]] int hexValue(char c);
[[nodiscard]] char lower(char c);
[[nodiscard]] std::string lowered(std::string_view text);
/// Without blanks and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] bool equalsIgnoringCase(std::string_view text, std::string_view lowerCase);
/// Visible ASCII, every percent sign followed by two hex digits, no encoded NUL, no fragment.
[[nodiscard]] bool isTarget(std::string_view target);
[[nodiscard]] bool isFieldValue(std::string_view value);
/// Whether the comma-separated list holds this (lower-case) word.
[[nodiscard]] bool listHas(std::string_view list, std::string_view word);

} // namespace commander::rest
