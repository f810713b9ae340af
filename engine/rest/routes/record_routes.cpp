// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/cloud_event.h"
#include "rest/routes/list_streams.h"
#include "rest/routes/routes.h"

#include <limits>

namespace commander::rest {

namespace {

using Answer = Result<Response> (*)(Engine &, const RequestPtr &, std::stop_token);

Route readRoute(RestContext &context, std::string pattern, Answer answer)
{
    Route route;
    route.pattern = std::move(pattern);
    route.run = [&context, answer](ExchangeId exchange, const RequestPtr &request) {
        context.read(exchange, request, [&context, answer, request](std::stop_token stop) {
            return answer(context.engine(), request, stop);
        });
    };
    return route;
}

/// A page as JSON, or the whole list in another form.
Route listRoute(RestContext &context, std::string pattern, RecordList (*list)())
{
    Route route;
    route.pattern = std::move(pattern);
    route.produces = Produces::Records;
    route.run = [&context, list](ExchangeId exchange, const RequestPtr &request) {
        answerList(context, exchange, request, list());
    };
    return route;
}

RecordList events()
{
    RecordList list;
    list.path = "/events";
    list.member = "events";
    list.kinds = {RecordKind::Event};
    list.append = [](std::string &out, const RecordPtr &event) -> Result<void> {
        appendEvent(out, *event);
        return {};
    };
    return list;
}

Result<Response> event(Engine &engine, const RequestPtr &request, std::stop_token)
{
    auto record = findRecord(engine, request->params[0], RecordKind::Event);
    if (!record)
        return fail(record.error());
    Response response;
    if (listFormat(request->head) == ListFormat::CloudEvents) {
        response.contentType = cloudEventType;
        appendCloudEvent(response.body, **record, engine.ledger().ledgerId());
    } else {
        appendEvent(response.body, **record);
    }
    response.at((*record)->position);
    applyEntityTag(response, request->head, std::to_string((*record)->position.value));
    return response;
}

RecordList records()
{
    RecordList list;
    list.path = "/records";
    list.member = "records";
    list.order = ScanDirection::OldestFirst;
    list.append = [](std::string &out, const RecordPtr &record) -> Result<void> {
        appendRawRecord(out, *record);
        return {};
    };
    return list;
}

Result<Response> topics(Engine &engine, const RequestPtr &, std::stop_token)
{
    auto counts = engine.records().topics();
    if (!counts)
        return fail(counts.error());
    Response response;
    ObjectWriter json(response.body);
    json.name("topics");
    {
        ArrayWriter items(response.body);
        for (const auto &[name, count] : *counts) {
            items.next();
            ObjectWriter item(response.body);
            item.text("topic", name);
            item.number("records", count);
        }
    }
    json.end();
    response.at(engine.updates().progress().indexed);
    return response;
}

Result<Response> topicRecords(Engine &engine, const RequestPtr &request, std::stop_token)
{
    const QueryParams query(request->head.query());
    auto limit = query.limit();
    if (!limit)
        return fail(limit.error());
    auto partition = query.number("partition");
    if (!partition)
        return fail(partition.error());
    if (partition->value_or(0) > std::numeric_limits<std::uint32_t>::max())
        return fail(ErrorCode::InvalidArgument, "out of range", "partition");
    auto offset = query.number("offset");
    if (!offset)
        return fail(offset.error());
    const auto from = offset->value_or(0);
    auto page = engine.ledger().read({request->params[0], static_cast<std::uint32_t>(partition->value_or(0))},
                                     Offset{from}, *limit);
    if (!page)
        return fail(page.error());
    if (page->empty()) {
        auto known = engine.records().topics();
        if (!known)
            return fail(known.error());
        bool found = false;
        for (const auto &topic : *known)
            found = found || topic.name == request->params[0];
        if (!found)
            return fail(ErrorCode::NotFound, "no record has this topic", request->params[0]);
    }
    Response response;
    ObjectWriter json(response.body);
    json.name("records");
    {
        ArrayWriter items(response.body);
        for (const auto &record : *page) {
            items.next();
            appendRawRecord(response.body, *record);
        }
    }
    json.number("limit", *limit);
    json.number("offset", from);
    json.end();
    if (page->size() == *limit) {
        const auto others = query.without("offset");
        response.with("Link",
                      "</topics/" + percentEncoded(request->params[0]) + "/records?" + others
                          + (others.empty() ? "" : "&") + "offset=" + std::to_string(page->back()->offset.value + 1)
                          + ">; rel=\"next\"");
    }
    response.at(engine.updates().progress().ledger);
    return response;
}

} // namespace

void addRecordRoutes(Router &router, RestContext &context)
{
    router.add(listRoute(context, "/events", events));
    auto one = readRoute(context, "/events/{id}", event);
    one.produces = Produces::Record;
    router.add(std::move(one));
    router.add(listRoute(context, "/records", records));
    router.add(readRoute(context, "/topics", topics));
    router.add(readRoute(context, "/topics/{topic}/records", topicRecords));
}

} // namespace commander::rest
