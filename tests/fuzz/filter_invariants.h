// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace commander {

/// What must hold of any text given to the filter language; the broken one in words, or empty.
[[nodiscard]] std::string brokenFilterInvariant(std::string_view text);

} // namespace commander
