// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/record_json.h"
#include "rest/routes/domain_body.h"
#include "rest/routes/record_queries.h"
#include "rest/routes/routes.h"
#include "rest/routes/view_source.h"

#include <algorithm>

namespace commander::rest {

namespace {

void appendVersion(std::string &out, const ViewVersionStatus &version)
{
    ObjectWriter json(out);
    json.text("view", version.id.view);
    json.text("version", version.id.label());
    json.number("number", version.id.version);
    json.plain("domainHash", toHex(version.id.domainHash));
    json.text("domain", version.domain);
    json.plain("state", viewVersionStateName(version.state));
    json.flag("decides", version.decides);
    json.number("position", version.position.value);
    json.number("head", version.head.value);
    json.number("documents", version.documents);
    if (version.state == ViewVersionState::Building && version.recordsPerSecond > 0)
        json.number("recordsPerSecond", static_cast<std::uint64_t>(version.recordsPerSecond));
    if (version.remaining)
        json.number("remainingMs", version.remaining->count());
    if (!version.error.empty())
        json.text("error", version.error);
}

Result<Response> oneVersion(Engine &engine, const ViewVersionId &id)
{
    for (const auto &version : engine.viewVersions().list()) {
        if (version.id != id)
            continue;
        Response response;
        appendVersion(response.body, version);
        response.at(version.position);
        return response;
    }
    return fail(ErrorCode::NotFound, "no such version", id.view + ' ' + id.label());
}

Result<Response> versions(Engine &engine, const CheckedRequest &request, std::stop_token)
{
    const auto &view = request.params[0];
    Response response;
    ObjectWriter json(response.body);
    json.name("versions");
    bool found = false;
    {
        ArrayWriter items(response.body);
        for (const auto &version : engine.viewVersions().list()) {
            if (version.id.view != view)
                continue;
            found = true;
            items.next();
            appendVersion(response.body, version);
        }
    }
    json.end();
    if (!found)
        return fail(ErrorCode::UnknownView, "no such view", view, "GET /views lists them.");
    response.at(engine.updates().progress().viewed);
    return response;
}

Result<Response> promote(Engine &engine, const CheckedRequest &request, std::stop_token)
{
    const auto id = findViewVersion(engine, request.params[0], request.params[1]);
    if (!id)
        return fail(id.error());
    if (auto promoted = engine.viewVersions().promote({*id}); !promoted)
        return fail(promoted.error());
    return oneVersion(engine, *id);
}

Result<Response> rollback(Engine &engine, const CheckedRequest &request, std::stop_token)
{
    const auto id = engine.viewVersions().rollback(request.params[0]);
    return id ? oneVersion(engine, *id) : fail(id.error());
}

/// A version that is being built is given up; another one is thrown away unless it is needed.
Result<Response> remove(Engine &engine, const CheckedRequest &request, std::stop_token)
{
    const auto id = findViewVersion(engine, request.params[0], request.params[1]);
    if (!id)
        return fail(id.error());
    const auto all = engine.viewVersions().list();
    const bool building = std::any_of(all.begin(), all.end(), [&id](const auto &one) {
        return one.id == *id && one.state == ViewVersionState::Building;
    });
    auto removed = building ? engine.viewVersions().cancel(*id) : engine.viewVersions().drop(*id);
    if (!removed)
        return fail(removed.error());
    Response response;
    response.status = 204;
    response.contentType.clear();
    return response;
}

std::string_view kindName(VersionRow::Kind kind)
{
    switch (kind) {
    case VersionRow::Kind::Added:
        return "added";
    case VersionRow::Kind::Removed:
        return "removed";
    case VersionRow::Kind::Changed:
        break;
    }
    return "changed";
}

/// The next page compares the same moment, so that its cursor says it: ["key", position].
Result<void> readDiffCursor(const QueryParams &query, VersionDiffRequest &ask)
{
    const auto cursor = query.text("cursor");
    if (!cursor)
        return {};
    const auto content = readCursor(*cursor);
    if (!content)
        return fail(content.error());
    const auto json = parseJson(*content);
    const auto *parts = json ? json->asArray() : nullptr;
    if (!parts || parts->size() != 2 || !(*parts)[0].asString() || (*parts)[1].asInteger().value_or(-1) < 0)
        return fail(ErrorCode::InvalidArgument, "not a cursor of this list", "cursor");
    ask.afterKey = *(*parts)[0].asString();
    ask.at = Position{static_cast<std::uint64_t>(*(*parts)[1].asInteger())};
    return {};
}

Result<Response> diff(Engine &engine, const CheckedRequest &request, std::stop_token stop)
{
    const QueryParams query(request.head.query());
    const auto from = findViewVersion(engine, request.params[0], request.params[1]);
    if (!from)
        return fail(from.error());
    const auto to = findViewVersion(engine, request.params[0], request.params[2]);
    if (!to)
        return fail(to.error());
    const auto at = momentParam(engine, query, "at");
    if (!at)
        return fail(at.error());
    const auto limit = query.limit();
    if (!limit)
        return fail(limit.error());
    VersionDiffRequest ask{*from, *to, *at, {}, *limit};
    if (auto read = readDiffCursor(query, ask); !read)
        return fail(read.error());
    const auto page = engine.viewVersions().diff(ask, stop);
    if (!page)
        return fail(page.error());
    Response response;
    ObjectWriter json(response.body);
    json.text("view", request.params[0]);
    json.text("from", from->label());
    json.text("to", to->label());
    json.number("at", page->at.value);
    json.name("rows");
    {
        ArrayWriter rows(response.body);
        for (const auto &row : page->rows) {
            rows.next();
            ObjectWriter item(response.body);
            item.text("key", row.key);
            item.plain("kind", kindName(row.kind));
            item.name("fields");
            appendFields(response.body, row.fields);
        }
    }
    json.number("same", page->same);
    json.number("added", page->added);
    json.number("removed", page->removed);
    json.number("changed", page->changed);
    if (page->nextKey) {
        std::string content = "[";
        appendJsonString(content, *page->nextKey);
        const auto cursor = writeCursor(content + ',' + std::to_string(page->at.value) + ']');
        json.plain("cursor", cursor);
        linkNext(response, std::string(request.head.path()), query, cursor);
    }
    json.end();
    response.at(page->at);
    return response;
}

/// Builds the view of a candidate domain beside what serves.
Result<Response> start(Engine &engine, const DomainLoader *loader, const CheckedRequest &request, std::stop_token)
{
    const auto candidate = loadDomainBody(loader, request.body);
    if (!candidate)
        return fail(candidate.error());
    const auto &view = request.params[0];
    if (!candidate->domain)
        return domainProblemResponse(candidate->problems);
    for (const auto &spec : candidate->domain->description().views) {
        if (spec.name != view)
            continue;
        const auto id = engine.viewVersions().start({candidate->domain, spec});
        if (!id)
            return fail(id.error());
        auto response = oneVersion(engine, *id);
        if (response) {
            response->status = 202;
            response->with("Location", "/views/" + percentEncoded(view) + "/versions");
        }
        return response;
    }
    return fail(ErrorCode::UnknownView, "the domain in the body has no such view", view);
}

} // namespace

void addVersionRoutes(Router &router, RestContext &context, const DomainLoader *loader)
{
    using Answer = Result<Response> (*)(Engine &, const CheckedRequest &, std::stop_token);
    const auto add = [&](Method verb, std::string pattern, Answer answer) {
        Route route;
        route.verb = verb;
        route.pattern = std::move(pattern);
        route.run = [&context, verb, answer](ExchangeId exchange, const RequestPtr &request) {
            const auto work = [&context, answer, request](std::stop_token stop) {
                return answer(context.engine(), *request, std::move(stop));
            };
            verb == Method::Get ? context.read(exchange, request, work) : context.operate(exchange, request, work);
        };
        router.add(std::move(route));
    };
    add(Method::Get, "/views/{view}/versions", versions);
    add(Method::Delete, "/views/{view}/versions/{version}", remove);
    add(Method::Post, "/views/{view}/versions/{version}/promote", promote);
    add(Method::Post, "/views/{view}/versions/rollback", rollback);
    add(Method::Get, "/views/{view}/versions/{version}/diff/{other}", diff);
    Route build;
    build.verb = Method::Post;
    build.pattern = "/views/{view}/versions";
    build.bodies = {"application/json"};
    build.run = [&context, loader](ExchangeId exchange, const RequestPtr &request) {
        context.operate(exchange, request, [&context, loader, request](std::stop_token stop) {
            return start(context.engine(), loader, *request, std::move(stop));
        });
    };
    router.add(std::move(build));
}

} // namespace commander::rest
