// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace commander::rest {

/// A file of resources/web, compiled in.
struct Page {
    std::string_view name; ///< "live.html"
    std::string_view text;
};
[[nodiscard]] std::span<const Page> pages() noexcept;

} // namespace commander::rest
