// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace commander::rest {

/// resources/api/openapi.json, compiled in: what the documents say of each path beyond what the routes themselves know.
[[nodiscard]] std::string_view apiText() noexcept;

} // namespace commander::rest
