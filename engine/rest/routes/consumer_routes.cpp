// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/object_writer.h"
#include "rest/routes/routes.h"

#include <algorithm>

namespace commander::rest {

namespace {

Result<Response> listResponse(Engine &engine)
{
    const auto head = engine.ledger().head();
    if (!head)
        return fail(head.error());
    Response response;
    ObjectWriter json(response.body);
    json.name("consumers");
    {
        ArrayWriter consumers(response.body);
        for (const auto &status : engine.consumers().list()) {
            consumers.next();
            response.body += consumerJson(status);
        }
    }
    json.end();
    response.at(head->position);
    return response;
}

/// The body may say why: `{"reason":"…"}`.
Result<ConsumerRequest> readRequest(const CheckedRequest &request)
{
    ConsumerRequest asked{request.params.front(), actorOf(request), {}};
    if (request.body.empty())
        return asked;
    const auto json = parseJson(request.body);
    if (!json)
        return fail(json.error());
    const auto *members = json->asObject();
    const auto *reason = json->find("reason");
    if (!members || members->size() > 1 || (members->size() == 1 && (!reason || !reason->asString()))) {
        return fail(ErrorCode::InvalidArgument, "the body is an object with a reason, or nothing", "reason",
                    R"(Send {"reason":"why"}.)");
    }
    if (reason)
        asked.reason = *reason->asString();
    return asked;
}

/// Answers with the consumer as it stands then.
Result<Response> statusResponse(Engine &engine, const std::string &name)
{
    const auto consumers = engine.consumers().list();
    const auto found = std::find_if(consumers.begin(), consumers.end(), [&name](const ConsumerStatus &one) {
        return one.name == name || (one.serves && one.name.starts_with(name + '@'));
    });
    if (found == consumers.end())
        return fail(ErrorCode::NotFound, "no such consumer", name);
    Response response;
    response.body = consumerJson(*found);
    response.at(found->position);
    return response;
}

void addAction(Router &router, RestContext &context, const char *verb,
               Result<void> (*act)(Consumers &, const ConsumerRequest &), int status)
{
    Route route;
    route.verb = Method::Post;
    route.pattern = std::string("/consumers/{name}/") + verb;
    route.bodies = {"application/json"};
    route.bodyOptional = true;
    route.needs = Needs::Operate;
    route.run = [&context, act, status](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request, [&context, act, status, request](std::stop_token) -> Result<Response> {
            auto asked = readRequest(*request);
            if (!asked)
                return fail(asked.error());
            if (auto done = act(context.engine().consumers(), *asked); !done)
                return fail(std::move(done.error()));
            auto response = statusResponse(context.engine(), asked->name);
            if (response)
                response->status = status;
            return response;
        });
    };
    router.add(std::move(route));
}

} // namespace

void addConsumerRoutes(Router &router, RestContext &context)
{
    Route list;
    list.pattern = "/consumers";
    list.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request, [&context](std::stop_token) { return listResponse(context.engine()); });
    };
    router.add(std::move(list));
    Route one;
    one.pattern = "/consumers/{name}";
    one.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request, [&context, request](std::stop_token) {
            return statusResponse(context.engine(), request->params.front());
        });
    };
    router.add(std::move(one));
    addAction(
        router, context, "pause",
        [](Consumers &consumers, const ConsumerRequest &asked) { return consumers.pause(asked); }, 200);
    addAction(
        router, context, "resume",
        [](Consumers &consumers, const ConsumerRequest &asked) { return consumers.resume(asked); }, 200);
    addAction(
        router, context, "reset",
        [](Consumers &consumers, const ConsumerRequest &asked) { return consumers.reset(asked); }, 202);
    addAction(
        router, context, "skip",
        [](Consumers &consumers, const ConsumerRequest &asked) -> Result<void> {
            const auto skipped = consumers.skip(asked);
            return skipped ? Result<void>() : fail(skipped.error());
        },
        200);
}

} // namespace commander::rest
