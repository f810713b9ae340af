// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/document_projection.h"
#include "rest/routes/document_query.h"
#include "rest/routes/domain_paths.h"
#include "rest/routes/list_streams.h"
#include "rest/routes/routes.h"
#include "rest/routes/submit_request.h"
#include "rest/routes/view_source.h"
#include "system/system_words.h"

#include <commander/limits.h>

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

Result<Projection> projection(const ViewRequest &view)
{
    const auto fields = view.query.pointers("fields");
    return fields ? Result<Projection>(Projection(*fields)) : fail(fields.error());
}

/// How many documents the whole list has.
Result<std::uint64_t> countDocuments(const ViewSource &source, const ViewRequest &view, DocumentListRequest ask,
                                     std::stop_token stop)
{
    std::uint64_t total = 0;
    ask.limit = limits::pageRowsMax;
    ask.afterKey.reset();
    ask.afterValue.reset();
    for (;;) {
        const auto page = source.reader().list(view.view, ask, stop);
        if (!page)
            return fail(page.error());
        total += page->documents.size();
        if (!page->nextKey)
            return total;
        ask.afterKey = page->nextKey;
        ask.afterValue = page->nextValue;
    }
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
    const auto chosen = projection(view);
    if (!chosen)
        return fail(chosen.error());
    auto at = momentParam(engine, view.query, "at");
    if (!at)
        return fail(at.error());
    ask->at = *at;
    auto total = view.query.exactTotal();
    if (!total)
        return fail(total.error());
    const auto source = ViewSource::of(engine, view.view, view.query);
    if (!source)
        return fail(source.error());
    auto list = source->reader().list(view.view, *ask, stop);
    if (!list)
        return fail(list.error());
    for (auto &document : list->documents) {
        auto shown = chosen->of(std::move(document.json));
        if (!shown)
            return fail(shown.error());
        document.json = std::move(*shown);
    }

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
        if (*total) {
            const auto count = countDocuments(*source, view, *ask, stop);
            if (!count)
                return fail(count.error());
            out += ",\"total\":" + std::to_string(*count);
        }
        out += '}';
    }
    if (!cursor.empty())
        linkNext(response, std::string(view.request->head.path()), view.query, cursor);
    response.at(source->shown(*at));
    return response;
}

Result<Response> document(Engine &engine, const ViewRequest &view, std::stop_token)
{
    auto at = momentParam(engine, view.query, "at");
    if (!at)
        return fail(at.error());
    const auto chosen = projection(view);
    if (!chosen)
        return fail(chosen.error());
    const auto source = ViewSource::of(engine, view.view, view.query);
    if (!source)
        return fail(source.error());
    auto found = source->reader().get(view.view, view.key(), *at);
    if (!found)
        return fail(found.error());
    auto json = chosen->of(std::move(found->json));
    if (!json)
        return fail(json.error());
    found->json = std::move(*json);
    Response response;
    if (view.shape == Shape::Enveloped)
        appendDocument(response.body, *found);
    else
        response.body = found->json;
    response.at(source->shown(*at));
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
    const auto source = ViewSource::of(engine, view.view, view.query);
    if (!source)
        return fail(source.error());
    const auto &key = view.request->params[1];
    auto changes = source->reader().history(view.view, key, before, *limit);
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
    response.at(source->position());
    return response;
}

Result<Response> blame(Engine &engine, const ViewRequest &view, std::stop_token)
{
    auto at = momentParam(engine, view.query, "at");
    if (!at)
        return fail(at.error());
    const auto source = ViewSource::of(engine, view.view, view.query);
    if (!source)
        return fail(source.error());
    const auto &key = view.request->params[1];
    auto origins = source->reader().blame(view.view, key, *at);
    if (!origins)
        return fail(origins.error());
    Response response;
    ObjectWriter json(response.body);
    json.text("view", view.view);
    json.text("key", key);
    json.name("fields");
    appendOrigins(response.body, *origins);
    json.end();
    response.at(source->shown(*at));
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
    const auto source = ViewSource::of(engine, view.view, view.query);
    if (!source)
        return fail(source.error());
    const auto until = to->value_or(source->position());
    const auto &key = view.request->params[1];
    auto fields = source->reader().diff(view.view, key, **from, until);
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

/// `wanted`: the position that the documents should have come to; `reached`: whether all that serves has.
void readView(RestContext &context, ExchangeId exchange, ViewRequest view, Answer answer, Position wanted, bool reached)
{
    const auto request = view.request;
    context.read(exchange, request, [&context, answer, wanted, reached, view = std::move(view)](std::stop_token stop) {
        // Another version than the one that serves goes its own pace.
        const bool own = view.query.text("version").has_value();
        const auto source
            = own ? ViewSource::of(context.engine(), view.view, view.query) : Result<ViewSource>(ViewSource());
        auto response = answer(context.engine(), view, stop);
        if (response && (!reached || (own && source && source->position() < wanted)))
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
            return readView(context, exchange, std::move(view), answer, {}, true);
        auto preference = waitPreference(request->head);
        if (!preference)
            return context.answer(exchange, request, preference.error());
        const auto wait = preference->wait > 0ms ? preference->wait : std::chrono::milliseconds(staleWait);
        context.whenReached(exchange, RestContext::Reach::Viewed, Position{**atLeast}, wait,
                            [&context, exchange, answer, view = std::move(view), wanted = **atLeast](bool reached) {
                                readView(context, exchange, view, answer, Position{wanted}, reached);
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
        const auto format = listFormat(request->head);
        if (format != ListFormat::Ndjson && format != ListFormat::Csv)
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
    response.at(engine.updates().progress().viewed);
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
    // A sequence of commands that waits behind a faulted one is a document as any other.
    router.add(documentsRoute(context, "/dead-letters", std::string(system::deadLettersView), Shape::Enveloped));

    const auto paths
        = std::make_shared<DomainPaths>(context.engine(), [&context](const std::string &path, const std::string &view) {
              return std::vector{documentsRoute(context, path, view, Shape::Bare),
                                 viewRoute(context, path + "/{key}", view, Shape::Bare, document)};
          });
    router.onRefresh([&router, paths] { paths->refresh(router); });
    paths->refresh(router);
}

} // namespace commander::rest
