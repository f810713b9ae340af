// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/updates/stream_request.h"

#include <commander/clock.h>
#include <commander/filter.h>

#include <algorithm>
#include <charconv>

namespace commander::rest {

namespace {

Result<StreamPlace> parseEventId(std::string_view id)
{
    StreamPlace place;
    const auto colon = id.find(':');
    const auto number = [](std::string_view text, auto &value) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && !text.empty();
    };
    bool good = number(id.substr(0, colon), place.next.value);
    bool before = false;
    if (good && colon != std::string_view::npos) {
        good = number(id.substr(colon + 1), place.parts);
        before = place.parts == 0;
    }
    if (!good || place.parts > (std::size_t{1} << 40)) {
        return fail(ErrorCode::InvalidArgument, "not the id of an event of this server", "Last-Event-ID",
                    "It is a position such as 812, or 812:1.");
    }
    if (!before)
        ++place.parts; // the record's own frame comes before its changes
    return place;
}

Result<void> readStart(StreamRequest &request, const QueryParams &query, std::optional<std::string_view> lastEventId)
{
    const auto id = lastEventId && !lastEventId->empty() ? std::string(*lastEventId) : query.text("lastEventId");
    if (id) {
        auto place = parseEventId(*id);
        if (!place)
            return fail(place.error());
        request.after = *place;
        return {};
    }
    const auto from = query.text("from").value_or("now");
    if (from == "start") {
        request.fromStart = true;
    } else if (from != "now") {
        auto moment = parseMoment(from, "from");
        if (!moment)
            return fail(moment.error());
        request.from = *moment;
    }
    return {};
}

/// Every parameter that readStreamRequest() looks at for its selection, and the source.
std::string wordsOf(const StreamSource &source, const QueryParams &query, const RecordFilter &filter)
{
    if (filter.expression
        && (filter.expression->uses(FilterField::Time) || filter.expression->uses(FilterField::Recorded)))
        return {}; // "an hour ago" is another time for everybody
    std::string words = percentEncoded(source.view) + (source.kindsAsked ? '+' : '-');
    for (const auto kind : source.kinds)
        words.append(recordKindName(kind)).append(" ");
    for (const auto *name :
         {"action", "actor", "correlation", "filter", "key", "kind", "parent", "status", "text", "topic"}) {
        for (const auto &value : query.texts(name))
            words.append("&").append(name).append("=").append(percentEncoded(value));
    }
    return words;
}

Result<StreamPlace> findPlace(Engine &engine, const StreamRequest &request, Position head)
{
    if (request.after) {
        StreamPlace place = *request.after;
        // Without changes, a record is one frame only.
        if (place.next.value == 0 || (place.parts > 0 && !request.selection.changes))
            place = {place.next.next(), 0};
        return place;
    }
    if (request.fromStart)
        return StreamPlace{Position{1}, 0};
    if (!request.from)
        return StreamPlace{head.next(), 0};
    if (const auto *position = std::get_if<Position>(&*request.from))
        return StreamPlace{Position{std::max<std::uint64_t>(1, position->value)}, 0};
    auto position = engine.records().positionAt(std::get<Timestamp>(*request.from));
    if (!position)
        return fail(position.error());
    return StreamPlace{Position{std::clamp<std::uint64_t>(position->value, 1, head.value + 1)}, 0};
}

} // namespace

std::string idBefore(Position next)
{
    return std::to_string(next.value) + ":0";
}

std::optional<StreamSource> streamSource(std::string_view path)
{
    if (path == "/updates")
        return StreamSource{{RecordKind::Command, RecordKind::Event, RecordKind::Result}, true, {}};
    if (path == "/commands/updates")
        return StreamSource{{RecordKind::Command}, false, {}};
    if (path == "/events/updates")
        return StreamSource{{RecordKind::Event}, false, {}};
    if (path == "/results/updates")
        return StreamSource{{RecordKind::Result}, false, {}};
    constexpr std::string_view before = "/views/";
    constexpr std::string_view behind = "/updates";
    if (path.size() <= before.size() + behind.size() || !path.starts_with(before) || !path.ends_with(behind))
        return std::nullopt;
    const auto view = path.substr(before.size(), path.size() - before.size() - behind.size());
    if (view.find('/') != std::string_view::npos)
        return std::nullopt;
    return StreamSource{{}, false, percentDecoded(view)};
}

Result<StreamRequest> readStreamRequest(const StreamSource &source, const QueryParams &query,
                                        std::optional<std::string_view> lastEventId)
{
    auto filter = recordFilter(query, false, SystemClock().now());
    if (!filter)
        return fail(filter.error());
    if (filter->status || (filter->expression && filter->expression->uses(FilterField::Status))) {
        return fail(ErrorCode::InvalidArgument, "a stream has no status filter", "status",
                    "Follow /results/updates instead; there the action is the status.");
    }
    StreamRequest request;
    StreamSelection &selection = request.selection;
    selection.words = wordsOf(source, query, *filter);
    selection.kinds = source.kinds;
    selection.changes = !source.view.empty();
    selection.view = source.view;
    if (source.kindsAsked) {
        const auto asked = query.list("kind");
        selection.changes = asked.empty() || std::find(asked.begin(), asked.end(), "change") != asked.end();
        if (!asked.empty())
            selection.kinds = filter->kinds;
    }
    if (!source.view.empty())
        selection.documentKey = std::exchange(filter->key, std::nullopt);
    selection.filter = std::move(*filter);
    selection.filter.kinds.clear();
    if (auto started = readStart(request, query, lastEventId); !started)
        return fail(started.error());
    return request;
}

std::variant<StreamPlace, Problem> placeOf(Engine &engine, const StreamRequest &request)
{
    const auto &view = request.selection.view;
    const auto views = view.empty() ? std::vector<ViewStatus>() : engine.views().views();
    if (!view.empty() && std::ranges::none_of(views, [&view](const ViewStatus &one) { return one.name == view; }))
        return problemOf({ErrorCode::UnknownView, "no domain has this view", view, "GET /views lists them all.", {}});
    const auto head = engine.ledger().head();
    if (!head)
        return problemOf(head.error());
    auto place = findPlace(engine, request, head->position);
    if (!place)
        return problemOf(place.error());
    // Only what has been sent can be behind the client, and what was sent is in the ledger.
    if (place->next.value <= head->position.value + (place->parts > 0 ? 0 : 1))
        return *place;
    Problem problem;
    problem.status = 409;
    problem.code = "cursor-ahead";
    problem.detail = "The ledger ends at position " + std::to_string(head->position.value) + ".";
    problem.position = head->position;
    return problem;
}

} // namespace commander::rest
