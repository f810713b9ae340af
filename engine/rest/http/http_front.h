// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_gate.h"
#include "rest/http/exchange.h"
#include "rest/http/qt_http_server.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

class QTcpServer;
class QTcpSocket;

namespace commander::rest {

class Connection;

/// The server's network side: listeners, connections, and exchanges by id. Server thread only.
class HttpFront final : public QObject {
public:
    /// The listeners listen already.
    HttpFront(std::vector<std::unique_ptr<QTcpServer>> listeners, std::shared_ptr<const GatePolicy> policy,
              HttpHandler &handler);
    ~HttpFront() override;

    /// All of these do nothing when the client is gone.
    void answer(ExchangeId exchange, const Response &response);
    void beginStream(ExchangeId exchange, const Response &head, Framing framing = Framing::UntilClose);
    /// The stream goes both ways from here on, without HTTP; `head` is the 101 answer.
    void beginSocket(ExchangeId exchange, std::string_view head);
    /// What the client of a WebSocket has sent, at most so much of it. What is not fetched keeps the client from
    /// sending more.
    [[nodiscard]] std::string readSocket(ExchangeId exchange, std::size_t bytesMax);
    void writeStream(ExchangeId exchange, std::string_view bytes);
    void endStream(ExchangeId exchange);
    /// The stream is complete, and the client can tell.
    void finishStream(ExchangeId exchange);
    /// It breaks off, and the client can tell.
    void abortStream(ExchangeId exchange);
    /// Ends the streams of such requests.
    void endStreams(const std::function<bool(const CheckedRequest &)> &which);
    /// Bytes of a stream that the client's side has not taken yet; nothing when the client is gone.
    [[nodiscard]] std::optional<std::size_t> unsentBytes(ExchangeId exchange) const;

    /// Accepts nobody any more, ends streams and idle connections; running exchanges go on to their end.
    void beginClosing();
    [[nodiscard]] bool closing() const noexcept { return m_closing; }
    [[nodiscard]] std::size_t running() const;
    [[nodiscard]] std::size_t connections() const noexcept { return m_connections; }

    // For Connection
    /// Never given twice, so that an id outlives its connection without ever meaning another.
    [[nodiscard]] ExchangeId nextExchange(std::uint32_t slot) noexcept { return {(++m_serial << slotBits) | slot}; }
    [[nodiscard]] QtHttpServer &qtServer() noexcept { return *m_qtServer; }
    void dispatch(ExchangeId exchange, const RequestPtr &request) { m_handler.handle(exchange, request); }
    [[nodiscard]] Response refused(const GateRefusal &refusal) { return m_handler.refused(refusal); }
    void news(ExchangeNews news, ExchangeId exchange)
    {
        news.number = exchange.value >> slotBits;
        m_handler.news(news);
    }
    void streamWritable(ExchangeId exchange) { m_handler.writable(exchange); }
    void socketReadable(ExchangeId exchange) { m_handler.readable(exchange); }
    void remove(std::uint32_t slot, ExchangeId unanswered);

private:
    static constexpr unsigned slotBits = 24;

    void acceptFrom(QTcpServer &listener);
    [[nodiscard]] Connection *find(ExchangeId exchange) const noexcept;

    const std::shared_ptr<const GatePolicy> m_policy;
    HttpHandler &m_handler;
    std::unique_ptr<QtHttpServer> m_qtServer;
    std::vector<std::unique_ptr<QTcpServer>> m_listeners;
    std::vector<Connection *> m_slots; ///< children of this object; null = free
    std::vector<std::uint32_t> m_freeSlots;
    std::size_t m_connections = 0;
    std::uint64_t m_serial = 0;
    bool m_closing = false;
    QTimer m_sweep;
    QTimer m_acceptAgain;
};

} // namespace commander::rest
