// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/api/open_api.h"
#include "rest/routes/routes.h"
#include "rest/security/access_desk.h"

namespace commander::rest {

namespace {

Result<Response> jsonAnswer(Result<std::string> document)
{
    if (!document)
        return fail(document.error());
    Response response;
    response.body = std::move(*document);
    return response;
}

} // namespace

void addApiRoutes(Router &router, RestContext &context)
{
    Route openApi;
    openApi.pattern = "/openapi.json";
    openApi.run = [&context, &router](ExchangeId exchange, const RequestPtr &request) {
        // The router belongs to the server thread, so the document is written here.
        router.refresh();
        auto response
            = jsonAnswer(openApiDocument(router, context.engine().commands().domains(), context.desk().isOpen()));
        response ? context.answer(exchange, *response) : context.answer(exchange, request, response.error());
    };
    router.add(std::move(openApi));

    Route asyncApi;
    asyncApi.pattern = "/asyncapi.json";
    asyncApi.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request, [&context, request](std::stop_token) {
            return jsonAnswer(asyncApiDocument(request->head.field("host").value_or("localhost"),
                                               context.engine().commands().domains()));
        });
    };
    router.add(std::move(asyncApi));
}

} // namespace commander::rest
