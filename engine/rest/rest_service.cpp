// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_service.h"

#include "rest/routes/routes.h"

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr auto closingCheck = 5ms;
constexpr auto closingTimeMax = 5s;
constexpr auto tokenWatchInterval = 500ms;

std::shared_ptr<GatePolicy> makePolicy(const RestOptions &options, const Listeners &listeners)
{
    auto policy = std::make_shared<GatePolicy>();
    policy->limits.bodyBytesMax = options.bodyBytesMax;
    policy->hosts = listeners.hosts;
    for (const auto &host : listeners.hosts)
        policy->origins.push_back(listeners.scheme + "://" + host);
    policy->origins.insert(policy->origins.end(), options.allowedOrigins.begin(), options.allowedOrigins.end());
    return policy;
}

AccessRules rulesOf(const RestOptions &options, const Listeners &listeners)
{
    AccessRules rules;
    rules.open = listeners.loopback;
    rules.tokens = options.tokens;
    rules.requestsPerSecond = options.requestsPerSecond;
    rules.openRequestsPerSecond = options.openRequestsPerSecond;
    rules.connectionsMax = options.connectionsMax;
    rules.streamsMax = options.streamsMax;
    return rules;
}

} // namespace

RestService::RestService(Engine &engine, const RestOptions &options, Listeners listeners, RestCounters &counters,
                         RequestRing &log)
    : m_counters(counters), m_log(log), m_desk(rulesOf(options, listeners), m_clock, m_random),
      m_context(engine, counters, m_desk), m_streams(m_context, options.push), m_texts(m_context),
      m_sockets(m_context, m_streams, options.push),
      m_front(std::move(listeners.servers), gatePolicy(options, listeners), *this)
{
    m_context.attach(m_front, m_streams, m_texts, m_sockets);
    if (m_desk.tokens()) {
        QObject::connect(&m_tokenWatch, &QTimer::timeout, &m_front, [this] { endStreamsOfInvalidTokens(); });
        m_tokenWatch.start(tokenWatchInterval);
    }
    addSubmitRoutes(m_router, m_context);
    addPreviewRoutes(m_router, m_context);
    addCommandRoutes(m_router, m_context);
    addRecordRoutes(m_router, m_context);
    addUpdateRoutes(m_router, m_context);
    addServiceRoutes(m_router, m_context);
    addDomainRoutes(m_router, m_context, options.loader);
    addVersionRoutes(m_router, m_context, options.loader);
    addVerifyRoutes(m_router, m_context);
    addExportRoutes(m_router, m_context);
    addConsumerRoutes(m_router, m_context);
    addAccessRoutes(m_router, m_context);
    addRequestLogRoutes(m_router, m_context, m_log);
    addApiRoutes(m_router, m_context);
    addPageRoutes(m_router, m_context);
    addViewRoutes(m_router, m_context); // last: the paths that domains choose give way to all others
}

std::shared_ptr<const GatePolicy> RestService::gatePolicy(const RestOptions &options, const Listeners &listeners)
{
    auto policy = makePolicy(options, listeners);
    policy->checkHead = [this](CheckedRequest &request, GateClient &client) { return checkHead(request, client); };
    return policy;
}

std::optional<GateRefusal> RestService::checkHead(CheckedRequest &request, GateClient &client)
{
    // Who asks comes first: whoever may not come in is not told what there is.
    const auto missing = m_router.check(request);
    const bool isRoute = !missing && request.route != Router::optionsRoute;
    const auto *route = isRoute ? &m_router.at(request.route) : nullptr;
    const bool streams = route && route->produces == Produces::EventStream;
    if (auto refusal = m_desk.identify(request, client, streams))
        return refusal;
    // A preflight never carries a token, and tells no more than which verbs there are.
    const auto role = route ? route->role() : missing ? std::optional(AccessRole::Read) : std::nullopt;
    if (!missing || !request.token) {
        if (auto refusal = m_desk.permit(request, role))
            return refusal;
    }
    if (missing)
        return missing;
    return m_desk.seat(client, streams);
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
    for (const auto &[name, value] : refusal.headers)
        response.with(name, value);
    return response;
}

void RestService::writable(ExchangeId exchange)
{
    // Before the streams fill up again what room there is.
    m_sockets.writable(exchange);
    m_streams.writable(exchange);
    m_texts.writable(exchange);
}

void RestService::readable(ExchangeId exchange)
{
    m_sockets.readable(exchange);
}

void RestService::gone(ExchangeId exchange)
{
    m_context.forget(exchange);
    m_streams.gone(exchange);
    m_sockets.gone(exchange);
    m_texts.gone(exchange);
}

void RestService::news(const ExchangeNews &news)
{
    constexpr std::string_view commands = "/commands/";
    constexpr std::size_t idLength = 36;
    RequestRing::Told told;
    told.request = news.number;
    told.kind = news.kind;
    told.status = static_cast<std::uint16_t>(news.status);
    told.time = m_clock.now();
    told.micros = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(news.spent).count());
    told.bytes = news.bytes;
    told.client = news.client;
    told.code = news.code;
    auto path = news.location;
    if (const auto *request = news.request) {
        told.method = methodName(request->head.method());
        told.target = request->head.target();
        if (request->token)
            told.token = request->token->name;
        if (path.empty())
            path = request->head.path();
    }
    if (path.starts_with(commands)) {
        const auto id = path.substr(commands.size(), idLength);
        if (id.size() == idLength && id.find('/') == std::string_view::npos)
            told.command = id;
    }
    m_log.add(told);
}

void RestService::endStreamsOfInvalidTokens()
{
    std::unordered_map<const AccessToken *, bool> invalid; // thousands of streams have a handful of tokens
    const auto isInvalid = [this, &invalid](const CheckedRequest &request) {
        if (!request.token)
            return !m_desk.isOpen();
        const auto [found, isNew] = invalid.try_emplace(request.token.get());
        if (isNew)
            found->second = !m_desk.tokens()->isValid(*request.token);
        return found->second;
    };
    m_sockets.closeWhere(isInvalid, closing::unauthorized, "the token is no longer valid");
    m_front.endStreams(isInvalid);
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
                      "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer");
        response.with("Access-Control-Max-Age", "600");
    }
    m_context.answer(exchange, response);
}

void RestService::beginClosing(std::function<void()> closed)
{
    m_sockets.closeWhere([](const CheckedRequest &) { return true; }, closing::goingAway, "the server is closing");
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
