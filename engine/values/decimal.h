// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace commander {

/// The exact value of a JSON number: ±digits · 10^exponent. A double would round 23958446825181076828 and 0.1.
class Decimal {
public:
    /// `lexeme` is a valid JSON number.
    explicit Decimal(std::string_view lexeme);

    [[nodiscard]] bool isZero() const noexcept { return m_digits.empty(); }
    [[nodiscard]] bool isNegative() const noexcept { return m_negative; }
    [[nodiscard]] bool isMultipleOf(const Decimal &divisor) const;
    /// A divisor must be positive and have at most 18 significant digits.
    [[nodiscard]] bool canDivide() const noexcept;

    [[nodiscard]] std::strong_ordering operator<=>(const Decimal &other) const;
    [[nodiscard]] bool operator==(const Decimal &other) const = default;

    /// Appends bytes that compare (as unsigned, from the left) as the numbers do. None is the beginning of another.
    void appendOrdered(std::string &out) const;

private:
    bool m_negative = false;
    std::string m_digits; ///< no leading or trailing zeros; empty for zero
    std::int64_t m_exponent = 0;
};

/// "-12" but not "1.0" or "1e3": what a schema means by integer here.
[[nodiscard]] bool isIntegerLexeme(std::string_view lexeme) noexcept;

} // namespace commander
