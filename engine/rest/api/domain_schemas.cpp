// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/api/domain_schemas.h"

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::string_view schemasPath = "#/components/schemas/";

/// A domain's schema refers to itself from its own root, which lies elsewhere in the document.
void moveReferences(Json &schema, const std::string &root)
{
    if (auto *members = schema.asObject()) {
        for (auto &[name, value] : *members) {
            const auto *target = name == "$ref" ? value.asString() : nullptr;
            if (target && target->starts_with('#'))
                value = Json(root + target->substr(1));
            else
                moveReferences(value, root);
        }
    } else if (auto *elements = schema.asArray()) {
        for (auto &element : *elements)
            moveReferences(element, root);
    }
}

Result<Json> dataSchema(const std::string &text, const std::string &name)
{
    if (text.empty())
        return Json(true);
    auto schema = parseJson(text);
    if (!schema)
        return fail(schema.error());
    schema->erase("$schema"); // the whole document has one dialect
    schema->erase("$id");
    moveReferences(*schema, std::string(schemasPath) + name);
    return std::move(*schema);
}

/// A text that may be left out or null.
Json member(std::string_view format, std::string_view description)
{
    Json schema = Json::object();
    schema.set("type", Json(Json::Array{Json("string"), Json("null")}));
    schema.set("format", Json(format)).set("description", Json(description));
    return schema;
}

Result<Json> commandSchema(const CommandSpec &command, const std::string &dataName)
{
    Json properties = Json::object();
    properties.set("id", member("uuid", "Chosen by the client, or made; the idempotency key."));
    Json action = Json::object();
    action.set("const", Json(command.action));
    properties.set("action", std::move(action));
    properties.set("data", schemaReference(dataName));
    properties.set("timestamp", member("date-time", "When the client says that it asked for this."));
    properties.set("parent", member("uuid", "The record that caused the command, if any."));
    properties.set("notBefore", member("date-time", "Recorded now, decided when this time has come."));
    properties.set("expiresAt", member("date-time", "Not decided by then, its result is expired."));
    if (!command.keyField.empty())
        properties.set("expectedRevision", schemaReference("ExpectedRevision"));
    Json schema = Json::object();
    schema.set("title", Json(command.title.empty() ? command.action : command.title));
    schema.set("type", Json("object"));
    schema.set("required", Json(Json::Array{Json("action"), Json("data")}));
    schema.set("properties", std::move(properties));
    schema.set("additionalProperties", Json(false));
    if (!command.example.empty()) {
        auto data = parseJson(command.example);
        if (!data)
            return fail(data.error());
        Json example = Json::object();
        example.set("action", Json(command.action)).set("data", std::move(*data));
        schema.set("examples", Json(Json::Array{std::move(example)}));
    }
    return schema;
}

} // namespace

std::string componentName(std::string_view name)
{
    std::string out(name);
    std::replace_if(
        out.begin(), out.end(),
        [](char c) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            return !letter && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_';
        },
        '_');
    return out;
}

Json schemaReference(std::string_view name)
{
    Json reference = Json::object();
    reference.set("$ref", Json(std::string(schemasPath) + std::string(name)));
    return reference;
}

Result<void> addCommandSchemas(Json &schemas, std::span<const DomainDescription> domains)
{
    Json::Array all;
    for (const auto &domain : domains) {
        for (const auto &command : domain.commands) {
            const auto name = componentName(command.action);
            auto data = dataSchema(command.schema, name + ".data");
            if (!data)
                return fail(data.error());
            auto whole = commandSchema(command, name + ".data");
            if (!whole)
                return fail(whole.error());
            schemas.set(name + ".data", std::move(*data));
            schemas.set(name, std::move(*whole));
            all.push_back(schemaReference(name));
        }
    }
    Json draft = Json::object();
    if (all.empty())
        draft.set("not", Json::object()); // no domain takes a command
    else
        draft.set("oneOf", Json(std::move(all)));
    schemas.set("CommandDraft", std::move(draft));
    return {};
}

Result<void> addEventSchemas(Json &schemas, std::span<const DomainDescription> domains)
{
    for (const auto &domain : domains) {
        for (const auto &event : domain.events) {
            const auto name = componentName(event.action) + ".data";
            auto data = dataSchema(event.schema, name);
            if (!data)
                return fail(data.error());
            schemas.set(name, std::move(*data));
        }
    }
    return {};
}

} // namespace commander::rest
