// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_reading.h"

namespace commander {

/// One call of RecordReader::match: a bounded piece of a scan.
[[nodiscard]] Result<MatchPage> scanMatches(const IndexReading &reading, const RecordFilter &filter, Position start,
                                            ScanDirection direction, std::size_t limit);

} // namespace commander
