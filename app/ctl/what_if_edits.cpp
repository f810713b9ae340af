// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/what_if_edits.h"

#include <commander/json.h>

namespace commander::ctl {

namespace {

Result<CommandEdit> readEdit(std::string_view json)
{
    const auto members = sliceJsonObject(json);
    if (!members)
        return fail(members.error());
    CommandEdit edit;
    edit.actor = "commanderctl";
    int kinds = 0;
    for (const auto &member : *members) {
        if (member.name == "data") {
            edit.data = member.raw;
            continue;
        }
        const auto value = parseJson(member.raw);
        if (!value)
            return fail(value.error());
        if (member.name == "after") {
            const auto after = value->asInteger();
            if (!after || *after < 0)
                return fail(ErrorCode::InvalidArgument, "\"after\" takes a position");
            edit.after.value = static_cast<std::uint64_t>(*after);
            continue;
        }
        const auto *text = value->asString();
        if (!text)
            return fail(ErrorCode::InvalidArgument, "\"" + member.name + "\" takes a string");
        if (member.name == "action" || member.name == "add") {
            edit.action = *text;
        } else if (member.name == "replace" || member.name == "remove" || member.name == "id") {
            const auto id = Uuid::parse(*text);
            if (!id)
                return fail(id.error());
            edit.command = *id;
        } else {
            return fail(ErrorCode::InvalidArgument, "an edit has no member \"" + member.name + "\"", {},
                        "Use replace, remove or add, with data, action, after and id.");
        }
        if (member.name == "add")
            edit.kind = CommandEdit::Kind::Add;
        if (member.name == "remove")
            edit.kind = CommandEdit::Kind::Remove;
        if (member.name == "add" || member.name == "remove" || member.name == "replace")
            ++kinds;
    }
    if (kinds != 1)
        return fail(ErrorCode::InvalidArgument, "an edit says one of replace, remove and add");
    return edit;
}

} // namespace

Result<std::vector<CommandEdit>> readEdits(std::string_view json)
{
    const auto elements = sliceJsonArray(json);
    if (!elements)
        return fail(elements.error());
    std::vector<CommandEdit> edits;
    for (const auto &element : *elements) {
        auto edit = readEdit(element);
        if (!edit) {
            auto error = std::move(edit.error());
            error.where = "edit " + std::to_string(edits.size() + 1) + (error.where.empty() ? "" : ", " + error.where);
            return fail(std::move(error));
        }
        edits.push_back(std::move(*edit));
    }
    return edits;
}

} // namespace commander::ctl
