// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/csv_cells.h"
#include "rest/json/object_writer.h"
#include "rest/query_params.h"
#include "rest/routes/list_streams.h"
#include "rest/routes/routes.h"
#include "rest/updates/text_streams.h"

#include <limits>

namespace commander::rest {

namespace {

constexpr std::size_t entriesAtOnce = 500;
constexpr std::uint64_t statusMax = 599;

/// Which entries are wanted.
struct EntryFilter {
    std::optional<std::uint64_t> status;
    std::optional<std::string> method;
    std::optional<std::string> token;
    std::optional<std::string> command;
    std::optional<std::string> text; ///< within the target

    [[nodiscard]] bool takes(const RequestEntry &entry) const
    {
        return (!status || entry.status == *status) && (!method || entry.method == *method)
            && (!token || entry.token == *token) && (!command || entry.command == *command)
            && (!text || entry.target.find(*text) != std::string::npos);
    }
};

Result<EntryFilter> entryFilter(const QueryParams &query)
{
    EntryFilter filter;
    auto status = query.number("status");
    if (!status)
        return fail(status.error());
    if (status->value_or(0) > statusMax)
        return fail(ErrorCode::InvalidArgument, "no answer has such a status", "status");
    filter.status = *status;
    filter.method = query.text("method");
    filter.token = query.text("token");
    filter.command = query.text("command");
    filter.text = query.text("text");
    return filter;
}

/// Goes back in time through the log, a piece at a time.
class Backwards {
public:
    Backwards(const RequestLog &log, EntryFilter filter, std::uint64_t before)
        : m_log(log), m_filter(std::move(filter)), m_before(before)
    {
    }
    /// Nothing: that was all.
    std::optional<RequestEntry> next()
    {
        for (;;) {
            if (m_at == m_piece.size()) {
                m_piece = m_log.before(m_before, entriesAtOnce);
                m_at = 0;
                if (m_piece.empty())
                    return std::nullopt;
                m_before = m_piece.back().sequence;
            }
            auto &entry = m_piece[m_at++];
            if (m_filter.takes(entry))
                return std::move(entry);
        }
    }

private:
    const RequestLog &m_log;
    EntryFilter m_filter;
    std::uint64_t m_before;
    std::vector<RequestEntry> m_piece;
    std::size_t m_at = 0;
};

Result<Response> page(const RequestLog &log, const CheckedRequest &request)
{
    const QueryParams query(request.head.query());
    const auto limit = query.limit();
    if (!limit)
        return fail(limit.error());
    const auto filter = entryFilter(query);
    if (!filter)
        return fail(filter.error());
    auto before = std::numeric_limits<std::uint64_t>::max();
    if (const auto cursor = query.text("cursor")) {
        const auto content = readCursor(*cursor);
        if (!content)
            return fail(content.error());
        const auto moment = parseMoment(*content, "cursor");
        if (!moment || !std::holds_alternative<Position>(*moment))
            return fail(ErrorCode::InvalidArgument, "not a cursor of this list", "cursor");
        before = std::get<Position>(*moment).value;
    }
    Backwards entries(log, *filter, before);
    Response response;
    ObjectWriter json(response.body);
    json.name("requests");
    std::uint64_t last = 0;
    std::size_t count = 0;
    {
        ArrayWriter items(response.body);
        for (; count < *limit; ++count) {
            const auto entry = entries.next();
            if (!entry)
                break;
            items.next();
            response.body += requestEntryJson(*entry);
            last = entry->sequence;
        }
    }
    json.number("limit", *limit);
    if (count == *limit && last > log.oldest()) {
        const auto cursor = writeCursor(std::to_string(last));
        json.plain("cursor", cursor);
        const auto others = query.without("cursor");
        response.with("Link",
                      "</requests?" + others + (others.empty() ? "" : "&") + "cursor=" + cursor + ">; rel=\"next\"");
    }
    json.end();
    return response;
}

void appendCsv(std::string &out, const RequestEntry &entry)
{
    const auto text = [&out](std::string_view value) {
        appendCsvText(out, value, true);
        out += ',';
    };
    out.append(std::to_string(entry.sequence)).append(",").append(std::to_string(entry.request)).append(",");
    text(entry.time.text());
    text(requestEntryKindName(entry.kind));
    text(entry.method);
    text(entry.target);
    out.append(std::to_string(entry.status)).append(",");
    text(entry.code);
    out.append(std::to_string(entry.micros)).append(",").append(std::to_string(entry.bytes)).append(",");
    text(entry.client);
    text(entry.token);
    appendCsvText(out, entry.command, true);
    out += "\r\n";
}

/// The whole log, as the client reads it.
Result<void> stream(RestContext &context, const RequestLog &log, ExchangeId exchange, const RequestPtr &request,
                    ListFormat format)
{
    const QueryParams query(request->head.query());
    auto filter = entryFilter(query);
    if (!filter)
        return fail(filter.error());
    const auto limit = query.number("limit");
    if (!limit)
        return fail(limit.error());
    Response head;
    head.contentType
        = format == ListFormat::Ndjson ? "application/x-ndjson" : "text/csv; charset=utf-8; header=present";
    if (request->head.method() == Method::Head) {
        context.answer(exchange, head);
        return {};
    }
    const std::string first = format == ListFormat::Csv
        ? "sequence,request,time,kind,method,target,status,code,micros,bytes,client,token,command\r\n"
        : "";
    const auto entries
        = std::make_shared<Backwards>(log, std::move(*filter), std::numeric_limits<std::uint64_t>::max());
    const auto rows = std::make_shared<std::uint64_t>(limit->value_or(std::numeric_limits<std::uint64_t>::max()));
    context.texts().open(exchange, head, first,
                         [entries, rows, format](std::stop_token) -> Result<std::optional<std::string>> {
                             std::string piece;
                             for (std::size_t i = 0; i<entriesAtOnce && * rows> 0; ++i, --*rows) {
                                 const auto entry = entries->next();
                                 if (!entry)
                                     break;
                                 if (format == ListFormat::Csv)
                                     appendCsv(piece, *entry);
                                 else
                                     piece.append(requestEntryJson(*entry)).append("\n");
                             }
                             return piece.empty() ? std::nullopt : std::optional(std::move(piece));
                         });
    return {};
}

} // namespace

void addRequestLogRoutes(Router &router, RestContext &context, const RequestLog &log)
{
    Route route;
    route.pattern = "/requests";
    route.produces = Produces::List;
    route.needs = Needs::Audit;
    route.run = [&context, &log](ExchangeId exchange, const RequestPtr &request) {
        if (const auto format = listFormat(request->head); format != ListFormat::Json) {
            if (auto begun = stream(context, log, exchange, request, format); !begun)
                context.answer(exchange, request, begun.error());
            return;
        }
        context.read(exchange, request, [&log, request](std::stop_token) { return page(log, *request); });
    };
    router.add(std::move(route));
}

} // namespace commander::rest
