// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/routes.h"
#include "rest/updates/stream_hub.h"
#include "rest/websocket/socket_hub.h"

namespace commander::rest {

namespace {

/// The stream begins, as the client asked for it.
void begin(RestContext &context, ExchangeId exchange, const RequestPtr &request, StreamPlace place,
           StreamSelection selection)
{
    if (request->webSocket)
        context.sockets().open(exchange, request, SocketHub::First{place, std::move(selection)});
    else
        context.streams().open(exchange, place, std::move(selection));
}

void openStream(RestContext &context, ExchangeId exchange, const RequestPtr &request)
{
    const QueryParams query(request->head.query());
    const auto source = streamSource(request->head.path());
    if (!source) {
        return context.answer(exchange, request,
                              {ErrorCode::NotFound, "there are no updates at this path", {}, {}, {}});
    }
    if (request->webSocket) {
        const auto subscribe = query.text("subscribe").value_or("true");
        if (subscribe == "false")
            return context.sockets().open(exchange, request, std::nullopt);
    }
    auto wanted = readStreamRequest(*source, query, request->head.field("last-event-id"));
    if (!wanted)
        return context.answer(exchange, request, wanted.error());
    if (request->head.method() == Method::Head) {
        Response response;
        response.contentType = "text/event-stream";
        return context.answer(exchange, response);
    }
    context.compute(
        exchange, [&context, exchange, request, wanted = std::move(*wanted)](std::stop_token) -> std::function<void()> {
            auto place = placeOf(context.engine(), wanted);
            if (auto *problem = std::get_if<Problem>(&place)) {
                problem->instance = request->head.path();
                return
                    [&context, exchange, response = problemResponse(*problem)] { context.answer(exchange, response); };
            }
            return [&context, exchange, request, place = std::get<StreamPlace>(place), selection = wanted.selection] {
                begin(context, exchange, request, place, selection);
            };
        });
}

} // namespace

void addUpdateRoutes(Router &router, RestContext &context)
{
    for (const auto *pattern :
         {"/updates", "/commands/updates", "/events/updates", "/results/updates", "/views/{view}/updates"}) {
        Route route;
        route.pattern = pattern;
        route.produces = Produces::EventStream;
        route.webSocket = true;
        route.run
            = [&context](ExchangeId exchange, const RequestPtr &request) { openStream(context, exchange, request); };
        router.add(std::move(route));
    }
}

} // namespace commander::rest
