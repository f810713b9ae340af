// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <optional>
#include <QString>
#include <string>
#include <vector>

namespace commander::ui {

/// What a form has to know of one value that a JSON Schema describes. Validating is the engine's; this only chooses
/// the control and its hints.
struct SchemaField {
    enum class Type { Text, Number, Integer, Boolean, Choice, Object, List, Any };
    Type type = Type::Any;
    std::string name; ///< of the member; empty for the root and for elements of a list
    std::string title;
    std::string description;
    bool required = false;
    std::vector<Json> choices;           ///< Choice
    std::vector<std::string> rules;      ///< keyword, then its value as JSON: what hint() puts into words
    std::vector<SchemaField> members;    ///< Object, as the schema orders them
    std::vector<SchemaField> element;    ///< List: exactly one
    std::optional<std::string> fallback; ///< `default`, as JSON

    /// The field of a whole schema. Follows references within it. What it cannot show as a control of its own becomes
    /// Any. Error InvalidJson.
    [[nodiscard]] static Result<SchemaField> read(std::string_view schema);
    /// Description and limits in a sentence, e.g. "1 to 50 characters".
    [[nodiscard]] QString hint() const;
};

} // namespace commander::ui
