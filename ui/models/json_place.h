// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/filter.h>

#include <optional>
#include <string_view>

namespace commander::ui {

/// A value in JSON text, and the way to it. Arrays and objects come without their content.
struct JsonPlace {
    FilterPath path;
    Json value;
};

/// What stands at a byte of JSON text, be it on the value or on its name; nothing between values. The text may be cut
/// anywhere behind the byte.
[[nodiscard]] std::optional<JsonPlace> jsonPlaceAt(std::string_view text, std::size_t offset);

} // namespace commander::ui
