// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace commander {

/// Microseconds since 1970-01-01T00:00:00Z, leap seconds ignored (POSIX time).
struct Timestamp {
    std::int64_t micros = 0;

    /// RFC 3339, any offset ("Z", "+02:00", the talk's "-00:00"), 0 to 9 fraction digits (rounded down to micros),
    /// years 0000 to 9999. Error InvalidTime.
    [[nodiscard]] static Result<Timestamp> parse(std::string_view text);
    /// RFC 3339 in UTC with milliseconds: 2016-05-20T14:33:28.902Z.
    [[nodiscard]] std::string text() const;
    auto operator<=>(const Timestamp &) const = default;
};

} // namespace commander
