// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/api/open_api.h"

#include "rest/api/api_text.h"
#include "rest/api/domain_schemas.h"
#include "rest/gate/http_syntax.h"

namespace commander::rest {

namespace {

/// {name} of a pattern, in their order.
std::vector<std::string> variablesOf(std::string_view pattern)
{
    std::vector<std::string> names;
    for (auto begin = pattern.find('{'); begin != std::string_view::npos; begin = pattern.find('{', begin + 1))
        names.emplace_back(pattern.substr(begin + 1, pattern.find('}', begin) - begin - 1));
    return names;
}

Json pathParameter(const std::string &name)
{
    Json schema = Json::object();
    schema.set("type", Json("string"));
    if (name == "id")
        schema.set("format", Json("uuid"));
    Json parameter = Json::object();
    parameter.set("name", Json(name)).set("in", Json("path")).set("required", Json(true));
    parameter.set("schema", std::move(schema));
    return parameter;
}

/// The description of a view's path is the same for all views but for the names.
Result<Json> viewOperation(const Json &text, const Route &route)
{
    const bool one = route.pattern.ends_with("/{key}");
    const auto *found = resolvePointer(text, one ? "/x-view-paths/document" : "/x-view-paths/list");
    if (!found)
        return fail(ErrorCode::Internal, "the paths of views are not described", route.pattern);
    Json operation = *found;
    operation.set("operationId", Json((one ? "get." : "list.") + route.view));
    operation.set("tags", Json(Json::Array{Json("views")}));
    operation.set("summary", Json((one ? "One document of the view " : "Documents of the view ") + route.view));
    return operation;
}

Result<Json> operationOf(const Json &text, const Route &route)
{
    if (!route.view.empty())
        return viewOperation(text, route);
    const auto verb = lowered(methodName(route.verb));
    const auto *found = resolvePointer(text, "/paths/" + escapePointerToken(route.pattern) + '/' + verb);
    if (!found) {
        return fail(ErrorCode::Internal, "a route is not described", verb + ' ' + route.pattern,
                    "Describe it in resources/api/openapi.json.");
    }
    return *found;
}

/// The role that the route needs, as OpenAPI 3.1 has it: the scheme's name, and the roles.
Json securityOf(const Route &route, bool open)
{
    Json::Array alternatives;
    const auto role = route.role();
    const auto alternative = [&alternatives, role](const char *scheme) {
        Json one = Json::object();
        one.set(scheme, Json(Json::Array{Json(accessRoleName(*role))}));
        alternatives.push_back(std::move(one));
    };
    if (role) {
        alternative("token");
        if (route.produces == Produces::EventStream)
            alternative("ticket");
    }
    if (!role || open)
        alternatives.push_back(Json::object()); // nothing at all will do too
    return Json(std::move(alternatives));
}

Json statedSecurity()
{
    Json token = Json::object();
    token.set("type", Json("http")).set("scheme", Json("bearer"));
    token.set("description",
              Json("A token of this workspace. Its roles are read, submit, operate and audit; each operation names the "
                   "one that it needs. Made with `commanderctl token create` or `POST /tokens`."));
    Json ticket = Json::object();
    ticket.set("type", Json("apiKey")).set("in", Json("query")).set("name", Json("ticket"));
    ticket.set("description",
               Json("From `POST /tickets`: good for one request to one path within 30 seconds, for browsers, whose "
                    "EventSource cannot send a header."));
    Json schemes = Json::object();
    schemes.set("token", std::move(token)).set("ticket", std::move(ticket));
    return schemes;
}

Result<Json> pathsOf(const Json &text, const Router &router, bool open)
{
    Json paths = Json::object();
    std::optional<Error> undescribed;
    router.forEach([&](const Route &route) {
        if (!route.documented || undescribed)
            return;
        auto operation = operationOf(text, route);
        if (!operation) {
            undescribed = operation.error();
            return;
        }
        Json item = Json::object();
        if (const auto *known = paths.find(route.pattern)) {
            item = *known;
        } else if (const auto names = variablesOf(route.pattern); !names.empty()) {
            Json::Array parameters;
            for (const auto &name : names)
                parameters.push_back(pathParameter(name));
            item.set("parameters", Json(std::move(parameters)));
        }
        operation->set("security", securityOf(route, open));
        item.set(lowered(methodName(route.verb)), std::move(*operation));
        paths.set(route.pattern, std::move(item));
    });
    if (undescribed)
        return fail(std::move(*undescribed));
    return paths;
}

} // namespace

Result<std::string> openApiDocument(const Router &router, std::span<const DomainDescription> domains, bool open)
{
    auto text = parseJson(apiText());
    if (!text)
        return fail(text.error());
    auto paths = pathsOf(*text, router, open);
    if (!paths)
        return fail(paths.error());
    Json schemas = *resolvePointer(*text, "/components/schemas");
    if (auto added = addCommandSchemas(schemas, domains); !added)
        return fail(added.error());
    Json components = *text->find("components");
    components.set("schemas", std::move(schemas));
    components.set("securitySchemes", statedSecurity());
    Json server = Json::object();
    server.set("url", Json("/")).set("description", Json("The server that this document came from."));
    Json document = std::move(*text);
    document.erase("x-view-paths");
    document.erase("x-socket-messages");
    document.set("servers", Json(Json::Array{std::move(server)}));
    document.set("paths", std::move(*paths));
    document.set("components", std::move(components));
    return writeJson(document);
}

} // namespace commander::rest
