// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/csv_cells.h"

namespace commander {

void appendCsvText(std::string &out, std::string_view text, bool guard)
{
    constexpr std::string_view formulaStarts = "=+-@\t\r";
    const bool guarded = guard && !text.empty() && formulaStarts.find(text.front()) != std::string_view::npos;
    if (!text.empty() && text.find_first_of("\",\r\n") == std::string_view::npos) {
        out.append(guarded ? "'" : "").append(text);
        return;
    }
    out.append(guarded ? "\"'" : "\"");
    for (const char c : text)
        out.append(c == '"' ? 2 : 1, c);
    out += '"';
}

void appendCsvValue(std::string &out, const Json *value, bool guard)
{
    if (!value)
        return;
    if (const auto *const string = value->asString())
        appendCsvText(out, *string, guard);
    else if (const auto *const number = value->asNumber())
        out += number->lexeme;
    else
        appendCsvText(out, writeJson(*value), guard);
}

} // namespace commander
