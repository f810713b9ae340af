// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/document_query.h"
#include "rest/routes/list_streams.h"
#include "rest/routes/routes.h"
#include "rest/routes/submit_request.h"

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr auto staleWait = 5s; ///< how long `atLeast` waits unless Prefer says otherwise

/// How documents are shown: with what is known of them, or bare as a domain's own query API does.
enum class Shape { Enveloped, Bare };

/// One read of a view.
struct ViewRequest {
    std::string view;
    Shape shape = Shape::Enveloped;
    RequestPtr request;
    QueryParams query;

    ViewRequest(std::string name, Shape form, const RequestPtr &from)
        : view(std::move(name)), shape(form), request(from), query(from->head.query())
    {
    }
    /// The key in a path that ends in one.
    [[nodiscard]] const std::string &key() const { return request->params.back(); }
};

using Answer = Result<Response> (*)(Engine &, const ViewRequest &, std::stop_token);

/// Which state an answer shows: the one asked for, else the newest.
Position shownPosition(Engine &engine, const std::optional<Position> &at)
{
    const auto viewed = engine.updates().progress().viewed;
    return at && *at < viewed ? *at : viewed;
}

Result<Response> documents(Engine &engine, const ViewRequest &view, std::stop_token stop)
{
    auto ask = documentListRequest(view.query);
    if (!ask)
        return fail(ask.error());
    auto limit = view.query.limit();
    if (!limit)
        return fail(limit.error());
    ask->limit = *limit;
    if (auto fields = view.query.pointers("fields"); !fields)
        return fail(fields.error());
    auto at = momentParam(engine, view.query, "at");
    if (!at)
        return fail(at.error());
    ask->at = *at;
    const auto shown = shownPosition(engine, *at);
    auto list = engine.views().list(view.view, *ask, stop);
    if (!list)
        return fail(list.error());

    Response response;
    std::string &out = response.body;
    const auto cursor = documentCursor(*ask, *list);
    if (view.shape == Shape::Enveloped)
        out += "{\"documents\":";
    {
        ArrayWriter items(out);
        for (const auto &document : list->documents) {
            items.next();
            if (view.shape == Shape::Enveloped)
                appendDocument(out, document);
            else
                out += document.json;
        }
    }
    if (view.shape == Shape::Enveloped) {
        out += ",\"limit\":" + std::to_string(ask->limit);
        if (!cursor.empty())
            out += ",\"cursor\":\"" + cursor + '"';
        out += '}';
    }
    if (!cursor.empty())
        linkNext(response, std::string(view.request->head.path()), view.query, cursor);
    response.at(shown);
    return response;
}

Result<Response> document(Engine &engine, const ViewRequest &view, std::stop_token)
{
    auto at = momentParam(engine, view.query, "at");
    if (!at)
        return fail(at.error());
    const auto shown = shownPosition(engine, *at);
    auto found = engine.views().get(view.view, view.key(), *at);
    if (!found)
        return fail(found.error());
    Response response;
    if (view.shape == Shape::Enveloped)
        appendDocument(response.body, *found);
    else
        response.body = found->json;
    response.at(shown);
    applyEntityTag(response, view.request->head,
                   'v' + std::to_string(found->version) + '-' + std::to_string(found->position.value));
    return response;
}

Result<Response> history(Engine &engine, const ViewRequest &view, std::stop_token)
{
    auto limit = view.query.limit();
    if (!limit)
        return fail(limit.error());
    std::optional<Position> before;
    if (const auto cursor = view.query.text("cursor")) {
        auto content = readCursor(*cursor);
        if (!content)
            return fail(content.error());
        auto moment = parseMoment(*content, "cursor");
        if (!moment || !std::holds_alternative<Position>(*moment))
            return fail(ErrorCode::InvalidArgument, "not a cursor of this list", "cursor");
        before = std::get<Position>(*moment);
    }
    const auto shown = shownPosition(engine, std::nullopt);
    const auto &key = view.request->params[1];
    auto changes = engine.views().history(view.view, key, before, *limit);
    if (!changes)
        return fail(changes.error());
    Response response;
    ObjectWriter json(response.body);
    json.text("view", view.view);
    json.text("key", key);
    json.name("changes");
    {
        ArrayWriter items(response.body);
        for (const auto &change : *changes) {
            items.next();
            appendChange(response.body, change);
        }
    }
    if (changes->size() == *limit) {
        const auto cursor = writeCursor(std::to_string(changes->back().position.value));
        json.plain("cursor", cursor);
        linkNext(response, std::string(view.request->head.path()), view.query, cursor);
    }
    json.end();
    response.at(shown);
    return response;
}

Result<Response> blame(Engine &engine, const ViewRequest &view, std::stop_token)
{
    auto at = momentParam(engine, view.query, "at");
    if (!at)
        return fail(at.error());
    const auto shown = shownPosition(engine, *at);
    const auto &key = view.request->params[1];
    auto origins = engine.views().blame(view.view, key, *at);
    if (!origins)
        return fail(origins.error());
    Response response;
    ObjectWriter json(response.body);
    json.text("view", view.view);
    json.text("key", key);
    json.name("fields");
    appendOrigins(response.body, *origins);
    json.end();
    response.at(shown);
    return response;
}

Result<Response> diff(Engine &engine, const ViewRequest &view, std::stop_token)
{
    auto from = momentParam(engine, view.query, "from");
    if (!from)
        return fail(from.error());
    if (!*from)
        return fail(ErrorCode::InvalidArgument, "missing", "from", "Name the position or the time to compare with.");
    auto to = momentParam(engine, view.query, "to");
    if (!to)
        return fail(to.error());
    const auto until = to->value_or(shownPosition(engine, std::nullopt));
    const auto &key = view.request->params[1];
    auto fields = engine.views().diff(view.view, key, **from, until);
    if (!fields)
        return fail(fields.error());
    Response response;
    ObjectWriter json(response.body);
    json.text("view", view.view);
    json.text("key", key);
    json.number("from", (*from)->value);
    json.number("to", until.value);
    json.name("fields");
    appendFields(response.body, *fields);
    json.end();
    response.at(until);
    return response;
}

void readView(RestContext &context, ExchangeId exchange, ViewRequest view, Answer answer, bool stale)
{
    const auto request = view.request;
    context.read(exchange, request, [&context, answer, stale, view = std::move(view)](std::stop_token stop) {
        auto response = answer(context.engine(), view, stop);
        if (response && stale)
            response->with("Commander-Stale", "true");
        return response;
    });
}

/// `name` empty: the view is the path's first variable.
Route viewRoute(RestContext &context, std::string pattern, std::string name, Shape shape, Answer answer)
{
    Route route;
    route.pattern = std::move(pattern);
    route.run = [&context, name = std::move(name), shape, answer](ExchangeId exchange, const RequestPtr &request) {
        ViewRequest view(name.empty() ? request->params[0] : name, shape, request);
        auto atLeast = view.query.number("atLeast");
        if (!atLeast)
            return context.answer(exchange, request, atLeast.error());
        if (!*atLeast)
            return readView(context, exchange, std::move(view), answer, false);
        auto preference = waitPreference(request->head);
        if (!preference)
            return context.answer(exchange, request, preference.error());
        const auto wait = preference->wait > 0ms ? preference->wait : std::chrono::milliseconds(staleWait);
        context.whenReached(exchange, RestContext::Reach::Viewed, Position{**atLeast}, wait,
                            [&context, exchange, answer, view = std::move(view)](bool reached) {
                                readView(context, exchange, view, answer, !reached);
                            });
    };
    return route;
}

/// A page of documents as JSON, or all of them in another form.
Route documentsRoute(RestContext &context, std::string pattern, const std::string &name, Shape shape)
{
    auto route = viewRoute(context, std::move(pattern), name, shape, documents);
    route.produces = Produces::List;
    route.run = [&context, name, shape, page = std::move(route.run)](ExchangeId exchange, const RequestPtr &request) {
        if (listFormat(request->head) == ListFormat::Json)
            return page(exchange, request);
        streamDocuments(context, exchange, request, name.empty() ? request->params[0] : name, shape == Shape::Bare);
    };
    return route;
}

Result<Response> viewList(Engine &engine)
{
    Response response;
    ObjectWriter json(response.body);
    json.name("views");
    {
        ArrayWriter items(response.body);
        for (const auto &status : engine.views().views()) {
            items.next();
            appendViewStatus(response.body, status);
        }
    }
    json.end();
    response.at(shownPosition(engine, std::nullopt));
    return response;
}

} // namespace

void addViewRoutes(Router &router, RestContext &context)
{
    Route list;
    list.pattern = "/views";
    list.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request, [&context](std::stop_token) { return viewList(context.engine()); });
    };
    router.add(std::move(list));
    router.add(documentsRoute(context, "/views/{view}", {}, Shape::Enveloped));
    router.add(viewRoute(context, "/views/{view}/{key}", {}, Shape::Enveloped, document));
    router.add(viewRoute(context, "/views/{view}/{key}/history", {}, Shape::Enveloped, history));
    router.add(viewRoute(context, "/views/{view}/{key}/blame", {}, Shape::Enveloped, blame));
    router.add(viewRoute(context, "/views/{view}/{key}/diff", {}, Shape::Enveloped, diff));

    for (const auto &domain : context.engine().commands().domains()) {
        for (const auto &view : domain.views) {
            // The server's own paths win over a domain's.
            if (!view.path.starts_with('/') || router.knows(view.path))
                continue;
            for (auto route : {documentsRoute(context, view.path, view.name, Shape::Bare),
                               viewRoute(context, view.path + "/{key}", view.name, Shape::Bare, document)}) {
                route.view = view.name;
                router.add(std::move(route));
            }
        }
    }
}

} // namespace commander::rest
