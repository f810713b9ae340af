// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/time_window.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace commander::ui {

namespace {

constexpr std::int64_t ms = 1'000;
constexpr std::int64_t s = 1'000 * ms;
constexpr std::int64_t minute = 60 * s;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::array binWidths{1 * ms,   2 * ms,   5 * ms,     10 * ms,    20 * ms,     50 * ms,     100 * ms,
                               200 * ms, 500 * ms, 1 * s,      2 * s,      5 * s,       10 * s,      15 * s,
                               30 * s,   minute,   2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
                               hour,     2 * hour, 3 * hour,   6 * hour,   12 * hour,   day,         2 * day,
                               7 * day,  14 * day, 28 * day,   56 * day,   112 * day,   364 * day};

std::int64_t floorTo(std::int64_t value, std::int64_t step)
{
    const auto rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

} // namespace

TimeWindow zoomed(TimeWindow window, double factor, std::int64_t anchor)
{
    const auto scaled = [&](std::int64_t edge) {
        return anchor + static_cast<std::int64_t>(std::llround(static_cast<double>(edge - anchor) * factor));
    };
    return {scaled(window.from), scaled(window.to)};
}

TimeWindow panned(TimeWindow window, std::int64_t micros)
{
    return {window.from + micros, window.to + micros};
}

TimeWindow keptInside(TimeWindow window, TimeWindow extent)
{
    const auto widest = std::max(extent.width(), windowMicrosMin);
    const auto width = std::clamp(window.width(), windowMicrosMin, widest);
    const auto grown = (width - window.width()) / 2;
    auto from = window.from - grown;
    from = std::clamp(from, extent.from, std::max(extent.from, extent.to - width));
    from = floorTo(from, ms);
    return {from, from + floorTo(width + ms - 1, ms)};
}

TimeWindow extentOf(Timestamp first, Timestamp last)
{
    const auto span = last.micros - first.micros;
    const auto air = span < 10 * s ? 5 * s : span / 50;
    return {floorTo(first.micros - air, ms), floorTo(last.micros + air, ms) + ms};
}

std::int64_t binWidthFor(std::int64_t windowMicros, std::size_t binsMax)
{
    const auto wanted = static_cast<std::int64_t>(std::max<std::size_t>(binsMax, 1));
    for (const auto width : binWidths) {
        if (windowMicros <= width * wanted)
            return width;
    }
    const auto years = (windowMicros + wanted * binWidths.back() - 1) / (wanted * binWidths.back());
    return years * binWidths.back();
}

BinGrid gridFor(TimeWindow window, std::size_t binsMax)
{
    BinGrid grid;
    grid.binMicros = binWidthFor(std::max(window.width(), windowMicrosMin), binsMax);
    grid.from = floorTo(window.from, grid.binMicros);
    const auto last = floorTo(std::max(window.to, window.from + 1) - 1, grid.binMicros);
    grid.bins = static_cast<std::size_t>((last - grid.from) / grid.binMicros + 1);
    return grid;
}

} // namespace commander::ui
