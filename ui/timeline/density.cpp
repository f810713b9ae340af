// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline/density.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace commander::ui {

Density densityOf(const Histogram &histogram, SeriesColors &colors, std::size_t seriesMax)
{
    Density density;
    density.grid = {histogram.from.micros, histogram.binMicros, histogram.bins};
    density.total = histogram.total;

    std::vector<DensitySeries> all;
    all.reserve(histogram.series.size());
    for (const auto &[name, counts] : histogram.series) {
        DensitySeries series;
        series.name = QString::fromStdString(name);
        series.color = colors.of(name);
        series.counts = counts;
        series.counts.resize(histogram.bins);
        series.total = std::accumulate(series.counts.begin(), series.counts.end(), std::uint64_t{0});
        all.push_back(std::move(series));
    }
    if (all.size() > seriesMax) {
        std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.total > b.total; });
        DensitySeries rest;
        rest.color = std::numeric_limits<int>::max();
        rest.counts.resize(histogram.bins);
        for (auto series = all.begin() + static_cast<std::ptrdiff_t>(seriesMax); series != all.end(); ++series) {
            rest.total += series->total;
            for (std::size_t bin = 0; bin < histogram.bins; ++bin)
                rest.counts[bin] += series->counts[bin];
        }
        density.folded = all.size() - seriesMax;
        all.resize(seriesMax);
        all.push_back(std::move(rest));
    }
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.color < b.color; });
    density.series = std::move(all);
    return density;
}

CountScale countScale(std::uint64_t highest)
{
    // 1, 2, 5, 10, 20, 50, …: the smallest step that needs at most five ticks.
    std::uint64_t step = 1;
    for (int turn = 0; (highest + step - 1) / step > 5 && step < std::numeric_limits<std::uint64_t>::max() / 100;
         ++turn)
        step = turn % 3 == 1 ? step / 2 * 5 : step * 2;
    const auto top = std::max<std::uint64_t>((highest + step - 1) / step * step, step);
    return {top, step};
}

} // namespace commander::ui
