// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/invariants.h"
#include "rest/routes/submit_request.h"
#include "values/json_validity.h"

#include <commander/json.h>

namespace commander {

namespace {

/// What reads the members of an object and what builds a value have to see the same.
std::string brokenSlices(std::string_view text, const Json &value)
{
    const auto members = sliceJsonObject(text);
    const auto *object = value.asObject();
    if (members.has_value() != (object != nullptr))
        return "an object for one reader, none for the other";
    if (members) {
        if (members->size() != object->size())
            return "more members for one reader than for the other";
        for (std::size_t i = 0; i < members->size(); ++i) {
            const auto part = parseJson((*members)[i].raw);
            if ((*members)[i].name != (*object)[i].first || !part || *part != (*object)[i].second)
                return "a member that the readers see differently: " + (*members)[i].name;
        }
    }
    const auto elements = sliceJsonArray(text);
    const auto *array = value.asArray();
    if (elements.has_value() != (array != nullptr))
        return "an array for one reader, none for the other";
    for (std::size_t i = 0; elements && i < elements->size(); ++i) {
        const auto part = parseJson((*elements)[i]);
        if (elements->size() != array->size() || !part || *part != (*array)[i])
            return "an element that the readers see differently";
    }
    return {};
}

} // namespace

std::string brokenInvariant(std::string_view bytes)
{
    const auto value = parseJson(bytes);
    if (checkJson(bytes).has_value() != value.has_value())
        return "a check that is not the parser's";
    const auto command = rest::readCommand(bytes, "fuzz");
    if (!value) {
        if (command || sliceJsonObject(bytes) || sliceJsonArray(bytes))
            return "not JSON, but read all the same";
        return value.error().text().empty() ? "an error without words" : "";
    }
    if (!isUtf8(bytes))
        return "JSON that is not UTF-8";
    const auto text = writeJson(*value);
    const auto again = parseJson(text);
    if (!again || *again != *value || writeJson(*again) != text)
        return "written and read again, it is something else: " + text;
    if (const auto fault = jsonFaultOf(*value); !fault.empty())
        return "a value that could not be written: " + fault;
    if (auto broken = brokenSlices(bytes, *value); !broken.empty())
        return broken;
    const auto *data = value->find("data");
    if (command
        && (command->action.empty() || (data && bytes.find(command->data) == std::string_view::npos)
            || (data && parseJson(command->data) != *data)))
        return "a command with other data than was sent";
    return {};
}

} // namespace commander
