// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/lineage.h>

namespace commander {

/// Puts the nodes into ledger order with every cause before its effects, and drops the edges that make that impossible:
/// ids chosen by clients may name each other in a circle.
void orderCausesFirst(LineageGraph &graph);

} // namespace commander
