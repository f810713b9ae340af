// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_reading.h"

namespace commander {

/// Records looked at one by one for one histogram; beyond that its bins become whole seconds.
inline constexpr std::size_t histogramRecordsMax = 250'000;

/// Counts per time bin, of the records with from <= recordedAt < to. Whole seconds come from the stored counts, what is
/// finer is counted from the records, unless these are too many (see RecordIndex).
[[nodiscard]] Result<Histogram> queryHistogram(const IndexReading &reading, const HistogramRequest &request,
                                               std::size_t recordsMax = histogramRecordsMax);

} // namespace commander
