// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/list_streams.h"

#include "exchange/csv_cells.h"
#include "rest/gate/http_syntax.h"
#include "rest/routes/document_projection.h"
#include "rest/routes/document_query.h"
#include "rest/routes/submit_request.h"
#include "rest/routes/view_source.h"
#include "rest/updates/text_streams.h"

#include <commander/exchange.h>

#include <algorithm>
#include <charconv>

namespace commander::rest {

namespace {

constexpr auto staleWait = std::chrono::seconds(5); ///< how long `atLeast` waits unless Prefer says otherwise
constexpr std::size_t rowsAtOnce = 256;
constexpr std::size_t pieceBytesMax = 128 * 1024;

/// The quality of one item of an Accept header, in thousandths; 1000 when it states none or none that can be read.
int qualityOf(std::string_view item)
{
    for (auto at = item.find(';'); at != std::string_view::npos; at = item.find(';', at + 1)) {
        const auto parameter = trimmed(item.substr(at + 1, item.find(';', at + 1) - at - 1));
        if (!parameter.starts_with("q=") && !parameter.starts_with("Q="))
            continue;
        double quality = 1;
        const auto number = parameter.substr(2);
        std::from_chars(number.data(), number.data() + number.size(), quality);
        return static_cast<int>(std::clamp(quality, 0.0, 1.0) * 1000);
    }
    return 1000;
}

std::string_view contentType(ListFormat format)
{
    return format == ListFormat::Ndjson ? "application/x-ndjson" : "text/csv; charset=utf-8; header=present";
}

/// Makes the records of a scan, piece by piece.
class RecordSource {
public:
    RecordSource(Engine &engine, RecordScan scan, RecordList list, ListFormat format, std::optional<std::uint64_t> rows,
                 CsvOptions csv)
        : m_engine(engine), m_scan(std::move(scan)), m_list(std::move(list)), m_format(format), m_rows(rows),
          m_csv(std::move(csv))
    {
        m_complete = m_scan.start.value == 0;
    }

    Result<std::optional<std::string>> operator()(const std::stop_token &stop)
    {
        std::string out;
        if (m_format == ListFormat::Csv && !std::exchange(m_begun, true))
            appendCsvHeader(out, m_csv);
        while (!m_complete && out.size() < pieceBytesMax) {
            const auto wanted = std::min<std::uint64_t>(rowsAtOnce, m_rows.value_or(rowsAtOnce));
            if (wanted == 0)
                break;
            auto page = m_engine.records().match(m_scan.filter, m_scan.start, m_scan.order, wanted, stop);
            if (!page)
                return fail(page.error());
            auto records = m_engine.records().at(page->positions, stop);
            if (!records)
                return fail(records.error());
            for (const auto &record : *records) {
                if (auto added = append(out, record); !added)
                    return fail(added.error());
            }
            if (m_rows)
                *m_rows -= records->size();
            m_scan.start = page->next;
            m_complete = page->complete || page->next.value == 0;
        }
        if (out.empty())
            return std::optional<std::string>();
        return std::optional(std::move(out));
    }

private:
    Result<void> append(std::string &out, const RecordPtr &record)
    {
        if (m_format == ListFormat::Csv) {
            appendCsvRecord(out, *record, m_csv);
            return {};
        }
        std::string line;
        if (auto appended = m_list.append(line, record); !appended)
            return appended;
        replaceLineBreaks(line);
        out.append(line).append("\n");
        return {};
    }

    Engine &m_engine;
    RecordScan m_scan;
    RecordList m_list;
    ListFormat m_format;
    std::optional<std::uint64_t> m_rows; ///< still wanted; nothing: all
    CsvOptions m_csv;
    bool m_begun = false;
    bool m_complete = false;
};

/// Makes the documents of a list, piece by piece.
class DocumentPieces {
public:
    DocumentPieces(ViewSource source, std::string view, DocumentListRequest request, ListFormat format, bool bare,
                   std::optional<std::uint64_t> rows, std::vector<std::string> fields)
        : m_source(std::move(source)), m_view(std::move(view)), m_request(std::move(request)), m_format(format),
          m_bare(bare), m_rows(rows), m_fields(std::move(fields)), m_chosen(m_fields)
    {
    }

    Result<std::optional<std::string>> operator()(const std::stop_token &stop)
    {
        std::string out;
        if (m_format == ListFormat::Csv && !std::exchange(m_begun, true))
            appendHeader(out);
        while (!m_complete && out.size() < pieceBytesMax) {
            m_request.limit
                = static_cast<std::size_t>(std::min<std::uint64_t>(rowsAtOnce, m_rows.value_or(rowsAtOnce)));
            if (m_request.limit == 0)
                break;
            auto page = m_source.reader().list(m_view, m_request, stop);
            if (!page)
                return fail(page.error());
            for (auto &document : page->documents) {
                if (auto added = append(out, document); !added)
                    return fail(added.error());
            }
            if (m_rows)
                *m_rows -= page->documents.size();
            m_complete = !page->nextKey;
            m_request.afterKey = page->nextKey;
            m_request.afterValue = page->nextValue;
        }
        if (out.empty())
            return std::optional<std::string>();
        return std::optional(std::move(out));
    }

private:
    void appendHeader(std::string &out) const
    {
        out += "key,position,event";
        for (const auto &field : m_fields) {
            out += ',';
            appendCsvText(out, field, true);
        }
        out += m_fields.empty() ? ",document\r\n" : "\r\n";
    }
    Result<void> append(std::string &out, Document &document) const
    {
        if (m_format == ListFormat::Ndjson) {
            auto json = m_chosen.of(std::move(document.json));
            if (!json)
                return fail(json.error());
            document.json = std::move(*json);
            std::string line;
            if (m_bare)
                line = document.json;
            else
                appendDocument(line, document);
            replaceLineBreaks(line);
            out.append(line).append("\n");
            return {};
        }
        appendCsvText(out, document.key, true);
        out.append(",").append(std::to_string(document.position.value)).append(",").append(document.event.text());
        const auto json = m_fields.empty() ? Result<Json>(Json()) : parseJson(document.json);
        for (const auto &field : m_fields) {
            out += ',';
            appendCsvValue(out, json ? resolvePointer(*json, field) : nullptr, true);
        }
        if (m_fields.empty()) {
            out += ',';
            appendCsvText(out, document.json, true);
        }
        out += "\r\n";
        return {};
    }

    ViewSource m_source;
    std::string m_view;
    DocumentListRequest m_request;
    ListFormat m_format;
    bool m_bare;
    std::optional<std::uint64_t> m_rows; ///< still wanted; nothing: all
    std::vector<std::string> m_fields;
    Projection m_chosen;
    bool m_begun = false;
    bool m_complete = false;
};

/// Makes the first piece, so that what is wrong is answered as a problem, and then streams.
void openStream(RestContext &context, ExchangeId exchange, const RequestPtr &request, ListFormat format,
                std::function<Result<TextStreams::Source>(Response &head, std::stop_token stop)> begin)
{
    context.compute(
        exchange,
        [&context, exchange, request, format, begin = std::move(begin)](std::stop_token stop) -> std::function<void()> {
            Response head;
            head.contentType = contentType(format);
            auto source = begin(head, stop);
            auto first = source ? (*source)(stop) : fail(source.error());
            if (!first) {
                return
                    [&context, exchange, request, error = first.error()] { context.answer(exchange, request, error); };
            }
            return [&context, exchange, request, head = std::move(head), first = std::move(*first),
                    source = std::move(*source)] {
                if (request->head.method() == Method::Head)
                    context.answer(exchange, head);
                else
                    context.texts().open(exchange, head, first.value_or(std::string()), source);
            };
        });
}

} // namespace

ListFormat listFormat(const RequestHead &head)
{
    auto best = ListFormat::Json;
    int bestQuality = 0;
    auto rest = head.field("accept").value_or("");
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto item = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        const auto type = lowered(trimmed(item.substr(0, item.find(';'))));
        const auto quality = qualityOf(item);
        if (quality <= bestQuality)
            continue;
        bestQuality = quality;
        if (type == "application/x-ndjson")
            best = ListFormat::Ndjson;
        else if (type.starts_with("application/cloudevents"))
            best = ListFormat::CloudEvents;
        else
            best = type == "text/csv" || type == "text/*" ? ListFormat::Csv : ListFormat::Json;
    }
    return best;
}

void streamRecords(RestContext &context, ExchangeId exchange, const RequestPtr &request, RecordList list)
{
    const auto format = listFormat(request->head);
    openStream(context, exchange, request, format,
               [&context, request, format, list = std::move(list)](Response &head,
                                                                   std::stop_token) -> Result<TextStreams::Source> {
                   auto &engine = context.engine();
                   const QueryParams query(request->head.query());
                   auto scan = recordScan(engine, list, query);
                   if (!scan)
                       return fail(scan.error());
                   if (scan->before) {
                       return fail(ErrorCode::InvalidArgument, "a page before another is a page of JSON", "cursor",
                                   "Ask for application/json, or leave the cursor out.");
                   }
                   auto rows = query.number("limit");
                   if (!rows)
                       return fail(rows.error());
                   auto fields = query.pointers("fields");
                   if (!fields)
                       return fail(fields.error());
                   // What comes while the client reads is not part of it.
                   const auto indexed = engine.updates().progress().indexed;
                   scan->filter.last = std::min(scan->filter.last, indexed);
                   head.at(indexed);
                   if (list.stale)
                       head.with("Commander-Stale", "true");
                   CsvOptions csv;
                   csv.fields = std::move(*fields);
                   return RecordSource(engine, std::move(*scan), list, format, *rows, std::move(csv));
               });
}

void answerList(RestContext &context, ExchangeId exchange, const RequestPtr &request, RecordList list)
{
    const auto answer = [&context, exchange, request, list = std::move(list)](bool reached) mutable {
        const auto format = listFormat(request->head);
        list.stale = !reached;
        if (format == ListFormat::Ndjson || format == ListFormat::Csv)
            return streamRecords(context, exchange, request, std::move(list));
        if (format == ListFormat::CloudEvents)
            list = asCloudEvents(context.engine(), std::move(list));
        context.read(exchange, request, [&context, request, list = std::move(list)](std::stop_token stop) {
            auto response = listRecords(context.engine(), list, QueryParams(request->head.query()), stop);
            if (response && list.stale)
                response->with("Commander-Stale", "true");
            return response;
        });
    };
    const auto atLeast = QueryParams(request->head.query()).number("atLeast");
    if (!atLeast)
        return context.answer(exchange, request, atLeast.error());
    auto preference = waitPreference(request->head);
    if (!preference)
        return context.answer(exchange, request, preference.error());
    const auto wait = preference->wait.count() > 0 ? preference->wait : std::chrono::milliseconds(staleWait);
    context.whenReached(exchange, RestContext::Reach::Indexed, Position{atLeast->value_or(0)}, wait, answer);
}

void streamDocuments(RestContext &context, ExchangeId exchange, const RequestPtr &request, std::string view, bool bare)
{
    const auto format = listFormat(request->head);
    openStream(context, exchange, request, format,
               [&context, request, format, view = std::move(view),
                bare](Response &head, std::stop_token) -> Result<TextStreams::Source> {
                   auto &engine = context.engine();
                   const QueryParams query(request->head.query());
                   auto rows = query.number("limit");
                   if (!rows)
                       return fail(rows.error());
                   auto ask = documentListRequest(query);
                   if (!ask)
                       return fail(ask.error());
                   auto fields = query.pointers("fields");
                   if (!fields)
                       return fail(fields.error());
                   auto asked = momentParam(engine, query, "at");
                   if (!asked)
                       return fail(asked.error());
                   auto source = ViewSource::of(engine, view, query);
                   if (!source)
                       return fail(source.error());
                   // All of it as of one position, whatever happens while the client reads.
                   const auto at = source->shown(*asked);
                   ask->at = at;
                   head.at(at);
                   return DocumentPieces(std::move(*source), view, std::move(*ask), format, bare, *rows,
                                         std::move(*fields));
               });
}

} // namespace commander::rest
