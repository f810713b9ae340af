// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/document_projection.h"

#include <algorithm>

namespace commander::rest {

namespace {

/// ~1 is a slash, ~0 a tilde (RFC 6901).
std::string unescaped(std::string_view token)
{
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool escape = token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
        text += escape ? (token[++i] == '0' ? '~' : '/') : token[i];
    }
    return text;
}

} // namespace

Projection::Projection(std::span<const std::string> pointers)
{
    m_root.whole = pointers.empty();
    for (std::string_view pointer : pointers) {
        auto *choice = &m_root;
        while (pointer.starts_with('/')) {
            const auto end = pointer.find('/', 1);
            const auto name = unescaped(pointer.substr(1, end == std::string_view::npos ? end : end - 1));
            pointer = end == std::string_view::npos ? std::string_view() : pointer.substr(end);
            auto &fields = choice->fields;
            auto found
                = std::find_if(fields.begin(), fields.end(), [&name](const auto &one) { return one.name == name; });
            if (found == fields.end())
                found = fields.insert(fields.end(), Choice{name, false, {}});
            choice = &*found;
        }
        choice->whole = true;
    }
}

std::optional<Json> Projection::choose(const Json &value, const Choice &choice)
{
    if (choice.whole)
        return value;
    const auto chosen = [&choice](const std::string &name, const Json &member) -> std::optional<Json> {
        const auto found = std::find_if(choice.fields.begin(), choice.fields.end(),
                                        [&name](const auto &one) { return one.name == name; });
        return found == choice.fields.end() ? std::nullopt : choose(member, *found);
    };
    if (const auto *members = value.asObject()) {
        Json::Object kept;
        for (const auto &[name, member] : *members) {
            if (auto part = chosen(name, member))
                kept.emplace_back(name, std::move(*part));
        }
        return Json(std::move(kept));
    }
    if (const auto *elements = value.asArray()) {
        Json::Array kept;
        for (std::size_t i = 0; i < elements->size(); ++i) {
            if (auto part = chosen(std::to_string(i), (*elements)[i]))
                kept.push_back(std::move(*part));
        }
        return Json(std::move(kept));
    }
    return std::nullopt; // a scalar has no fields
}

Result<std::string> Projection::of(std::string json) const
{
    if (isWhole())
        return json;
    const auto document = parseJson(json);
    if (!document)
        return fail(document.error());
    return writeJson(choose(*document, m_root).value_or(Json::object()));
}

} // namespace commander::rest
