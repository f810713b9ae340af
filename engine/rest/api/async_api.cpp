// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/api/api_text.h"
#include "rest/api/domain_schemas.h"
#include "rest/api/open_api.h"

namespace commander::rest {

namespace {

Json reference(const std::string &pointer)
{
    Json json = Json::object();
    json.set("$ref", Json("#" + pointer));
    return json;
}

Json message(std::string_view name, std::string_view title, Json payload)
{
    Json json = Json::object();
    json.set("name", Json(name)).set("title", Json(title)).set("contentType", Json("application/json"));
    json.set("payload", std::move(payload));
    return json;
}

/// An event as /events/{id} answers it, with the data that its action has.
Json eventPayload(const std::string &action)
{
    Json constant = Json::object();
    constant.set("const", Json(action));
    Json properties = Json::object();
    properties.set("action", std::move(constant)).set("data", schemaReference(componentName(action) + ".data"));
    Json narrowed = Json::object();
    narrowed.set("type", Json("object")).set("properties", std::move(properties));
    Json payload = Json::object();
    payload.set("allOf", Json(Json::Array{schemaReference("Event"), std::move(narrowed)}));
    return payload;
}

struct Channel {
    std::string_view name;
    std::string_view address;
    std::string_view summary;
    std::vector<std::string> messages;
};

void addChannel(Json &channels, Json &operations, const Channel &channel)
{
    const std::string name(channel.name);
    Json messages = Json::object();
    Json::Array sent;
    for (const auto &one : channel.messages) {
        messages.set(one, reference("/components/messages/" + one));
        sent.push_back(reference("/channels/" + name + "/messages/" + one));
    }
    Json description = Json::object();
    description.set("address", Json(channel.address)).set("summary", Json(channel.summary));
    description.set("messages", std::move(messages));
    channels.set(name, std::move(description));
    Json operation = Json::object();
    operation.set("action", Json("send")).set("channel", reference("/channels/" + name));
    operation.set("summary", Json(channel.summary)).set("messages", Json(std::move(sent)));
    operations.set("send-" + name, std::move(operation));
}

Json infoOf(const Json &text)
{
    Json info = Json::object();
    for (const auto *name : {"title", "version", "license"}) {
        if (const auto *value = resolvePointer(text, std::string("/info/") + name))
            info.set(name, *value);
    }
    if (auto *license = info.asObject()) {
        for (auto &[name, value] : *license) {
            if (name == "license")
                value.erase("identifier"); // OpenAPI's own
        }
    }
    info.set("description",
             Json("Server-sent events over GET. `id` is the ledger position; a client that comes again with "
                  "Last-Event-ID goes on where it was, without gap or repeat."));
    return info;
}

} // namespace

Result<std::string> asyncApiDocument(std::string_view host, std::span<const DomainDescription> domains)
{
    auto text = parseJson(apiText());
    if (!text)
        return fail(text.error());
    Json schemas = Json::object();
    for (const auto *name : {"Command", "Event", "Result", "DocumentChange", "FieldChange", "ExpectedRevision"})
        schemas.set(name, *resolvePointer(*text, std::string("/components/schemas/") + name));
    if (auto added = addEventSchemas(schemas, domains); !added)
        return fail(added.error());

    Json messages = Json::object();
    messages.set("command", message("command", "A command was recorded", schemaReference("Command")));
    messages.set("result", message("result", "A command was decided", schemaReference("Result")));
    messages.set("change", message("change", "A document changed", schemaReference("DocumentChange")));
    std::vector<std::string> events;
    for (const auto &domain : domains) {
        for (const auto &event : domain.events) {
            events.push_back("event." + componentName(event.action));
            messages.set(events.back(), message("event", event.action, eventPayload(event.action)));
        }
    }
    std::vector<std::string> all{"command", "result", "change"};
    all.insert(all.end(), events.begin(), events.end());

    Json channels = Json::object();
    Json operations = Json::object();
    addChannel(channels, operations, {"updates", "/updates", "Everything that happens", all});
    addChannel(channels, operations, {"commands", "/commands/updates", "Commands", {"command"}});
    addChannel(channels, operations, {"events", "/events/updates", "Events", events});
    addChannel(channels, operations, {"results", "/results/updates", "Command results", {"result"}});

    Json server = Json::object();
    server.set("host", Json(host)).set("protocol", Json("http"));
    Json servers = Json::object();
    servers.set("here", std::move(server));
    Json components = Json::object();
    components.set("messages", std::move(messages)).set("schemas", std::move(schemas));
    Json document = Json::object();
    document.set("asyncapi", Json("3.0.0")).set("info", infoOf(*text)).set("servers", std::move(servers));
    document.set("defaultContentType", Json("application/json"));
    document.set("channels", std::move(channels)).set("operations", std::move(operations));
    document.set("components", std::move(components));
    return writeJson(document);
}

} // namespace commander::rest
