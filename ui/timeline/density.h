// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "timeline/time_window.h"

#include <commander/record_reader.h>

#include <map>
#include <QString>
#include <vector>

namespace commander::ui {

/// One layer of the stack.
struct DensitySeries {
    QString name;  ///< as in the ledger; empty = everything that has no layer of its own
    int color = 0; ///< index for Theme::seriesColor()
    std::vector<std::uint64_t> counts;
    std::uint64_t total = 0;
};

/// Counts per bin, bottom layer first.
struct Density {
    BinGrid grid;
    std::vector<DensitySeries> series;
    std::uint64_t total = 0;
    std::size_t folded = 0; ///< how many names the last, nameless layer holds

    [[nodiscard]] bool isEmpty() const noexcept { return total == 0; }
};

/// Gives every name the colour it got when it was first seen, however the counts change.
class SeriesColors {
public:
    [[nodiscard]] int of(const std::string &name)
    {
        return m_colors.try_emplace(name, static_cast<int>(m_colors.size())).first->second;
    }
    void clear() { m_colors.clear(); }

private:
    std::map<std::string, int> m_colors;
};

inline constexpr std::size_t densitySeriesMax = 10;

/// Orders the histogram's series for stacking and folds all beyond the largest `seriesMax` into one nameless layer.
[[nodiscard]] Density densityOf(const Histogram &histogram, SeriesColors &colors,
                                std::size_t seriesMax = densitySeriesMax);

/// The highest stack among the bins that lie in the window; `isShown` chooses the layers.
template <class IsShown>
[[nodiscard]] std::uint64_t highestStack(const Density &density, TimeWindow window, IsShown isShown)
{
    std::uint64_t highest = 0;
    for (std::size_t bin = 0; bin < density.grid.bins; ++bin) {
        const auto span = density.grid.bin(bin);
        if (span.to <= window.from || span.from >= window.to)
            continue;
        std::uint64_t stack = 0;
        for (const auto &series : density.series)
            stack += isShown(series) ? series.counts[bin] : 0;
        highest = stack > highest ? stack : highest;
    }
    return highest;
}

/// A round upper end for the counts axis and the step between its ticks (whole numbers).
struct CountScale {
    std::uint64_t top = 1;
    std::uint64_t step = 1;
    bool operator==(const CountScale &) const = default;
};
[[nodiscard]] CountScale countScale(std::uint64_t highest);

} // namespace commander::ui
