// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/decimal.h"

#include <algorithm>
#include <limits>

namespace commander {

namespace {

constexpr std::size_t divisorDigitsMax = 18;
// Far beyond every number that can be written in one payload, and far from overflow.
constexpr std::int64_t exponentMax = std::numeric_limits<std::int64_t>::max() / 4;

std::int64_t readExponent(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    std::int64_t value = 0;
    for (const char c : text)
        value = std::min(value * 10 + (c - '0'), exponentMax / 10);
    return negative ? -value : value;
}

} // namespace

Decimal::Decimal(std::string_view lexeme)
{
    m_negative = lexeme.starts_with('-');
    if (m_negative)
        lexeme.remove_prefix(1);
    if (const auto e = lexeme.find_first_of("eE"); e != std::string_view::npos) {
        m_exponent = readExponent(lexeme.substr(e + 1));
        lexeme = lexeme.substr(0, e);
    }
    const auto point = lexeme.find('.');
    m_digits = lexeme.substr(0, point);
    if (point != std::string_view::npos) {
        const auto fraction = lexeme.substr(point + 1);
        m_digits += fraction;
        m_exponent -= static_cast<std::int64_t>(fraction.size());
    }
    m_digits.erase(0, std::min(m_digits.find_first_not_of('0'), m_digits.size()));
    while (m_digits.ends_with('0')) {
        m_digits.pop_back();
        ++m_exponent;
    }
    if (m_digits.empty()) {
        m_negative = false;
        m_exponent = 0;
    }
}

std::strong_ordering Decimal::operator<=>(const Decimal &other) const
{
    const auto sign = [](const Decimal &number) { return number.isZero() ? 0 : number.m_negative ? -1 : 1; };
    if (sign(*this) != sign(other) || isZero())
        return sign(*this) <=> sign(other);
    // The places before the decimal point decide first, then the digits from the left.
    const auto places = static_cast<std::int64_t>(m_digits.size()) + m_exponent;
    const auto otherPlaces = static_cast<std::int64_t>(other.m_digits.size()) + other.m_exponent;
    auto order = places <=> otherPlaces;
    if (order == 0)
        order = m_digits.compare(other.m_digits) <=> 0;
    return m_negative ? 0 <=> order : order;
}

// A byte for the sign, eight for the places before the decimal point, the digits, and an end that sorts before every
// digit; for a negative number all of it but the sign turned round.
void Decimal::appendOrdered(std::string &out) const
{
    if (isZero()) {
        out += '\1';
        return;
    }
    out += m_negative ? '\0' : '\2';
    const auto places = static_cast<std::uint64_t>(static_cast<std::int64_t>(m_digits.size()) + m_exponent)
        ^ (std::uint64_t{1} << 63);
    const auto begin = out.size();
    for (int shift = 56; shift >= 0; shift -= 8)
        out += static_cast<char>(places >> shift & 0xff);
    out += m_digits;
    out += '\0';
    if (m_negative)
        std::transform(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                       out.begin() + static_cast<std::ptrdiff_t>(begin),
                       [](char c) { return static_cast<char>(~static_cast<unsigned char>(c)); });
}

bool Decimal::canDivide() const noexcept
{
    return !isZero() && !m_negative && m_digits.size() <= divisorDigitsMax;
}

bool Decimal::isMultipleOf(const Decimal &divisor) const
{
    if (isZero())
        return true;
    // With no trailing zeros in its digits, a number with more decimal places than the divisor is never a multiple.
    if (m_exponent < divisor.m_exponent)
        return false;
    std::uint64_t modulus = 0;
    for (const char c : divisor.m_digits)
        modulus = modulus * 10 + static_cast<std::uint64_t>(c - '0');
    std::uint64_t rest = 0;
    for (const char c : m_digits)
        rest = (rest * 10 + static_cast<std::uint64_t>(c - '0')) % modulus;
    // Each ten takes one 2 and one 5 out of the modulus; it has fewer than 64 of either, so more tens change nothing.
    const auto tens = std::min<std::int64_t>(m_exponent - divisor.m_exponent, 64);
    for (std::int64_t i = 0; i < tens && rest != 0; ++i)
        rest = rest * 10 % modulus;
    return rest == 0;
}

bool isIntegerLexeme(std::string_view lexeme) noexcept
{
    return lexeme.find_first_of(".eE") == std::string_view::npos;
}

} // namespace commander
