// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_leaf.h"

#include <commander/filter.h>

#include <memory>
#include <vector>

namespace commander {

/// A filter's tree with its conditions compiled, cheap ones first within and and or.
struct FilterProgram {
    FilterNode::Type type = FilterNode::Type::And;
    std::vector<FilterProgram> parts;       ///< And, Or, Not
    std::shared_ptr<const FilterLeaf> leaf; ///< Test and Text

    [[nodiscard]] bool matches(const Record &record, const StatusOf &statusOf) const;
};

/// Error InvalidFilter, also for a tree that parseFilter() could not have given.
[[nodiscard]] Result<FilterProgram> compileProgram(const FilterNode &node, Timestamp now);

} // namespace commander
