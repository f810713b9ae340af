// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// What comes first in the bytes of a value: values of different types never mix.
enum class FieldType : char { Missing = 0, Null = 1, False = 2, True = 3, Number = 4, Text = 5, Other = 6 };

/// Bytes that compare as DocumentSort orders the values; numbers by their exact value. Null pointer = no such field.
[[nodiscard]] std::string fieldValue(const Json *value);

/// The values of these fields of a document; none when there is no document.
[[nodiscard]] std::vector<std::string> fieldValues(const std::vector<std::string> &pointers, const Json *document);

} // namespace commander
