// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/invariants.h"

#include <commander/filter.h>

#include <array>

namespace commander {

namespace {

const std::array<Record, 2> &subjects()
{
    static const auto records = [] {
        std::array<Record, 2> made;
        made[1].kind = RecordKind::Command;
        made[1].id = uuid5({}, "id");
        made[1].correlation = made[1].id;
        made[1].topic = "commands";
        made[1].action = "transfer-money";
        made[1].actor = "api";
        made[1].key = "12345";
        made[1].position = {5};
        made[1].headers = R"({"a":1})";
        made[1].data = R"({"a":[{"b":"x"},1.0,null,true],"amount":23958446825181076828})";
        return made;
    }();
    return records;
}

} // namespace

std::string brokenInvariant(std::string_view text)
{
    const auto node = parseFilter(text);
    if (!node) {
        const auto &error = node.error();
        if (error.code != ErrorCode::InvalidFilter || error.details.size() != 1)
            return "an error of another kind: " + error.text();
        const auto column = error.details.front().column;
        if (column < 1 || column > text.size() + 1)
            return "an error outside of the text: " + error.text();
        return explainFilterError(text, error).empty() ? "an error without words" : "";
    }
    const auto canonical = formatFilter(*node);
    const auto again = parseFilter(canonical);
    // The canonical text of a filter that just fits may be too long itself.
    if (!again)
        return canonical.size() > limits::filterBytesMax ? "" : "the canonical text is refused: " + canonical;
    if (!(*again == *node) || formatFilter(*again) != canonical)
        return "the canonical text means something else: " + canonical;
    const auto one = FilterExpression::compile(*node, {});
    const auto other = FilterExpression::compile(*again, {});
    if (one.has_value() != other.has_value())
        return "one form compiles, the other does not: " + canonical;
    if (!one)
        return one.error().code == ErrorCode::InvalidFilter ? "" : "an error of another kind: " + one.error().text();
    const auto negated = FilterExpression::compile(notFilter(*node), {});
    if (!negated)
        return "its opposite is refused: " + canonical;
    for (const auto &record : subjects()) {
        const bool matches = (*one)->matches(record);
        if (matches != (*other)->matches(record) || matches == (*negated)->matches(record))
            return "matches and does not match: " + canonical;
    }
    return {};
}

} // namespace commander
