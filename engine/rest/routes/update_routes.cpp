// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/query_params.h"
#include "rest/routes/routes.h"
#include "rest/updates/stream_hub.h"

#include <commander/clock.h>
#include <commander/filter.h>

#include <algorithm>
#include <charconv>

namespace commander::rest {

namespace {

/// What a client says of where its stream shall begin.
struct StreamStart {
    std::optional<StreamPlace> after; ///< the id of the last event it had: record and number of the change
    bool fromStart = false;
    std::optional<Moment> from;
};

Result<StreamPlace> parseEventId(std::string_view id)
{
    StreamPlace place;
    const auto colon = id.find(':');
    const auto number = [](std::string_view text, auto &value) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && !text.empty();
    };
    bool good = number(id.substr(0, colon), place.next.value);
    if (good && colon != std::string_view::npos)
        good = number(id.substr(colon + 1), place.parts);
    if (!good || place.parts > (std::size_t{1} << 40)) {
        return fail(ErrorCode::InvalidArgument, "not the id of an event of this server", "Last-Event-ID",
                    "It is a position such as 812, or 812:1.");
    }
    ++place.parts; // the record's own frame comes before its changes
    return place;
}

Result<StreamStart> streamStart(const CheckedRequest &request, const QueryParams &query)
{
    StreamStart start;
    std::optional<std::string> id;
    if (const auto field = request.head.field("last-event-id"); field && !field->empty())
        id = std::string(*field);
    else
        id = query.text("lastEventId");
    if (id) {
        auto place = parseEventId(*id);
        if (!place)
            return fail(place.error());
        start.after = *place;
        return start;
    }
    const auto from = query.text("from").value_or("now");
    if (from == "start") {
        start.fromStart = true;
    } else if (from != "now") {
        auto moment = parseMoment(from, "from");
        if (!moment)
            return fail(moment.error());
        start.from = *moment;
    }
    return start;
}

/// The same as a place in the ledger. Error with the problem for a position that is not there yet.
Result<StreamPlace> resolveStart(Engine &engine, const StreamStart &start, bool withChanges, Position &head)
{
    auto ledgerHead = engine.ledger().head();
    if (!ledgerHead)
        return fail(ledgerHead.error());
    head = ledgerHead->position;
    if (start.after) {
        StreamPlace place = *start.after;
        // Without changes, a record is one frame only.
        if (!withChanges || place.next.value == 0)
            place = {place.next.next(), 0};
        return place;
    }
    if (start.fromStart)
        return StreamPlace{Position{1}, 0};
    if (!start.from)
        return StreamPlace{head.next(), 0};
    if (const auto *position = std::get_if<Position>(&*start.from))
        return StreamPlace{Position{std::max<std::uint64_t>(1, position->value)}, 0};
    auto position = engine.records().positionAt(std::get<Timestamp>(*start.from));
    if (!position)
        return fail(position.error());
    return StreamPlace{Position{std::clamp<std::uint64_t>(position->value, 1, head.value + 1)}, 0};
}

Response cursorAhead(const RequestPtr &request, Position head)
{
    Problem problem;
    problem.status = 409;
    problem.code = "cursor-ahead";
    problem.detail = "The ledger ends at position " + std::to_string(head.value) + ".";
    problem.instance = request->head.path();
    problem.position = head;
    return problemResponse(problem);
}

void openStream(RestContext &context, ExchangeId exchange, const RequestPtr &request,
                const std::vector<RecordKind> &kinds)
{
    const QueryParams query(request->head.query());
    auto filter = recordFilter(query, false, SystemClock().now());
    if (!filter)
        return context.answer(exchange, request, filter.error());
    if (filter->status || (filter->expression && filter->expression->uses(FilterField::Status))) {
        return context.answer(exchange, request,
                              {ErrorCode::InvalidArgument,
                               "a stream has no status filter",
                               "status",
                               "Follow /results/updates instead; there the action is the status.",
                               {}});
    }
    // Changes come with /updates only: there, kinds are the client's choice.
    const auto asked = query.list("kind");
    StreamSelection selection;
    selection.kinds = kinds;
    if (kinds.empty()) {
        selection.changes = asked.empty() || std::find(asked.begin(), asked.end(), "change") != asked.end();
        selection.kinds
            = asked.empty() ? std::vector{RecordKind::Command, RecordKind::Event, RecordKind::Result} : filter->kinds;
    }
    selection.filter = std::move(*filter);
    selection.filter.kinds.clear();
    auto start = streamStart(*request, query);
    if (!start)
        return context.answer(exchange, request, start.error());
    if (request->head.method() == Method::Head) {
        Response response;
        response.contentType = "text/event-stream";
        return context.answer(exchange, response);
    }
    context.compute(
        exchange,
        [&context, exchange, request, start = *start,
         selection = std::move(selection)](std::stop_token) -> std::function<void()> {
            Position head;
            auto place = resolveStart(context.engine(), start, selection.changes, head);
            if (!place)
                return
                    [&context, exchange, request, error = place.error()] { context.answer(exchange, request, error); };
            const bool ahead = place->next.value > head.value + (place->parts > 0 ? 0 : 1);
            if (ahead)
                return [&context, exchange, request, head] { context.answer(exchange, cursorAhead(request, head)); };
            return
                [&context, exchange, place = *place, selection] { context.streams().open(exchange, place, selection); };
        });
}

} // namespace

void addUpdateRoutes(Router &router, RestContext &context)
{
    const std::pair<const char *, std::vector<RecordKind>> paths[] = {
        {"/updates", {}},
        {"/commands/updates", {RecordKind::Command}},
        {"/events/updates", {RecordKind::Event}},
        {"/results/updates", {RecordKind::Result}},
    };
    for (const auto &[pattern, kinds] : paths) {
        Route route;
        route.pattern = pattern;
        route.produces = Produces::EventStream;
        route.run = [&context, wanted = kinds](ExchangeId exchange, const RequestPtr &request) {
            openStream(context, exchange, request, wanted);
        };
        router.add(std::move(route));
    }
}

} // namespace commander::rest
