// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_error.h"

#include <commander/filter.h>

#include <algorithm>

namespace commander {

namespace filter {

namespace {
constexpr std::size_t shownMax = 40;
constexpr bool isContinuation(char c) noexcept
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}
} // namespace

std::size_t columnOf(std::string_view text, std::size_t offset) noexcept
{
    const auto before = text.substr(0, std::min(offset, text.size()));
    return 1 + static_cast<std::size_t>(std::ranges::count_if(before, [](char c) { return !isContinuation(c); }));
}

tl::unexpected<Error> failAt(std::size_t column, std::string what, std::string remedy)
{
    Error error{ErrorCode::InvalidFilter, std::move(what), "column " + std::to_string(column), std::move(remedy), {}};
    auto message = error.what;
    if (!error.remedy.empty())
        message += ". " + error.remedy;
    error.details.push_back({"@" + std::to_string(column - 1), std::move(message), column});
    return tl::unexpected<Error>(std::move(error));
}

std::string inQuotes(std::string_view text)
{
    auto end = std::min(text.size(), shownMax);
    while (end < text.size() && end > 0 && isContinuation(text[end]))
        --end;
    std::string shown = "\"";
    for (const char c : text.substr(0, end))
        shown += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    return shown + (end < text.size() ? "…\"" : "\"");
}

} // namespace filter

std::string explainFilterError(std::string_view text, const Error &error)
{
    const auto column = error.details.empty() ? std::size_t{0} : error.details.front().column;
    if (error.code != ErrorCode::InvalidFilter || column == 0)
        return error.text();
    std::string shown;
    for (const char c : text)
        shown += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return shown + "\n" + std::string(column - 1, ' ') + "^\ncolumn " + std::to_string(column) + ": "
        + error.details.front().message;
}

} // namespace commander
