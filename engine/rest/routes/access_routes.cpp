// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/object_writer.h"
#include "rest/query_params.h"
#include "rest/routes/routes.h"
#include "rest/security/access_desk.h"

namespace commander::rest {

namespace {

void appendToken(std::string &out, const AccessToken &token, std::string_view secret = {})
{
    ObjectWriter json(out);
    json.text("name", token.name);
    json.name("roles");
    {
        ArrayWriter roles(out);
        for (const auto role : accessRoles) {
            if (token.roles.has(role))
                roles.text(accessRoleName(role));
        }
    }
    json.plain("created", token.created.text());
    if (token.expires)
        json.plain("expires", token.expires->text());
    if (token.forThisRun)
        json.flag("forThisRun", true);
    if (!secret.empty())
        json.plain("token", secret);
}

Error wrongBody(std::string what, std::string where)
{
    return {ErrorCode::SchemaInvalid,
            std::move(what),
            std::move(where),
            R"(Send {"name":"ci","roles":["read","submit"]}, and "expires" with a time if it shall end.)",
            {}};
}

Result<NewAccessToken> readNewToken(std::string_view body)
{
    const auto json = parseJson(body);
    if (!json)
        return fail(json.error());
    const auto *members = json->asObject();
    if (!members)
        return fail(wrongBody("a token is described by an object", ""));
    NewAccessToken token;
    for (const auto &[name, value] : *members) {
        if (name == "name" && value.asString()) {
            token.name = *value.asString();
        } else if (name == "roles" && value.asArray()) {
            for (const auto &item : *value.asArray()) {
                const auto role = item.asString() ? accessRoleFromName(*item.asString()) : std::nullopt;
                if (!role)
                    return fail(wrongBody("roles are read, submit, operate and audit", "/roles"));
                token.roles.add(*role);
            }
        } else if (name == "expires" && value.asString()) {
            const auto expires = Timestamp::parse(*value.asString());
            if (!expires)
                return fail(expires.error());
            token.expires = *expires;
        } else if (name != "expires" || !value.isNull()) {
            return fail(wrongBody("a token has no such member, or not with this value", '/' + name));
        }
    }
    return token;
}

Result<std::shared_ptr<AccessTokens>> tokensOf(RestContext &context)
{
    if (const auto &tokens = context.desk().tokens())
        return tokens;
    return fail(ErrorCode::Unsupported, "this server keeps no tokens");
}

Result<Response> listTokens(RestContext &context)
{
    const auto tokens = tokensOf(context);
    if (!tokens)
        return fail(tokens.error());
    const auto list = (*tokens)->list();
    if (!list)
        return fail(list.error());
    Response response;
    ObjectWriter json(response.body);
    json.name("tokens");
    {
        ArrayWriter items(response.body);
        for (const auto &token : *list) {
            items.next();
            appendToken(response.body, token);
        }
    }
    json.end();
    return response;
}

Result<Response> createToken(RestContext &context, const CheckedRequest &request)
{
    const auto tokens = tokensOf(context);
    if (!tokens)
        return fail(tokens.error());
    auto wanted = readNewToken(request.body);
    if (!wanted)
        return fail(wanted.error());
    if (request.token && !request.token->roles.covers(wanted->roles)) {
        Problem problem;
        problem.status = 403;
        problem.code = "insufficient-scope";
        problem.detail
            = "A token cannot give away roles that it does not have: it has " + request.token->roles.text() + '.';
        problem.instance = request.head.path();
        return problemResponse(problem);
    }
    const auto created = (*tokens)->create(std::move(*wanted));
    if (!created)
        return fail(created.error());
    Response response;
    response.status = 201;
    appendToken(response.body, created->token, created->secret);
    response.with("Location", "/tokens/" + percentEncoded(created->token.name));
    return response;
}

Result<Response> revokeToken(RestContext &context, const CheckedRequest &request)
{
    const auto tokens = tokensOf(context);
    if (!tokens)
        return fail(tokens.error());
    if (auto revoked = (*tokens)->revoke(request.params.front()); !revoked)
        return fail(revoked.error());
    Response response;
    response.status = 204;
    response.contentType.clear();
    return response;
}

/// For the path of a stream that whoever asks may read.
Result<Response> issueTicket(Router &router, RestContext &context, const CheckedRequest &request)
{
    const auto json = parseJson(request.body);
    if (!json)
        return fail(json.error());
    const auto path = json->stringAt("path").substr(0, json->stringAt("path").find('?'));
    const auto *route = router.find(Method::Get, path);
    if (!route || route->produces != Produces::EventStream || json->asObject()->size() != 1) {
        return fail(ErrorCode::SchemaInvalid, "a ticket is for the path of a stream", "/path",
                    R"(Send {"path":"/updates"}; everything else takes the token in a header.)");
    }
    if (const auto role = route->role(); role && !mayDo(request, *role)) {
        Problem problem;
        problem.status = 403;
        problem.code = "insufficient-scope";
        problem.detail = "The path needs the role " + std::string(accessRoleName(*role)) + '.';
        problem.instance = request.head.path();
        return problemResponse(problem);
    }
    const auto ticket = context.desk().tickets().issue(std::string(path), request.token);
    if (!ticket)
        return fail(ticket.error());
    Response response;
    response.status = 201;
    ObjectWriter body(response.body);
    body.plain("ticket", *ticket);
    body.text("path", path);
    body.number("expiresIn", Tickets::lifetime.count());
    body.end();
    return response;
}

Route tokenRoute(RestContext &context, Method verb, std::string pattern,
                 Result<Response> (*answer)(RestContext &, const CheckedRequest &))
{
    Route route;
    route.verb = verb;
    route.pattern = std::move(pattern);
    route.needs = Needs::Operate;
    if (verb == Method::Post)
        route.bodies = {"application/json"};
    // On a worker: the tokens are in a file.
    route.run = [&context, answer](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request,
                     [&context, answer, request](std::stop_token) { return answer(context, *request); });
    };
    return route;
}

} // namespace

void addAccessRoutes(Router &router, RestContext &context)
{
    router.add(tokenRoute(context, Method::Get, "/tokens",
                          [](RestContext &from, const CheckedRequest &) { return listTokens(from); }));
    router.add(tokenRoute(context, Method::Post, "/tokens", createToken));
    router.add(tokenRoute(context, Method::Delete, "/tokens/{name}", revokeToken));
    Route tickets;
    tickets.verb = Method::Post;
    tickets.pattern = "/tickets";
    tickets.needs = Needs::Read;
    tickets.bodies = {"application/json"};
    tickets.run = [&router, &context](ExchangeId exchange, const RequestPtr &request) {
        const auto answer = issueTicket(router, context, *request);
        answer ? context.answer(exchange, *answer) : context.answer(exchange, request, answer.error());
    };
    router.add(std::move(tickets));
}

} // namespace commander::rest
