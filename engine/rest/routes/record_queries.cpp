// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/record_queries.h"

#include "rest/gate/http_syntax.h"

#include <commander/clock.h>
#include <commander/derived_id.h>

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::size_t offsetMax = 100'000;
constexpr std::size_t followUpEventsMax = 32; ///< events of a command that are asked for their follow-up commands
constexpr std::size_t followUpsMax = 100;     ///< per event

/// Where a page begins: the place that the cursor names, or the end of the ledger that comes first in this order.
Result<Position> pageStart(Engine &engine, const QueryParams &query, ScanDirection order)
{
    if (const auto cursor = query.text("cursor")) {
        auto content = readCursor(*cursor);
        if (!content)
            return fail(content.error());
        auto moment = parseMoment(*content, "cursor");
        if (!moment || !std::holds_alternative<Position>(*moment))
            return fail(ErrorCode::InvalidArgument, "not a cursor of this list", "cursor");
        return std::get<Position>(*moment);
    }
    if (order == ScanDirection::OldestFirst)
        return Position{1};
    auto extent = engine.records().extent();
    if (!extent)
        return fail(extent.error());
    return extent->position;
}

Result<ScanDirection> scanOrder(const QueryParams &query, ScanDirection fallback)
{
    const auto order = query.text("order");
    if (!order)
        return fallback;
    if (*order == "newest")
        return ScanDirection::NewestFirst;
    if (*order == "oldest")
        return ScanDirection::OldestFirst;
    return fail(ErrorCode::InvalidArgument, "unknown order " + *order, "order", "Use newest or oldest.");
}

/// The first `wanted` matches from `start` on; `next` is where the search would go on.
Result<MatchPage> collect(Engine &engine, const RecordFilter &filter, Position start, ScanDirection order,
                          std::size_t wanted, std::stop_token stop)
{
    MatchPage all;
    all.next = start;
    while (!all.complete && all.positions.size() < wanted) {
        auto page = engine.records().match(filter, all.next, order, wanted - all.positions.size(), stop);
        if (!page)
            return fail(page.error());
        all.positions.insert(all.positions.end(), page->positions.begin(), page->positions.end());
        all.next = page->next;
        all.complete = page->complete;
    }
    return all;
}

Result<std::uint64_t> countMatches(Engine &engine, const RecordFilter &filter, std::stop_token stop)
{
    std::uint64_t total = 0;
    MatchPage page;
    page.next = Position{1};
    while (!page.complete) {
        auto next = engine.records().match(filter, page.next, ScanDirection::OldestFirst, limits::pageRowsMax, stop);
        if (!next)
            return fail(next.error());
        total += next->positions.size();
        page = std::move(*next);
    }
    return total;
}

} // namespace

Result<RecordPtr> findRecord(Engine &engine, const Uuid &id)
{
    auto indexed = engine.records().find(id);
    if (indexed || indexed.error().code != ErrorCode::NotFound)
        return indexed;
    return engine.ledger().find(id);
}

Result<RecordPtr> findRecord(Engine &engine, std::string_view idText, RecordKind kind)
{
    auto id = Uuid::parse(idText);
    if (!id)
        return fail(id.error());
    auto record = findRecord(engine, *id);
    if (record && (*record)->kind != kind) {
        return fail(ErrorCode::NotFound, "the record of this id is no " + std::string(recordKindName(kind)),
                    std::string(idText));
    }
    return record;
}

Result<RecordPtr> findResult(Engine &engine, const Uuid &command)
{
    auto indexed = engine.records().result(command);
    if (indexed && *indexed)
        return indexed;
    if (!indexed && indexed.error().code != ErrorCode::NotFound)
        return indexed;
    auto stored = engine.ledger().find(resultIdOf(command));
    if (!stored && stored.error().code == ErrorCode::NotFound)
        return RecordPtr();
    return stored;
}

Result<CommandState> commandState(Engine &engine, const Uuid &command)
{
    CommandState state;
    auto result = findResult(engine, command);
    if (!result)
        return fail(result.error());
    state.result = *result;
    if (!state.result)
        return state;
    state.status = commandStatusFromName(state.result->action).value_or(CommandStatus::Failed);
    const auto outcome = parseOutcome(state.result->data);
    if (!outcome)
        return fail(outcome.error());
    state.children = outcome->events;
    const auto asked = std::min(outcome->events.size(), followUpEventsMax);
    for (std::size_t i = 0; i < asked; ++i) {
        auto followUps = engine.records().children(outcome->events[i], followUpsMax);
        if (!followUps)
            return fail(followUps.error());
        for (const auto &followUp : *followUps)
            state.children.push_back(followUp->id);
    }
    return state;
}

Result<RecordScan> recordScan(Engine &engine, const RecordList &list, const QueryParams &query)
{
    auto filter = recordFilter(query, true, SystemClock().now());
    if (!filter)
        return fail(filter.error());
    if (!list.kinds.empty())
        filter->kinds = list.kinds;
    auto order = scanOrder(query, list.order);
    if (!order)
        return fail(order.error());
    auto start = pageStart(engine, query, *order);
    if (!start)
        return fail(start.error());
    return RecordScan{std::move(*filter), *order, *start};
}

Result<Response> listRecords(Engine &engine, const RecordList &list, const QueryParams &query, std::stop_token stop)
{
    auto limit = query.limit();
    if (!limit)
        return fail(limit.error());
    auto offset = query.number("offset");
    if (!offset)
        return fail(offset.error());
    if (offset->value_or(0) > offsetMax) {
        return fail(ErrorCode::InvalidArgument, "out of range", "offset",
                    "Use at most " + std::to_string(offsetMax) + ", or follow the cursor.");
    }
    auto scan = recordScan(engine, list, query);
    if (!scan)
        return fail(scan.error());
    if (auto fields = query.pointers("fields"); !fields)
        return fail(fields.error());
    const auto total = query.text("total");
    if (total && *total != "exact")
        return fail(ErrorCode::InvalidArgument, "unknown total " + *total, "total", "Use exact, or leave it out.");
    const std::size_t skipped = query.text("cursor") ? 0 : offset->value_or(0);

    MatchPage page;
    page.complete = true;
    if (scan->start.value > 0) {
        auto found = collect(engine, scan->filter, scan->start, scan->order, *limit + skipped, stop);
        if (!found)
            return fail(found.error());
        page = std::move(*found);
    }
    page.positions.erase(page.positions.begin(),
                         page.positions.begin()
                             + static_cast<std::ptrdiff_t>(std::min(skipped, page.positions.size())));
    auto records = engine.records().at(page.positions, stop);
    if (!records)
        return fail(records.error());

    Response response;
    ObjectWriter json(response.body);
    json.name(list.member);
    {
        ArrayWriter items(response.body);
        for (const auto &record : *records) {
            items.next();
            if (auto appended = list.append(response.body, record); !appended)
                return fail(appended.error());
        }
    }
    json.number("limit", *limit);
    if (*offset)
        json.number("offset", **offset);
    if (!page.complete && page.next.value > 0) {
        const auto cursor = writeCursor(std::to_string(page.next.value));
        json.plain("cursor", cursor);
        linkNext(response, list.path, query, cursor);
    }
    if (total) {
        auto count = countMatches(engine, scan->filter, stop);
        if (!count)
            return fail(count.error());
        json.number("total", *count);
    }
    json.end();
    response.at(engine.updates().progress().indexed);
    return response;
}

Result<Response> lineageResponse(Engine &engine, const Uuid &record, const QueryParams &query, std::stop_token stop)
{
    const auto format = query.text("format").value_or("json");
    if (format != "json" && format != "dot" && format != "mermaid") {
        return fail(ErrorCode::InvalidArgument, "unknown format " + format, "format", "Use json, dot or mermaid.");
    }
    auto graph = engine.lineage().around(record, limits::lineageNodesMax, stop);
    if (!graph)
        return fail(graph.error());
    Response response;
    if (format == "json") {
        appendLineage(response.body, *graph);
    } else {
        response.contentType = format == "dot" ? "text/vnd.graphviz; charset=utf-8" : "text/plain; charset=utf-8";
        response.body = format == "dot" ? lineageToDot(*graph) : lineageToMermaid(*graph);
    }
    response.at(engine.updates().progress().indexed);
    return response;
}

Result<std::optional<Position>> momentParam(Engine &engine, const QueryParams &query, std::string_view name)
{
    auto moment = query.moment(name);
    if (!moment)
        return fail(moment.error());
    if (!*moment)
        return std::nullopt;
    auto position = resolveMoment(engine, **moment);
    if (!position)
        return fail(position.error());
    return *position;
}

void linkNext(Response &response, const std::string &path, const QueryParams &query, const std::string &cursor)
{
    const auto others = query.without("cursor");
    response.with("Link",
                  "<" + path + "?" + others + (others.empty() ? "" : "&") + "cursor=" + percentEncoded(cursor)
                      + ">; rel=\"next\"");
}

void applyEntityTag(Response &response, const RequestHead &head, const std::string &tag)
{
    const std::string quoted = '"' + tag + '"';
    response.with("ETag", quoted);
    auto known = head.field("if-none-match").value_or("");
    while (!known.empty()) {
        const auto comma = known.find(',');
        auto item = trimmed(known.substr(0, comma));
        known = comma == std::string_view::npos ? std::string_view() : known.substr(comma + 1);
        if (item.starts_with("W/"))
            item.remove_prefix(2);
        if (item == quoted || item == "*") {
            response.status = 304;
            response.contentType.clear();
            response.body.clear();
            return;
        }
    }
}

} // namespace commander::rest
