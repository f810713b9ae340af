// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/http_front.h"
#include "rest/json/record_json.h"
#include "rest/routes/routes.h"

#include <algorithm>

namespace commander::rest {

namespace {

Route plainRoute(std::string pattern, std::function<void(ExchangeId, const RequestPtr &)> run,
                 Produces produces = Produces::Any, Needs needs = Needs::Read)
{
    Route route;
    route.needs = needs;
    route.pattern = std::move(pattern);
    route.run = std::move(run);
    route.produces = produces;
    return route;
}

void appendProgress(ObjectWriter &json, const Progress &progress)
{
    json.number("ledger", progress.ledger.value);
    json.number("indexed", progress.indexed.value);
    json.number("viewed", progress.viewed.value);
}

Result<Response> ready(Engine &engine, Position readyAt)
{
    const auto status = engine.status();
    const bool caughtUp = status.progress.indexed >= readyAt && status.progress.viewed >= readyAt;
    if (caughtUp && status.faults.empty()) {
        Response response;
        ObjectWriter json(response.body);
        json.plain("status", "ready");
        appendProgress(json, status.progress);
        json.end();
        response.at(status.progress.ledger);
        return response;
    }
    Problem problem;
    problem.status = 503;
    problem.code = status.faults.empty() ? "not-ready" : "internal";
    problem.detail = status.faults.empty() ? "Index and views are catching up with the ledger." : status.faults.front();
    for (const auto &fault : status.faults)
        problem.errors.push_back({"", fault});
    problem.members = "\"ledger\":" + std::to_string(status.progress.ledger.value) + ",\"indexed\":"
        + std::to_string(status.progress.indexed.value) + ",\"viewed\":" + std::to_string(status.progress.viewed.value);
    return problemResponse(problem);
}

Result<Response> ledgerHead(Engine &engine)
{
    auto head = engine.ledger().head();
    if (!head)
        return fail(head.error());
    Response response;
    ObjectWriter json(response.body);
    json.number("position", head->position.value);
    json.plain("hash", toHex(head->chain));
    json.plain("timestamp", head->recordedAt.text());
    json.plain("ledger", engine.ledger().ledgerId().text());
    json.end();
    response.at(head->position);
    return response;
}

/// The Prometheus text format: HELP, TYPE and samples of one name stand together.
class MetricsText {
public:
    MetricsText &metric(std::string_view name, std::string_view type, std::string_view help)
    {
        m_name = name;
        m_text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
        m_text.append(name).append(" ").append(type).append("\n");
        return *this;
    }
    MetricsText &sample(std::uint64_t value, std::string_view label = {}, std::string_view labelValue = {})
    {
        m_text.append(m_name);
        if (!label.empty()) {
            m_text.append("{").append(label).append("=\"");
            for (const char c : labelValue) {
                if (c == '\\' || c == '"')
                    m_text += '\\';
                m_text += c;
            }
            m_text.append("\"}");
        }
        m_text.append(" ").append(std::to_string(value)).append("\n");
        return *this;
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    std::string m_name;
    std::string m_text;
};

Result<Response> metrics(Engine &engine, const RestCounters &counters, std::size_t connections)
{
    const auto status = engine.status();
    MetricsText text;
    text.metric("commander_commands_total", "counter", "Commands recorded since the workspace was opened.")
        .sample(status.commands);
    text.metric("commander_events_total", "counter", "Events recorded since the workspace was opened.")
        .sample(status.events);
    text.metric("commander_results_total", "counter", "Command results since the workspace was opened.")
        .sample(status.succeeded, "status", "succeeded")
        .sample(status.rejected, "status", "rejected")
        .sample(status.failed, "status", "failed")
        .sample(status.expired, "status", "expired")
        .sample(status.cancelled, "status", "cancelled");
    text.metric("commander_commits_total", "counter", "Group commits of the ledger.").sample(status.commits);
    text.metric("commander_position", "gauge", "How far each part has come in the ledger.")
        .sample(status.progress.ledger.value, "part", "ledger")
        .sample(status.processedTo.value, "part", "processor")
        .sample(status.progress.indexed.value, "part", "index")
        .sample(status.progress.viewed.value, "part", "views");
    text.metric("commander_documents", "gauge", "Documents in all views.").sample(status.documents);
    text.metric("commander_faults", "gauge", "Parts of the engine that stopped.").sample(status.faults.size());
    text.metric("commander_view_position", "gauge", "Ledger position of each view.");
    const auto views = engine.views().views();
    for (const auto &view : views)
        text.sample(view.position.value, "view", view.name);
    text.metric("commander_view_documents", "gauge", "Documents of each view.");
    for (const auto &view : views)
        text.sample(view.documents, "view", view.name);
    const auto consumers = engine.consumers().list();
    text.metric("commander_consumer_lag", "gauge", "Records that each consumer is behind the ledger's end.");
    for (const auto &consumer : consumers)
        text.sample(consumer.lag, "consumer", consumer.name);
    text.metric("commander_consumer_running", "gauge", "1: it runs; 0: it is paused or has stopped.");
    for (const auto &consumer : consumers)
        text.sample(consumer.state == ConsumerState::Running ? 1 : 0, "consumer", consumer.name);
    text.metric("commander_http_requests_total", "counter", "Requests that passed the gate.")
        .sample(counters.requests.load());
    text.metric("commander_http_refused_total", "counter", "Requests that the gate refused.")
        .sample(counters.refused.load());
    text.metric("commander_http_connections", "gauge", "Open connections.").sample(connections);
    text.metric("commander_http_streams", "gauge", "Open event streams.").sample(counters.streams.load());
    Response response;
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    response.body = text.take();
    return response;
}

Result<Response> problemPageResponse(const std::string &code)
{
    const auto info = problemInfo(code);
    if (info.title.empty())
        return fail(ErrorCode::NotFound, "no problem has this code", code);
    Response response;
    response.contentType = "text/html; charset=utf-8";
    response.body = problemPage(code, info);
    return response;
}

/// Where to go from here.
Response entrance()
{
    Response response;
    ObjectWriter json(response.body);
    json.plain("name", "Commander");
    json.name("links");
    {
        ArrayWriter links(response.body);
        for (const auto path :
             {"/commands", "/events",    "/records",      "/topics",           "/views",          "/dead-letters",
              "/domains",  "/consumers", "/updates",      "/commands/updates", "/events/updates", "/results/updates",
              "/live",     "/docs",      "/openapi.json", "/asyncapi.json",    "/ledger/head",    "/health",
              "/metrics",  "/tokens",    "/requests"})
            links.text(path);
    }
    json.end();
    return response;
}

} // namespace

void addServiceRoutes(Router &router, RestContext &context)
{
    const auto reading = [&context](auto work) {
        return [&context, work](ExchangeId exchange, const RequestPtr &request) {
            context.read(exchange, request, [work, request](std::stop_token) { return work(request); });
        };
    };
    auto &engine = context.engine();
    router.add(
        plainRoute("/", [&context](ExchangeId exchange, const RequestPtr &) { context.answer(exchange, entrance()); }));
    router.add(plainRoute(
        "/health/live",
        [&context](ExchangeId exchange, const RequestPtr &) {
            Response response;
            response.body = R"({"status":"live"})";
            context.answer(exchange, response);
        },
        Produces::Any, Needs::Nothing));
    for (const auto *path : {"/health", "/health/ready"}) {
        router.add(plainRoute(
            path, reading([&engine, at = context.readyAt()](const RequestPtr &) { return ready(engine, at); })));
    }
    router.add(plainRoute("/ledger/head", reading([&engine](const RequestPtr &) { return ledgerHead(engine); }),
                          Produces::Json));
    router.add(plainRoute("/metrics", [&context](ExchangeId exchange, const RequestPtr &request) {
        const auto connections = context.front().connections();
        context.read(exchange, request, [&context, connections](std::stop_token) {
            return metrics(context.engine(), context.counters(), connections);
        });
    }));
    router.add(plainRoute(
        "/problems/{code}",
        [&context](ExchangeId exchange, const RequestPtr &request) {
            auto page = problemPageResponse(request->params[0]);
            if (page)
                context.answer(exchange, *page);
            else
                context.answer(exchange, request, page.error());
        },
        Produces::Any, Needs::Nothing));
}

} // namespace commander::rest
