// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_fields.h"
#include "filter/text_search.h"
#include "values/decimal.h"

#include <commander/filter.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace commander {

/// One condition, ready to be asked. What it asks of depends on the field's type; whatever is missing never matches.
struct FilterLeaf {
    struct Interval {
        std::int64_t first = 0; ///< both included
        std::int64_t last = 0;
    };
    struct Operand {
        FilterValue::Type type = FilterValue::Type::Null;
        std::string text;
        std::optional<Decimal> number;
    };

    FilterField field = FilterField::Kind;
    FilterPath path;
    FilterOperator test = FilterOperator::Exists;
    bool isText = false;             ///< full text, of no one field
    std::vector<Interval> intervals; ///< kinds, statuses, numbers, times (microseconds): one of these
    std::vector<std::string> texts;  ///< for text fields, and for the text of ids
    std::vector<Uuid> ids;           ///< for ids compared as such
    std::vector<Operand> operands;   ///< for data and headers
    std::shared_ptr<const re2::RE2> pattern;
    std::optional<TextSearch> search; ///< of isText

    /// Kinds, statuses, numbers and times.
    [[nodiscard]] bool matches(std::int64_t value) const noexcept;
    /// Text fields: topic, action, actor, key.
    [[nodiscard]] bool matches(std::string_view value) const;
    /// Ids.
    [[nodiscard]] bool matches(const Uuid &id) const;
    /// Data and headers: any of the values at the path, seen from their root.
    [[nodiscard]] bool matches(const Json &root) const;
};

/// Error InvalidFilter.
[[nodiscard]] Result<FilterLeaf> compileLeaf(const FilterNode &node, Timestamp now);

} // namespace commander
