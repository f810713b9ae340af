// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain_tests/rehearsal.h"

namespace commander::domaintests {

/// Where the outcome of the test's command, and the documents after it, are not as expected.
[[nodiscard]] std::vector<TestDifference> compare(const TestCase &test, const Outcome &outcome,
                                                  const Rehearsal &rehearsal);

} // namespace commander::domaintests
