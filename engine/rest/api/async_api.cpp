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

Json serverOf(std::string_view host, std::string_view protocol, std::string_view summary)
{
    Json server = Json::object();
    server.set("host", Json(host)).set("protocol", Json(protocol)).set("summary", Json(summary));
    return server;
}

Json textSchema(const char *description)
{
    Json schema = Json::object();
    schema.set("type", Json("string")).set("description", Json(description));
    return schema;
}

/// A text, or several.
Json textsSchema()
{
    Json one = Json::object();
    one.set("type", Json("string"));
    Json many = Json::object();
    many.set("type", Json("array")).set("items", one);
    Json schema = Json::object();
    schema.set("oneOf", Json(Json::Array{std::move(one), std::move(many)}));
    return schema;
}

/// What is said over a WebSocket, in both directions; the same channel for all paths with updates.
Result<void> addSocket(Json &channels, Json &operations, Json &messages, const Json &text)
{
    const auto *described = resolvePointer(text, "/x-socket-messages");
    const auto *all = described ? described->asObject() : nullptr;
    if (!all)
        return fail(ErrorCode::Internal, "the messages of a WebSocket are not described");
    Json named = Json::object();
    Json::Array received;
    Json::Array sent;
    for (const auto &[name, content] : *all) {
        const auto full = "socket." + name;
        messages.set(full, message(name, content.stringAt("title"), *content.find("payload")));
        named.set(full, reference("/components/messages/" + full));
        const bool fromClient = name == "subscribe" || name == "unsubscribe" || name == "submit";
        (fromClient ? received : sent).push_back(reference("/channels/socket/messages/" + full));
    }
    Json path = Json::object();
    path.set("description", Json("What the connection follows from the start, unless the query says subscribe=false."));
    path.set("examples",
             Json(Json::Array{Json("updates"), Json("commands/updates"), Json("events/updates"),
                              Json("results/updates"), Json("views/accounts/updates")}));
    Json parameters = Json::object();
    parameters.set("path", std::move(path));
    Json channel = Json::object();
    channel.set("address", Json("/{path}")).set("parameters", std::move(parameters));
    channel.set("summary", Json("The same over a WebSocket, several subscriptions on one, and commands"));
    channel.set("servers", Json(Json::Array{reference("/servers/socket")})).set("messages", std::move(named));
    channels.set("socket", std::move(channel));
    const auto operation = [](const char *action, const char *summary, Json::Array which) {
        Json json = Json::object();
        json.set("action", Json(action)).set("channel", reference("/channels/socket"));
        json.set("summary", Json(summary)).set("messages", Json(std::move(which)));
        return json;
    };
    operations.set("receive-socket", operation("receive", "What a client may say", std::move(received)));
    operations.set("send-socket", operation("send", "What it is told", std::move(sent)));
    return {};
}

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
    description.set("servers", Json(Json::Array{reference("/servers/here")}));
    description.set("messages", std::move(messages));
    if (channel.address.find("{view}") != std::string_view::npos) {
        Json view = Json::object();
        view.set("description", Json("The name of a view."));
        Json parameters = Json::object();
        parameters.set("view", std::move(view));
        description.set("parameters", std::move(parameters));
    }
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
    info.set(
        "description",
        Json("Server-sent events over GET, or a WebSocket when the client asks for an upgrade. `id` is the ledger "
             "position; a client that comes again with it as Last-Event-ID (`?lastEventId=`) goes on where it was, "
             "without gap or repeat. A client that does not read is not sent more than its socket holds, and goes "
             "on from the ledger when it reads again."));
    return info;
}

} // namespace

Result<std::string> asyncApiDocument(std::string_view host, std::span<const DomainDescription> domains)
{
    auto text = parseJson(apiText());
    if (!text)
        return fail(text.error());
    Json schemas = Json::object();
    for (const auto *name :
         {"Command", "Event", "Result", "DocumentChange", "FieldChange", "ExpectedRevision", "Problem"})
        schemas.set(name, *resolvePointer(*text, std::string("/components/schemas/") + name));
    if (auto added = addEventSchemas(schemas, domains); !added)
        return fail(added.error());

    schemas.set("SocketName", textSchema("Chosen by the client, 1 to 64 bytes; the answers carry it."));
    schemas.set("SocketTexts", textsSchema());

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

    addChannel(channels, operations, {"view", "/views/{view}/updates", "Document changes of one view", {"change"}});
    if (auto added = addSocket(channels, operations, messages, *text); !added)
        return fail(added.error());

    Json servers = Json::object();
    servers.set("here", serverOf(host, "http", "Server-sent events"));
    servers.set("socket", serverOf(host, "ws", "WebSocket"));
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
