// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/remote/remote.h"
#include "ctl/terminal.h"

#include <commander/limits.h>

#include <algorithm>
#include <limits>

namespace commander::ctl {

namespace {

constexpr std::uint64_t pageRows = limits::pageRowsMax;

std::string filterQuery(const QCommandLineParser &parser)
{
    std::string query;
    for (const auto *const name :
         {"kind", "topic", "action", "actor", "key", "correlation", "status", "text", "from", "to", "filter"})
        query += queryOf(parser, QLatin1String(name), name);
    return query;
}

/// A page of a list: its items as they stand, and the cursor of the next page.
struct Page {
    std::vector<std::string> items;
    std::string cursor;
};

Result<Page> pageOf(HttpClient &server, const std::string &path, std::string_view member)
{
    const auto answer = server.ask({.path = path});
    if (!answer)
        return fail(answer.error());
    const auto members = sliceJsonObject(answer->body, answerLimits);
    if (!members)
        return fail(members.error());
    const auto items = sliceJsonArray(memberOf(*members, member), answerLimits);
    if (!items)
        return fail(items.error());
    Page page;
    page.items.assign(items->begin(), items->end());
    if (const auto cursor = parseJson(memberOf(*members, "cursor"), answerLimits); cursor && cursor->asString())
        page.cursor = *cursor->asString();
    return page;
}

/// Every item of a list, at most `limit`. False from `show`: nobody reads any more.
Result<void> eachOf(HttpClient &server, const std::string &path, std::string_view member, std::uint64_t limit,
                    const std::function<Result<bool>(std::string_view item)> &show)
{
    std::string cursor;
    while (limit > 0) {
        const auto page = pageOf(server,
                                 path + "&limit=" + std::to_string(std::min(limit, pageRows))
                                     + (cursor.empty() ? "" : "&cursor=" + percentEncoded(cursor)),
                                 member);
        if (!page)
            return fail(page.error());
        for (const auto &item : page->items) {
            const auto goesOn = show(item);
            if (!goesOn)
                return fail(goesOn.error());
            if (!*goesOn)
                return {};
        }
        limit -= std::min<std::uint64_t>(limit, page->items.size());
        cursor = page->cursor;
        if (cursor.empty())
            break;
    }
    return {};
}

Result<bool> printRecord(std::string_view record)
{
    const auto line = recordLine(record);
    return line ? Result<bool>(print(*line + "\n")) : fail(line.error());
}

/// What the server holds now, so that an answer is not older than the question.
Result<std::string> atLeastNow(HttpClient &server)
{
    const auto head = server.ask({.path = "/ledger/head"});
    return head ? Result<std::string>("atLeast=" + std::to_string(head->position())) : fail(head.error());
}

Result<bool> printDocument(std::string_view document)
{
    const auto members = sliceJsonObject(document, answerLimits);
    if (!members)
        return fail(members.error());
    return print(std::string(memberOf(*members, "document")) + "\n");
}

/// Server-sent events as wake-up calls: only how far the ledger has come.
class EventIds {
public:
    /// The highest position among the events that are complete by now; 0 when there is none.
    std::uint64_t take(std::string_view bytes)
    {
        std::uint64_t highest = 0;
        for (const char c : bytes) {
            if (c != '\n') {
                m_line += c;
                continue;
            }
            if (m_line.starts_with("id: "))
                highest = std::max<std::uint64_t>(highest, QByteArray::fromStdString(m_line.substr(4)).toULongLong());
            m_line.clear();
        }
        return highest;
    }

private:
    std::string m_line;
};

/// In a record alone, only a result says how its command went.
Result<std::string> followedQuery(const QCommandLineParser &parser)
{
    if (!parser.isSet(QStringLiteral("status")))
        return filterQuery(parser);
    if (parser.isSet(QStringLiteral("kind")) || parser.isSet(QStringLiteral("action"))) {
        return fail(ErrorCode::InvalidArgument, "--status means results, so that --kind and --action have no place", {},
                    "Leave them out.");
    }
    std::string query;
    for (const auto *const name : {"topic", "actor", "key", "correlation", "text", "from", "to", "filter"})
        query += queryOf(parser, QLatin1String(name), name);
    return query + "&kind=result" + queryOf(parser, QStringLiteral("status"), "action");
}

/// The first position that is wanted.
Result<std::uint64_t> tailStart(HttpClient &server, const QString &begin)
{
    if (begin == u"start")
        return 1;
    if (begin == u"now") {
        const auto head = server.ask({.path = "/ledger/head"});
        return head ? Result<std::uint64_t>(head->position() + 1) : fail(head.error());
    }
    bool ok = false;
    const auto position = begin.toULongLong(&ok);
    if (!ok || position == 0) {
        return fail(ErrorCode::InvalidArgument, "cannot start at: " + begin.toStdString(), "--begin",
                    "Use start, now or a position.");
    }
    return position;
}

} // namespace

Result<int> remoteQuery(const QCommandLineParser &parser)
{
    bool ok = false;
    const auto limit = parser.value(QStringLiteral("limit")).toULongLong(&ok);
    if (!ok)
        return fail(ErrorCode::InvalidArgument, "--limit takes a number");
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    const auto atLeast = atLeastNow(**server);
    if (!atLeast)
        return fail(atLeast.error());
    Result<void> done;
    if (parser.isSet(QStringLiteral("view"))) {
        const auto path = "/views/" + percentEncoded(parser.value(QStringLiteral("view")).toStdString());
        const auto query = '?' + *atLeast + queryOf(parser, QStringLiteral("at"), "at");
        if (parser.isSet(QStringLiteral("key"))) {
            const auto answer = (*server)->ask(
                {.path = path + '/' + percentEncoded(parser.value(QStringLiteral("key")).toStdString()) + query});
            const auto printed = answer ? printDocument(answer->body) : fail(answer.error());
            if (!printed)
                return fail(printed.error());
            return exitDone;
        }
        done = eachOf(**server, path + query, "documents", limit, printDocument);
    } else {
        const auto *order = parser.isSet(QStringLiteral("newest")) ? "&order=newest" : "&order=oldest";
        done = eachOf(**server, "/records?" + *atLeast + order + filterQuery(parser), "records", limit, printRecord);
    }
    return done ? Result<int>(exitDone) : fail(done.error());
}

Result<int> remoteTail(const QCommandLineParser &parser)
{
    auto server = serverOf(parser);
    if (!server)
        return fail(server.error());
    // The records themselves come over a connection of their own.
    auto reader = serverOf(parser);
    if (!reader)
        return fail(reader.error());
    auto next = tailStart(**server, parser.value(QStringLiteral("begin")));
    if (!next)
        return fail(next.error());
    const auto query = followedQuery(parser);
    if (!query)
        return fail(query.error());
    bool left = false;
    const auto showUntil = [&](std::uint64_t last) -> Result<void> {
        if (last < *next)
            return {};
        const auto until = std::to_string(last);
        auto shown = eachOf(
            **reader,
            "/records?order=oldest&first=" + std::to_string(*next) + "&last=" + until + "&atLeast=" + until + *query,
            "records", std::numeric_limits<std::uint64_t>::max(), [&left](std::string_view record) -> Result<bool> {
                const auto goesOn = printRecord(record);
                left = goesOn && !*goesOn;
                return goesOn;
            });
        if (!shown)
            return shown;
        *next = last + 1;
        return left ? fail(ErrorCode::Cancelled, "the reader left") : Result<void>();
    };
    EventIds ids;
    // Everything before the first event, then whatever an event announces. The stream filters by itself what it can.
    const auto stream = (*server)->read({.path = "/updates?kind=command,event,result&from=" + std::to_string(*next),
                                         .fields = {{"Accept", "text/event-stream"}}},
                                        [&](std::string_view bytes) { return showUntil(ids.take(bytes)); });
    if (left || stopSignal().stop_requested())
        return exitDone;
    if (!stream) {
        auto error = stream.error();
        error.remedy = "Go on with --begin " + std::to_string(*next) + '.';
        return fail(std::move(error));
    }
    return fail(ErrorCode::IoError, "the server has ended the stream", {},
                "Go on with --begin " + std::to_string(*next) + '.');
}

} // namespace commander::ctl
