// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_time.h"

#include <charconv>
#include <string>

namespace commander::filter {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::size_t dateLength = 10;

std::optional<TimeLiteral> relative(std::string_view text)
{
    if (text.empty())
        return TimeLiteral{true, 0, 1};
    const bool back = text.front() == '-';
    if (!back && text.front() != '+')
        return std::nullopt;
    text.remove_prefix(1);
    constexpr std::int64_t amountMax = 1'000'000'000;
    std::int64_t amount = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    if (error != std::errc() || amount < 0 || amount > amountMax || text.data() + text.size() - end != 1)
        return std::nullopt;
    std::int64_t unit = 0;
    switch (*end) {
    case 's':
        unit = second;
        break;
    case 'm':
        unit = 60 * second;
        break;
    case 'h':
        unit = 3600 * second;
        break;
    case 'd':
        unit = day;
        break;
    case 'w':
        unit = 7 * day;
        break;
    default:
        return std::nullopt;
    }
    // Beyond the calendar nothing is recorded, and sums stay far from overflow.
    if (amount > 3'652'500 * (day / unit) && unit <= day)
        return std::nullopt;
    if (unit > day && amount > 3'652'500 / 7)
        return std::nullopt;
    return TimeLiteral{true, (back ? -amount : amount) * unit, 1};
}

std::int64_t lengthOf(std::string_view text)
{
    const auto point = text.find('.');
    if (point == std::string_view::npos)
        return second;
    std::int64_t length = second;
    for (auto at = point + 1; at < text.size() && text[at] >= '0' && text[at] <= '9' && length > 1; ++at)
        length /= 10;
    return length;
}

} // namespace

std::optional<TimeLiteral> parseTimeLiteral(std::string_view text)
{
    if (text.starts_with("now"))
        return relative(text.substr(3));
    const bool isDate = text.size() == dateLength;
    const auto parsed = Timestamp::parse(isDate ? std::string(text) + "T00:00:00Z" : std::string(text));
    if (!parsed)
        return std::nullopt;
    return TimeLiteral{false, parsed->micros, isDate ? day : lengthOf(text)};
}

} // namespace commander::filter
