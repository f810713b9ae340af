// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>
#include <commander/views.h>

#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// A condition over the bytes of fieldValue(): from `low` (inclusive) to `high` (exclusive), or all but one value.
struct FieldRange {
    std::string pointer;
    std::string low;
    std::string high;
    bool isEqual = false;
    bool isNotEqual = false; ///< then `low` is the value that it must not be

    [[nodiscard]] bool contains(std::string_view value) const;
};

/// All conditions of a request. Errors InvalidArgument and those of parseJson, naming the condition.
[[nodiscard]] Result<std::vector<FieldRange>> compileConditions(const std::vector<FieldCondition> &conditions);
[[nodiscard]] bool matchesAll(const std::vector<FieldRange> &ranges, const Json &document);

} // namespace commander
