// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/filter_compiler.h"
#include "query/index_names.h"
#include "query/index_reading.h"

#include <commander/filter.h>

#include <span>

namespace commander {

/// False when no record of this series can match.
[[nodiscard]] bool mayMatch(const FilterExpression &expression, const Series &series);

/// Adds what the index can say of the expression: rows that cannot match fail the check, and rows that match whatever
/// else is in their record are certain. `chosen`: the series whose rows are looked at.
[[nodiscard]] Result<void> addExpressionCheck(ScanPlan &plan, const FilterExpression &expression,
                                              const IndexReading &reading, std::span<const std::int64_t> chosen);

/// The filter with bounds and causes that follow from its expression, so that less is walked.
[[nodiscard]] Result<RecordFilter> narrowed(const RecordFilter &filter, const IndexReading &reading);

} // namespace commander
