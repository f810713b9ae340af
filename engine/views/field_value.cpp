// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/field_value.h"

#include "values/decimal.h"

namespace commander {

std::string fieldValue(const Json *value)
{
    const auto tagged = [](FieldType type) { return std::string(1, static_cast<char>(type)); };
    if (!value)
        return tagged(FieldType::Missing);
    if (value->isNull())
        return tagged(FieldType::Null);
    if (const auto truth = value->asBool())
        return tagged(*truth ? FieldType::True : FieldType::False);
    if (const auto *const number = value->asNumber()) {
        auto bytes = tagged(FieldType::Number);
        Decimal(number->lexeme).appendOrdered(bytes);
        return bytes;
    }
    if (const auto *const text = value->asString())
        return tagged(FieldType::Text) + *text;
    auto bytes = tagged(FieldType::Other);
    appendJson(bytes, *value);
    return bytes;
}

std::vector<std::string> fieldValues(const std::vector<std::string> &pointers, const Json *document)
{
    std::vector<std::string> values;
    if (!document)
        return values;
    values.reserve(pointers.size());
    for (const auto &pointer : pointers)
        values.push_back(fieldValue(resolvePointer(*document, pointer)));
    return values;
}

} // namespace commander
