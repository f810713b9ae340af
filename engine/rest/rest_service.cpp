// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_service.h"

#include "rest/routes/routes.h"

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr auto closingCheck = 5ms;
constexpr auto closingTimeMax = 5s;

std::shared_ptr<const GatePolicy> makePolicy(const RestOptions &options, std::uint16_t port, const Router &router)
{
    auto policy = std::make_shared<GatePolicy>();
    policy->limits.bodyBytesMax = options.bodyBytesMax;
    const auto suffix = ':' + std::to_string(port);
    for (const auto *name : {"127.0.0.1", "localhost", "[::1]"}) {
        policy->hosts.push_back(name + suffix);
        policy->origins.push_back("http://" + policy->hosts.back());
    }
    policy->origins.insert(policy->origins.end(), options.allowedOrigins.begin(), options.allowedOrigins.end());
    policy->checkHead = [&router](CheckedRequest &request) { return router.check(request); };
    return policy;
}

} // namespace

RestService::RestService(Engine &engine, const RestOptions &options, std::vector<std::unique_ptr<QTcpServer>> listeners,
                         std::uint16_t port, RestCounters &counters)
    : m_counters(counters), m_context(engine, counters), m_streams(m_context), m_texts(m_context),
      m_front(std::move(listeners), makePolicy(options, port, m_router), *this)
{
    m_context.attach(m_front, m_streams, m_texts);
    addSubmitRoutes(m_router, m_context);
    addPreviewRoutes(m_router, m_context);
    addCommandRoutes(m_router, m_context);
    addRecordRoutes(m_router, m_context);
    addUpdateRoutes(m_router, m_context);
    addServiceRoutes(m_router, m_context);
    addConsumerRoutes(m_router, m_context);
    addApiRoutes(m_router, m_context);
    addPageRoutes(m_router, m_context);
    addViewRoutes(m_router, m_context); // last: the paths that domains choose give way to all others
}

RestService::~RestService()
{
    m_context.finish();
    m_streams.finish();
    m_texts.finish();
}

void RestService::handle(ExchangeId exchange, const RequestPtr &request)
{
    m_counters.requests.fetch_add(1, std::memory_order_relaxed);
    if (request->route == Router::optionsRoute)
        return answerOptions(exchange, request);
    m_router.at(request->route).run(exchange, request);
}

Response RestService::refused(const GateRefusal &refusal)
{
    m_counters.refused.fetch_add(1, std::memory_order_relaxed);
    auto response = problemResponse(problemOf(refusal));
    if (!refusal.allow.empty())
        response.with("Allow", refusal.allow);
    return response;
}

void RestService::writable(ExchangeId exchange)
{
    m_streams.writable(exchange);
    m_texts.writable(exchange);
}

void RestService::gone(ExchangeId exchange)
{
    m_context.forget(exchange);
    m_streams.gone(exchange);
    m_texts.gone(exchange);
}

void RestService::answerOptions(ExchangeId exchange, const RequestPtr &request)
{
    Response response;
    response.status = 204;
    response.contentType.clear();
    const auto verbs = m_router.allowed(*request);
    response.with("Allow", verbs);
    if (!request->allowedOrigin.empty()) {
        response.with("Access-Control-Allow-Methods", verbs);
        response.with("Access-Control-Allow-Headers",
                      "Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer");
        response.with("Access-Control-Max-Age", "600");
    }
    m_context.answer(exchange, response);
}

void RestService::beginClosing(std::function<void()> closed)
{
    m_front.beginClosing();
    const auto until = std::chrono::steady_clock::now() + closingTimeMax;
    QObject::connect(&m_closing, &QTimer::timeout, &m_front, [this, until, closed = std::move(closed)] {
        if (m_front.running() > 0 && std::chrono::steady_clock::now() < until)
            return;
        m_closing.stop();
        closed();
    });
    m_closing.start(closingCheck);
}

} // namespace commander::rest
