// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_gate.h"
#include "rest/http/http_front.h"
#include "rest/rest_context.h"
#include "rest/router.h"
#include "rest/updates/stream_hub.h"
#include "rest/updates/text_streams.h"

#include <commander/rest_server.h>

#include <QTcpServer>

namespace commander::rest {

/// The whole server as one object of the server thread: gate policy, network side, routes and streams.
class RestService final : private HttpHandler {
public:
    /// The listeners listen already, all on `port`.
    RestService(Engine &engine, const RestOptions &options, std::vector<std::unique_ptr<QTcpServer>> listeners,
                std::uint16_t port, RestCounters &counters);
    ~RestService() override;

    /// Lets running requests come to their end, for a bounded time, then calls back.
    void beginClosing(std::function<void()> closed);

private:
    void handle(ExchangeId exchange, const RequestPtr &request) override;
    Response refused(const GateRefusal &refusal) override;
    void writable(ExchangeId exchange) override;
    void gone(ExchangeId exchange) override;
    void answerOptions(ExchangeId exchange, const RequestPtr &request);

    RestCounters &m_counters;
    RestContext m_context;
    StreamHub m_streams;
    TextStreams m_texts;
    Router m_router;
    HttpFront m_front;
    QTimer m_closing;
};

} // namespace commander::rest
