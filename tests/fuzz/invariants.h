// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace commander {

/// What must hold of any bytes given to what a program is for; what is broken in words, or empty. Each target has its
/// own: filter_invariants.cpp and so on.
[[nodiscard]] std::string brokenInvariant(std::string_view bytes);

} // namespace commander
