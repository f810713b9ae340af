// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <string>
#include <string_view>

namespace commander {

/// One cell of RFC 4180 with text that somebody chose, quoted where that is needed; an empty text is quoted, so that it
/// differs from a missing value. `guard`: a text that a spreadsheet would run as a formula gets a ' in front.
void appendCsvText(std::string &out, std::string_view text, bool guard);
/// A cell with a value of a document: texts without their quotes, numbers as they were written, the rest as JSON.
/// Nothing for a null pointer.
void appendCsvValue(std::string &out, const Json *value, bool guard);

} // namespace commander
