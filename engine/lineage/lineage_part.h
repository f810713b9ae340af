// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/lineage.h>

namespace commander {

/// What to keep of a chain: the causes of the focus, its effects, or both, up to so many steps away (all when absent).
struct LineagePart {
    bool causes = false;
    bool effects = false;
    std::optional<std::size_t> depth;
};
/// The nodes in their order, with the edges between them. The focus is always kept.
[[nodiscard]] LineageGraph partOfLineage(const LineageGraph &graph, const LineagePart &part);

} // namespace commander
