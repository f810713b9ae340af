// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_reading.h"

namespace commander {

/// Counts per time bin. Bins of a second or more come from the stored counts (see RecordIndex for how they are
/// rounded); finer ones are counted from the records, unless these are too many: then they become bins of whole seconds
/// too.
[[nodiscard]] Result<Histogram> queryHistogram(const IndexReading &reading, const HistogramRequest &request);

} // namespace commander
