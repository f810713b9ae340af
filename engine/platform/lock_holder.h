// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace commander {

/// "pid 123 (commander)": what a lock file says of its holder.
[[nodiscard]] std::string lockHolder();

} // namespace commander
