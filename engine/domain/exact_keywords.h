// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "values/decimal.h"

#include <commander/json.h>

#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace valijson {
class SchemaParser;
}

namespace commander {

/// The JSON Schema keywords that valijson would compare through a double, a C string or a regular expression without a
/// bound: number ranges, string lengths and patterns. We check these ourselves, exactly, inside its schemas.
class ExactKeyword {
public:
    /// Error InvalidArgument when the operand is not what the keyword needs.
    [[nodiscard]] static Result<ExactKeyword> make(std::string_view name, const Json &operand);
    [[nodiscard]] static bool isOne(std::string_view name) noexcept;

    [[nodiscard]] bool accepts(const Json &value) const;
    /// What is wrong, for people. Call it when accepts() said no.
    [[nodiscard]] std::string complaint(const Json &value) const;

private:
    enum class Kind { Minimum, Maximum, ExclusiveMinimum, ExclusiveMaximum, MultipleOf, MinLength, MaxLength, Pattern };
    [[nodiscard]] static std::optional<Kind> kindOf(std::string_view name) noexcept;
    ExactKeyword(Kind kind, std::string operand) : m_kind(kind), m_operand(std::move(operand)) { }
    [[nodiscard]] bool acceptsNumber(std::string_view lexeme) const;
    [[nodiscard]] bool acceptsText(const std::string &text) const;

    Kind m_kind;
    std::string m_operand; ///< as the schema writes it
    std::optional<Decimal> m_number;
    std::optional<std::int64_t> m_integer; ///< of m_number when it fits: the quick way
    std::shared_ptr<const std::regex> m_pattern;
};

/// The schema with our keywords under names that valijson leaves to us, and without `format`, which only describes.
/// Error InvalidArgument for what we cannot check safely.
[[nodiscard]] Result<Json> withExactKeywords(const Json &schema, const std::string &where);

/// Makes the parser build our keywords.
void teachExactKeywords(valijson::SchemaParser &parser);

} // namespace commander
