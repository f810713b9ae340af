// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/cloud_event.h"
#include "rest/routes/lineage_query.h"
#include "rest/routes/list_streams.h"
#include "rest/routes/routes.h"
#include "rest/routes/submit_request.h"

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr auto indexWait = 2s; ///< how long a lineage waits for the index to come to the record

Result<Response> commandResponse(Engine &engine, const RequestHead &head, const std::string &id)
{
    auto command = findRecord(engine, id, RecordKind::Command);
    if (!command)
        return fail(command.error());
    auto state = commandState(engine, (*command)->id);
    if (!state)
        return fail(state.error());
    Response response;
    if (listFormat(head) == ListFormat::CloudEvents) {
        response.contentType = cloudEventType;
        appendCloudEvent(response.body, **command, engine.ledger().ledgerId(), state->status);
    } else {
        appendCommand(response.body, **command, *state);
    }
    response.at(state->result ? state->result->position : (*command)->position);
    // The command never changes, but its result and its children come later.
    applyEntityTag(response, head,
                   std::to_string((*command)->position.value) + '-' + std::string(commandStatusName(state->status))
                       + '-' + std::to_string(state->children.size()));
    return response;
}

Result<Response> pendingResponse(const Record &command)
{
    Response response;
    response.status = 202;
    appendCommand(response.body, command, {});
    response.with("Location", "/commands/" + command.id.text());
    response.with("Retry-After", "1");
    response.at(command.position);
    return response;
}

Result<Response> resultResponse(Engine &engine, const RequestHead &head, const std::string &id)
{
    auto command = findRecord(engine, id, RecordKind::Command);
    if (!command)
        return fail(command.error());
    auto result = findResult(engine, (*command)->id);
    if (!result)
        return fail(result.error());
    if (!*result)
        return pendingResponse(**command);
    Response response;
    if (listFormat(head) == ListFormat::CloudEvents) {
        response.contentType = cloudEventType;
        appendCloudEvent(response.body, **result, engine.ledger().ledgerId());
    } else {
        appendResult(response.body, **result);
    }
    response.at((*result)->position);
    applyEntityTag(response, head, std::to_string((*result)->position.value));
    return response;
}

Result<Response> eventsResponse(Engine &engine, const std::string &id)
{
    auto command = findRecord(engine, id, RecordKind::Command);
    if (!command)
        return fail(command.error());
    auto result = findResult(engine, (*command)->id);
    if (!result)
        return fail(result.error());
    if (!*result)
        return pendingResponse(**command);
    const auto outcome = parseOutcome((*result)->data);
    if (!outcome)
        return fail(outcome.error());
    Response response;
    ObjectWriter json(response.body);
    json.name("events");
    {
        ArrayWriter events(response.body);
        for (const auto &event : outcome->events) {
            auto record = findRecord(engine, event);
            if (!record)
                return fail(record.error());
            events.next();
            appendEvent(response.body, **record);
        }
    }
    json.end();
    response.at((*result)->position);
    return response;
}

/// Runs `then` on the server thread when the command has a result or the client's patience is over; at once without
/// one.
void afterResult(RestContext &context, const RequestPtr &request, std::chrono::milliseconds wait,
                 std::function<void()> then)
{
    const auto id = Uuid::parse(request->params[0]);
    if (!id || wait == 0ms)
        return then();
    const auto returns = context.returns();
    context.engine().commands().awaitResult(
        *id, wait, [returns, then = std::move(then)](const RecordPtr &) { returns->post(then); });
}

using Answer = Result<Response> (*)(Engine &, const RequestPtr &);

Route waitingRoute(RestContext &context, std::string pattern, Answer answer)
{
    Route route;
    route.pattern = std::move(pattern);
    route.produces = Produces::Record;
    route.run = [&context, answer](ExchangeId exchange, const RequestPtr &request) {
        auto preference = waitPreference(request->head);
        if (!preference)
            return context.answer(exchange, request, preference.error());
        afterResult(context, request, preference->wait,
                    [&context, answer, exchange, request, applied = preference->applied] {
                        context.read(exchange, request, [&context, answer, request, applied](std::stop_token) {
                            auto response = answer(context.engine(), request);
                            if (response && !applied.empty())
                                response->with("Preference-Applied", applied);
                            return response;
                        });
                    });
    };
    return route;
}

RecordList commandList(Engine &engine)
{
    RecordList list;
    list.path = "/commands";
    list.member = "commands";
    list.kinds = {RecordKind::Command};
    list.append = [&engine](std::string &out, const RecordPtr &command) -> Result<void> {
        auto state = commandState(engine, command->id);
        if (!state)
            return fail(state.error());
        appendCommand(out, *command, *state);
        return {};
    };
    return list;
}

} // namespace

void addCommandRoutes(Router &router, RestContext &context)
{
    Route list;
    list.pattern = "/commands";
    list.produces = Produces::Records;
    list.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        answerList(context, exchange, request, commandList(context.engine()));
    };
    router.add(std::move(list));

    router.add(waitingRoute(context, "/commands/{id}", [](Engine &engine, const RequestPtr &request) {
        return commandResponse(engine, request->head, request->params[0]);
    }));
    router.add(waitingRoute(context, "/commands/{id}/result", [](Engine &engine, const RequestPtr &request) {
        return resultResponse(engine, request->head, request->params[0]);
    }));
    router.add(waitingRoute(context, "/commands/{id}/events", [](Engine &engine, const RequestPtr &request) {
        return eventsResponse(engine, request->params[0]);
    }));

    for (const auto &[pattern, kind] : {std::pair("/commands/{id}/lineage", RecordKind::Command),
                                        std::pair("/events/{id}/lineage", RecordKind::Event)}) {
        Route route;
        route.pattern = pattern;
        route.produces = Produces::Any;
        route.run = [&context, wanted = kind](ExchangeId exchange, const RequestPtr &request) {
            // The chain comes from the index, so a record that was only just written is waited for.
            context.whenReached(exchange, RestContext::Reach::Indexed, context.engine().updates().progress().ledger,
                                indexWait, [&context, wanted, exchange, request](bool) {
                                    context.read(exchange, request,
                                                 [&context, wanted, request](std::stop_token stop) -> Result<Response> {
                                                     auto &engine = context.engine();
                                                     auto record = findRecord(engine, request->params[0], wanted);
                                                     if (!record)
                                                         return fail(record.error());
                                                     return lineageResponse(engine, (*record)->id,
                                                                            QueryParams(request->head.query()), stop);
                                                 });
                                });
        };
        router.add(std::move(route));
    }
}

} // namespace commander::rest
