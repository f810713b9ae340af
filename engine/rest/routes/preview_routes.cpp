// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/record_queries.h"
#include "rest/routes/routes.h"
#include "rest/routes/submit_request.h"

#include <commander/experiment_json.h>

namespace commander::rest {

namespace {

Result<Response> preview(Engine &engine, const RequestPtr &request, std::stop_token stop)
{
    auto draft = commandReader(request->head)(request->body, actorOf(*request));
    if (!draft)
        return fail(draft.error());
    if (auto applied = applyHeaders(request->head, *draft); !applied)
        return fail(applied.error());
    const QueryParams query(request->head.query());
    const auto at = momentParam(engine, query, "at");
    if (!at)
        return fail(at.error());
    const auto preview = engine.previews().preview(std::move(*draft), *at, stop);
    if (!preview)
        return fail(preview.error());
    Response response;
    response.body = previewJson(*preview);
    response.at(preview->at);
    return response;
}

} // namespace

void addPreviewRoutes(Router &router, RestContext &context)
{
    Route route;
    route.verb = Method::Post;
    route.pattern = "/commands/preview";
    route.needs = Needs::Submit;
    route.bodies = {"application/json", "application/cloudevents+json"};
    route.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request,
                     [&context, request](std::stop_token stop) { return preview(context.engine(), request, stop); });
    };
    router.add(std::move(route));
}

} // namespace commander::rest
