// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/experiments.h>
#include <commander/preview.h>

#include <string>

namespace commander {

// One line of JSON each, for REST and commanderctl. Records as recordJson() writes them, `data` byte for byte.

/// `{"position","commands":[{"command","status","result"?,"events","followUps","changes"}],"undecided","viewFaults"}`
[[nodiscard]] std::string previewJson(const Preview &preview);
/// `{"commands","same","different":{kind: count},"faults"}`; the examples are left to differenceJson().
[[nodiscard]] std::string comparisonJson(const Comparison &comparison);
/// `{"from","to","comparison","viewFaults","seconds"}`
[[nodiscard]] std::string reportJson(const ReplayReport &report);
/// `{"from","to","records","chain","outcomes","documents":{"compared","different"},"viewFaults"}`
[[nodiscard]] std::string summaryJson(const WhatIfSummary &summary);
/// `{"command","position","action","kinds","recorded"?,"other"?,"fields"}`
[[nodiscard]] std::string differenceJson(const OutcomeDifference &difference);
/// `{"view","key","fields"}`
[[nodiscard]] std::string differenceJson(const DocumentDifference &difference);

} // namespace commander
