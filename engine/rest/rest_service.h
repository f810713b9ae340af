// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_gate.h"
#include "rest/http/http_front.h"
#include "rest/http/listeners.h"
#include "rest/log/request_ring.h"
#include "rest/rest_context.h"
#include "rest/router.h"
#include "rest/updates/stream_hub.h"
#include "rest/updates/text_streams.h"
#include "rest/websocket/socket_hub.h"

#include <commander/rest_server.h>

namespace commander::rest {

/// The whole server as one object of the server thread: gate policy, network side, routes and streams.
class RestService final : private HttpHandler {
public:
    RestService(Engine &engine, const RestOptions &options, Listeners listeners, RestCounters &counters,
                RequestRing &log);
    ~RestService() override;

    /// Lets running requests come to their end, for a bounded time, then calls back.
    void beginClosing(std::function<void()> closed);

private:
    void handle(ExchangeId exchange, const RequestPtr &request) override;
    Response refused(const GateRefusal &refusal) override;
    void writable(ExchangeId exchange) override;
    void readable(ExchangeId exchange) override;
    void gone(ExchangeId exchange) override;
    void news(const ExchangeNews &news) override;
    /// The gate's last check.
    std::optional<GateRefusal> checkHead(CheckedRequest &request, GateClient &client);
    [[nodiscard]] std::shared_ptr<const GatePolicy> gatePolicy(const RestOptions &options, const Listeners &listeners);
    /// A stream lasts no longer than the right to it.
    void endStreamsOfInvalidTokens();
    void answerOptions(ExchangeId exchange, const RequestPtr &request);

    RestCounters &m_counters;
    RequestRing &m_log;
    const SystemClock m_clock;
    SystemRandom m_random;
    AccessDesk m_desk;
    RestContext m_context;
    StreamHub m_streams;
    TextStreams m_texts;
    SocketHub m_sockets;
    Router m_router;
    HttpFront m_front;
    QTimer m_closing;
    QTimer m_tokenWatch;
};

} // namespace commander::rest
