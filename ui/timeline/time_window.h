// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/time.h>

#include <cstddef>
#include <cstdint>

namespace commander::ui {

/// A span of ledger time in microseconds, `to` exclusive.
struct TimeWindow {
    std::int64_t from = 0;
    std::int64_t to = 0;

    [[nodiscard]] std::int64_t width() const noexcept { return to - from; }
    [[nodiscard]] bool isEmpty() const noexcept { return to <= from; }
    [[nodiscard]] bool contains(std::int64_t time) const noexcept { return time >= from && time < to; }
    bool operator==(const TimeWindow &) const = default;
};

inline constexpr std::int64_t windowMicrosMin = 50'000; ///< QDateTimeAxis counts milliseconds; closer shows nothing new

/// Grows (factor > 1) or shrinks the window; `anchor` keeps its place on the screen.
[[nodiscard]] TimeWindow zoomed(TimeWindow window, double factor, std::int64_t anchor);
/// Moves the window and keeps its width.
[[nodiscard]] TimeWindow panned(TimeWindow window, std::int64_t micros);
/// No narrower than windowMicrosMin, no wider than the extent, and never outside it; on whole milliseconds.
[[nodiscard]] TimeWindow keptInside(TimeWindow window, TimeWindow extent);
/// From the first to the last record with some air, so that a ledger of one record has a width too.
[[nodiscard]] TimeWindow extentOf(Timestamp first, Timestamp last);

/// Equal bins whose borders are round times: they stay where they are while the window moves over them.
struct BinGrid {
    std::int64_t from = 0;
    std::int64_t binMicros = 0;
    std::size_t bins = 0;

    [[nodiscard]] TimeWindow window() const noexcept
    {
        return {from, from + binMicros * static_cast<std::int64_t>(bins)};
    }
    [[nodiscard]] TimeWindow bin(std::size_t index) const noexcept
    {
        const auto start = from + binMicros * static_cast<std::int64_t>(index);
        return {start, start + binMicros};
    }
    bool operator==(const BinGrid &) const = default;
};

/// The smallest round bin width that cuts the window into at most `binsMax` bins.
[[nodiscard]] std::int64_t binWidthFor(std::int64_t windowMicros, std::size_t binsMax);
/// The grid that covers the window; at most binsMax + 1 bins.
[[nodiscard]] BinGrid gridFor(TimeWindow window, std::size_t binsMax);

} // namespace commander::ui
