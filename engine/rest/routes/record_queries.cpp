// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/record_queries.h"

#include "rest/gate/http_syntax.h"
#include "rest/json/cloud_event.h"

#include <commander/clock.h>
#include <commander/derived_id.h>

#include <algorithm>

namespace commander::rest {

namespace {

constexpr std::size_t offsetMax = 100'000;
constexpr std::size_t followUpEventsMax = 32; ///< events of a command that are asked for their follow-up commands
constexpr std::size_t followUpsMax = 100;     ///< per event

/// Where a page begins or, `before`, in front of what it ends.
struct PageMark {
    Position position;
    bool before = false;
};

std::string cursorBefore(Position position)
{
    return writeCursor('<' + std::to_string(position.value));
}

/// The place that the cursor names, or the end of the ledger that comes first in this order.
Result<PageMark> pageMark(Engine &engine, const QueryParams &query, ScanDirection order)
{
    if (const auto cursor = query.text("cursor")) {
        auto content = readCursor(*cursor);
        if (!content)
            return fail(content.error());
        const bool before = content->starts_with('<');
        auto moment = parseMoment(std::string_view(*content).substr(before ? 1 : 0), "cursor");
        if (!moment || !std::holds_alternative<Position>(*moment))
            return fail(ErrorCode::InvalidArgument, "not a cursor of this list", "cursor");
        return PageMark{std::get<Position>(*moment), before};
    }
    if (order == ScanDirection::OldestFirst)
        return PageMark{Position{1}};
    auto extent = engine.records().extent();
    if (!extent)
        return fail(extent.error());
    return PageMark{extent->position};
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

/// A page, and the cursors of those beside it; empty where there is none.
struct ListPage {
    std::vector<Position> positions;
    std::string next;
    std::string previous;
};

/// The page that ends before the scan's start: what lies there is found going back.
Result<ListPage> pageBefore(Engine &engine, const RecordScan &scan, std::size_t limit, std::stop_token stop)
{
    ListPage page;
    const bool oldest = scan.order == ScanDirection::OldestFirst;
    const auto back = oldest ? ScanDirection::NewestFirst : ScanDirection::OldestFirst;
    page.next = writeCursor(std::to_string(scan.start.value));
    if (oldest && scan.start.value <= 1)
        return page;
    auto found
        = collect(engine, scan.filter, {oldest ? scan.start.value - 1 : scan.start.value + 1}, back, limit, stop);
    if (!found)
        return fail(found.error());
    page.positions.assign(found->positions.rbegin(), found->positions.rend());
    if (!found->complete && !page.positions.empty())
        page.previous = cursorBefore(page.positions.front());
    return page;
}

Result<ListPage> pageOf(Engine &engine, const RecordScan &scan, std::size_t limit, std::size_t skipped,
                        std::stop_token stop)
{
    if (scan.before)
        return pageBefore(engine, scan, limit, stop);
    ListPage page;
    if (scan.start.value == 0)
        return page;
    auto found = collect(engine, scan.filter, scan.start, scan.order, limit + skipped, stop);
    if (!found)
        return fail(found.error());
    page.positions.assign(found->positions.begin()
                              + static_cast<std::ptrdiff_t>(std::min(skipped, found->positions.size())),
                          found->positions.end());
    if (!found->complete && found->next.value > 0)
        page.next = writeCursor(std::to_string(found->next.value));
    if (scan.continued)
        page.previous = cursorBefore(scan.start);
    return page;
}

/// `skipped`: the client counts by itself, and gets the page before in the same way.
void linkPages(Response &response, const std::string &path, const QueryParams &query, const ListPage &page,
               std::size_t skipped, std::size_t limit)
{
    std::string links;
    const auto link = [&](std::string_view relation, std::string_view without, const std::string &parameter) {
        const auto others = QueryParams(query.without("cursor")).without(without);
        links += (links.empty() ? "<" : ", <") + path + '?' + others + (others.empty() ? "" : "&") + parameter
            + ">; rel=\"" + std::string(relation) + '"';
    };
    if (!page.next.empty())
        link("next", "cursor", "cursor=" + page.next);
    if (skipped > 0)
        link("prev", "offset", "offset=" + std::to_string(skipped - std::min(skipped, limit)));
    else if (!page.previous.empty())
        link("prev", "cursor", "cursor=" + page.previous);
    if (!links.empty())
        response.with("Link", links);
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
    const auto first = query.number("first");
    if (!first)
        return fail(first.error());
    const auto last = query.number("last");
    if (!last)
        return fail(last.error());
    filter->first = Position{std::max<std::uint64_t>(1, first->value_or(1))};
    filter->last = Position{last->value_or(filter->last.value)};
    auto order = scanOrder(query, list.order);
    if (!order)
        return fail(order.error());
    auto mark = pageMark(engine, query, *order);
    if (!mark)
        return fail(mark.error());
    return RecordScan{std::move(*filter), *order, mark->position, query.text("cursor").has_value(), mark->before};
}

RecordList asCloudEvents(Engine &engine, RecordList list)
{
    list.batch = true;
    list.append
        = [&engine, ledger = engine.ledger().ledgerId()](std::string &out, const RecordPtr &record) -> Result<void> {
        std::optional<CommandStatus> status;
        if (record->kind == RecordKind::Command) {
            auto result = findResult(engine, record->id);
            if (!result)
                return fail(result.error());
            status = *result ? commandStatusFromName((*result)->action).value_or(CommandStatus::Failed)
                             : CommandStatus::Accepted;
        }
        appendCloudEvent(out, *record, ledger, status);
        return {};
    };
    return list;
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
    const auto total = query.exactTotal();
    if (!total)
        return fail(total.error());
    const std::size_t skipped = query.text("cursor") ? 0 : offset->value_or(0);

    auto page = pageOf(engine, *scan, *limit, skipped, stop);
    if (!page)
        return fail(page.error());
    auto records = engine.records().at(page->positions, stop);
    if (!records)
        return fail(records.error());

    Response response;
    std::string items;
    {
        ArrayWriter array(items);
        for (const auto &record : *records) {
            array.next();
            if (auto appended = list.append(items, record); !appended)
                return fail(appended.error());
        }
    }
    linkPages(response, list.path, query, *page, skipped, *limit);
    response.at(engine.updates().progress().indexed);
    if (list.batch) {
        response.contentType = cloudEventBatchType;
        response.body = std::move(items);
        return response;
    }
    ObjectWriter json(response.body);
    json.raw(list.member, items);
    json.number("limit", *limit);
    if (*offset)
        json.number("offset", **offset);
    if (!page->next.empty())
        json.plain("cursor", page->next);
    if (*total) {
        auto count = countMatches(engine, scan->filter, stop);
        if (!count)
            return fail(count.error());
        json.number("total", *count);
    }
    json.end();
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
