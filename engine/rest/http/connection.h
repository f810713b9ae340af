// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_gate.h"
#include "rest/http/exchange.h"
#include "rest/http/qt_http_server.h"

#include <QObject>
#include <QPointer>
#include <QSslSocket>
#include <QTcpSocket>

#include <chrono>

namespace commander::rest {

class HttpFront;

/// One client: the real socket, the gate before it and at most one exchange at a time. Server thread only.
class Connection final : public QObject {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Connection(HttpFront &front, std::uint32_t slot, QTcpSocket *socket, std::shared_ptr<const GatePolicy> policy);
    ~Connection() override;

    /// What may be waiting in the socket already.
    void start();
    [[nodiscard]] ExchangeId exchange() const noexcept { return m_exchange; }
    [[nodiscard]] bool inExchange() const noexcept { return m_phase == Phase::Handling || m_phase == Phase::Streaming; }
    [[nodiscard]] bool streaming() const noexcept { return m_phase == Phase::Streaming; }

    [[nodiscard]] const RequestPtr &request() const noexcept { return m_request; }

    void answer(const Response &response);
    void beginStream(const Response &head, Framing framing);
    void beginSocket(std::string_view head);
    [[nodiscard]] std::string readSocket(std::size_t bytesMax);
    void writeStream(std::string_view bytes);
    /// The stream is complete.
    void finishStream();
    /// It cannot be completed: the client shall not take what it has for the whole.
    void abortStream() { m_socket->abort(); }
    [[nodiscard]] std::size_t unsentBytes() const;
    /// After what is written has left.
    void close();
    /// Ends what took too long.
    void checkTime(TimePoint now);

private:
    enum class Phase { Reading, Handling, Streaming, Draining, Closed };
    enum class Clock { Idle, Head, Body }; ///< which time limit runs while reading

    void readAvailable();
    void takeGateState();
    void startExchange();
    void refuse(const GateRefusal &refusal);
    void send(QHttpServerResponder &responder, const Response &response, bool headOnly, bool keepAlive);
    void flushOutput();
    void tell(RequestEntry::Kind kind, int status, const Response *response = nullptr);
    void afterAnswer(bool keepAlive);
    /// Closes our direction and swallows what the client still sends, so that it can read our answer first.
    void drain();
    void onReadyRead();
    void onBytesWritten();
    void onDisconnected();

    HttpFront &m_front;
    const std::uint32_t m_slot;
    QTcpSocket *const m_socket; ///< a child of this object
    QSslSocket *const m_secure; ///< the same when it is encrypted, else null
    RequestGate m_gate;
    std::string m_output;
    QPointer<CheckedSocket> m_checked; ///< owned by QHttpServer
    std::optional<QHttpServerResponder> m_responder;
    RequestPtr m_request;
    ExchangeId m_exchange;
    Framing m_framing = Framing::UntilClose; ///< of the stream
    std::string m_leftover;                  ///< bytes behind the request in work
    Phase m_phase = Phase::Reading;
    Clock m_clock = Clock::Idle;
    TimePoint m_since;
    std::size_t m_drained = 0;
    TimePoint m_exchangeBegan;
    std::uint64_t m_exchangeBytes = 0; ///< sent in this exchange
    bool m_reading = false;
    bool m_streamBegan = false; ///< and its end is still to be told
    bool m_socketBegun = false; ///< what is streamed is a WebSocket's, not HTTP's
    bool m_flushing = false;
};

} // namespace commander::rest
