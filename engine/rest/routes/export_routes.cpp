// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/query_params.h"
#include "rest/routes/routes.h"
#include "rest/updates/text_streams.h"

#include <commander/clock.h>
#include <commander/exchange.h>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace commander::rest {

namespace {

constexpr std::size_t pieceBytes = 128 * 1024;

/// An export that is written by a thread of its own, and read piece by piece: the writer is at most one piece ahead of
/// the client, so that a slow one costs memory for two.
class ExportPipe {
public:
    explicit ExportPipe(std::unique_ptr<LedgerExport> source)
        : m_writer([this, source = std::shared_ptr<LedgerExport>(std::move(source))](const std::stop_token &stop) {
              auto written = source->write([this, &stop](std::string_view bytes) { return take(bytes, stop); }, stop);
              const std::scoped_lock lock(m_mutex);
              m_ended = true;
              if (!written)
                  m_error = written.error();
              m_changed.notify_all();
          })
    {
    }

    /// The next piece, or nothing when that was all.
    Result<std::optional<std::string>> next(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return m_ended || m_piece.size() >= pieceBytes; }))
            return fail(ErrorCode::Cancelled, "the client left");
        if (m_error)
            return fail(*m_error);
        if (m_piece.empty())
            return std::optional<std::string>();
        auto piece = std::exchange(m_piece, {});
        m_changed.notify_all();
        return std::optional(std::move(piece));
    }

private:
    Result<void> take(std::string_view bytes, const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return m_piece.size() < pieceBytes; }))
            return fail(ErrorCode::Cancelled, "the client left");
        m_piece.append(bytes);
        if (m_piece.size() >= pieceBytes)
            m_changed.notify_all();
        return {};
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::string m_piece;
    bool m_ended = false;
    std::optional<Error> m_error;

    std::jthread m_writer; ///< last: it stops before what it uses goes
};

/// The filter as it was asked for, for the file's first line.
std::string filterText(const QueryParams &query)
{
    std::string text;
    for (const auto *name : {"kind", "topic", "action", "actor", "key", "parent", "correlation", "status", "text",
                             "from", "to", "filter"}) {
        for (const auto &value : query.texts(name))
            text.append(text.empty() ? "" : " ").append(name).append("=").append(value);
    }
    return text;
}

Result<void> takePosition(const QueryParams &query, std::string_view name, Position &position)
{
    const auto number = query.number(name);
    if (!number)
        return fail(number.error());
    if (*number && **number == 0)
        return fail(ErrorCode::InvalidArgument, "not a position", std::string(name), "Positions are 1, 2, 3, …");
    if (*number)
        position = Position{**number};
    return {};
}

Result<ExportOptions> exportOptions(const QueryParams &query)
{
    ExportOptions options;
    options.program = "Commander " COMMANDER_VERSION;
    const auto format = query.text("format").value_or("ndjson");
    if (format != "ndjson" && format != "csv")
        return fail(ErrorCode::InvalidArgument, "unknown format " + format, "format", "Use ndjson or csv.");
    options.format = format == "csv" ? ExportFormat::Csv : ExportFormat::Ndjson;
    auto fields = query.pointers("fields");
    if (!fields)
        return fail(fields.error());
    options.csv.fields = std::move(*fields);
    const auto guard = query.text("formulaGuard");
    if (guard && *guard != "true" && *guard != "false")
        return fail(ErrorCode::InvalidArgument, "neither true nor false", "formulaGuard");
    options.csv.formulaGuard = guard != "false";
    auto filter = recordFilter(query, true, SystemClock().now());
    if (!filter)
        return fail(filter.error());
    if (!filter->matchesAll()) {
        options.filterText = filterText(query);
        options.accepts = [filter = std::move(*filter)](const Record &record) {
            // The results say it themselves; of a command alone it is not known.
            return filter.matches(record, [](const Record &asked) -> std::optional<CommandStatus> {
                return asked.kind == RecordKind::Result ? commandStatusFromName(asked.action) : std::nullopt;
            });
        };
    }
    if (auto taken = takePosition(query, "first", options.first); !taken)
        return fail(taken.error());
    if (auto taken = takePosition(query, "last", options.last); !taken)
        return fail(taken.error());
    return options;
}

/// The first piece is made before the answer begins, so that what is wrong is answered as a problem.
std::function<void()> begin(RestContext &context, ExchangeId exchange, const RequestPtr &request, std::stop_token stop)
{
    const auto refuse = [&](const Error &error) {
        return [&context, exchange, request, error] { context.answer(exchange, request, error); };
    };
    auto options = exportOptions(QueryParams(request->head.query()));
    if (!options)
        return refuse(options.error());
    Response head;
    head.contentType
        = options->format == ExportFormat::Ndjson ? "application/x-ndjson" : "text/csv; charset=utf-8; header=present";
    auto source = LedgerExport::begin(context.engine().ledger(), std::move(*options));
    if (!source)
        return refuse(source.error());
    if (request->head.method() == Method::Head)
        return [&context, exchange, head] { context.answer(exchange, head); };
    const auto pipe = std::make_shared<ExportPipe>(std::move(*source));
    auto first = pipe->next(stop);
    if (!first)
        return refuse(first.error());
    return [&context, exchange, head, pipe, first = first->value_or(std::string())] {
        context.texts().open(exchange, head, first, [pipe](std::stop_token ended) { return pipe->next(ended); });
    };
}

} // namespace

void addExportRoutes(Router &router, RestContext &context)
{
    Route route;
    route.pattern = "/ledger/export";
    route.produces = Produces::Any;
    route.run = [&context](ExchangeId exchange, const RequestPtr &request) {
        context.compute(exchange, [&context, exchange, request](std::stop_token stop) {
            return begin(context, exchange, request, std::move(stop));
        });
    };
    router.add(std::move(route));
}

} // namespace commander::rest
