// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/time.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace commander::filter {

/// A time as a filter writes it. It stands for all that it leaves open: a date for its day (UTC), a time in whole
/// seconds for its second, one in milliseconds for its millisecond.
struct TimeLiteral {
    bool isRelative = false; ///< to now
    std::int64_t micros = 0; ///< since 1970, or after now
    std::int64_t length = 1; ///< in microseconds

    [[nodiscard]] std::int64_t first(Timestamp now) const noexcept { return micros + (isRelative ? now.micros : 0); }
    [[nodiscard]] std::int64_t last(Timestamp now) const noexcept { return first(now) + length - 1; }
};

/// RFC 3339, a date, now, now-1h, now+90s; units s, m, h, d, w.
[[nodiscard]] std::optional<TimeLiteral> parseTimeLiteral(std::string_view text);

} // namespace commander::filter
