// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/lineage.h>

#include <string>
#include <vector>

namespace commander {

/// A picture of a graph that needs nothing else: causes at the left, effects at the right, the focus with a thick
/// frame.
[[nodiscard]] std::string lineageToSvg(const LineageGraph &graph);

/// What every picture of a graph says of a node, line by line.
[[nodiscard]] std::vector<std::string> lineageLabel(const LineageNode &node);
/// "command", "event", "result" or "change".
[[nodiscard]] std::string_view lineageKindName(const LineageNode &node);
/// "3 more not shown"
[[nodiscard]] std::string lineageHiddenText(const LineageGraph &graph);

} // namespace commander
