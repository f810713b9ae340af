// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <string>
#include <string_view>

namespace commander {

/// Well-formed UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view text);

/// A value that was built, not parsed, can hold what no JSON text says: a number in other words, text that is not
/// UTF-8, a member twice. What is wrong with it, in words, or empty when writeJson() gives a text that parseJson()
/// takes (for as deep as that goes). Far cheaper than writing and parsing it.
[[nodiscard]] std::string jsonFaultOf(const Json &value);

} // namespace commander
