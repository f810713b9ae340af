// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/connection.h"

#include "rest/http/answer_headers.h"
#include "rest/http/checked_socket.h"
#include "rest/http/http_front.h"

#include <QHostAddress>

#include <algorithm>

#include <sys/socket.h>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr auto headTimeMax = 5s;
constexpr auto bodyTimeMax = 10s;
constexpr auto idleTimeMax = 20s;
constexpr auto drainTimeMax = 2s;
constexpr std::size_t drainBytesMax = 4u << 20;
constexpr qint64 socketBufferBytes = 64 * 1024;

} // namespace

Connection::Connection(HttpFront &front, std::uint32_t slot, QTcpSocket *socket,
                       std::shared_ptr<const GatePolicy> policy)
    : m_front(front), m_slot(slot), m_socket(socket), m_secure(qobject_cast<QSslSocket *>(socket)),
      m_gate(std::move(policy), socket->peerAddress().toString().toStdString()),
      m_checked(new CheckedSocket(socket->peerAddress(), m_output)), m_since(std::chrono::steady_clock::now())
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(socketBufferBytes);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_front.qtServer().attach(m_checked);
    connect(m_socket, &QTcpSocket::readyRead, this, [this] { onReadyRead(); });
    // Queued: what is written while this signal is being sent would be flushed without a signal of its own, and a
    // stream that waits for it would wait for ever.
    connect(
        m_socket, &QTcpSocket::bytesWritten, this, [this] { onBytesWritten(); }, Qt::QueuedConnection);
    if (m_secure) {
        // Bytes count as written once they are encrypted; these have left.
        connect(
            m_secure, &QSslSocket::encryptedBytesWritten, this, [this] { onBytesWritten(); }, Qt::QueuedConnection);
    }
    connect(m_socket, &QTcpSocket::disconnected, this, [this] { onDisconnected(); });
}

Connection::~Connection()
{
    m_socket->disconnect(this);
    m_responder.reset();
    if (m_checked)
        m_checked->detach();
}

void Connection::start()
{
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        onDisconnected();
    else
        readAvailable();
}

void Connection::onReadyRead()
{
    if (m_phase == Phase::Reading) {
        readAvailable();
    } else if (m_phase == Phase::Streaming && m_socketBegun) {
        m_front.socketReadable(m_exchange);
    } else if (m_phase == Phase::Draining) {
        m_drained += static_cast<std::size_t>(m_socket->readAll().size());
        if (m_drained > drainBytesMax)
            m_socket->abort();
    }
}

void Connection::readAvailable()
{
    // An answer given at once leads back here through afterAnswer(); the loop below goes on instead.
    if (m_reading)
        return;
    m_reading = true;
    char buffer[16 * 1024];
    while (m_phase == Phase::Reading) {
        std::size_t taken = 0;
        if (!m_leftover.empty()) {
            const std::string bytes = std::exchange(m_leftover, {});
            taken = m_gate.feed(bytes);
            m_leftover = bytes.substr(taken);
        } else {
            const auto count = m_socket->read(buffer, sizeof buffer);
            if (count <= 0)
                break;
            const std::string_view bytes(buffer, static_cast<std::size_t>(count));
            taken = m_gate.feed(bytes);
            m_leftover = bytes.substr(taken);
        }
        takeGateState();
    }
    m_reading = false;
}

void Connection::takeGateState()
{
    switch (m_gate.state()) {
    case RequestGate::State::Complete:
        startExchange();
        break;
    case RequestGate::State::Refused:
        refuse(m_gate.refusal());
        break;
    case RequestGate::State::Head:
    case RequestGate::State::Body: {
        const Clock clock = m_gate.state() == RequestGate::State::Body ? Clock::Body
            : m_gate.started()                                         ? Clock::Head
                                                                       : Clock::Idle;
        if (clock != m_clock) {
            m_clock = clock;
            m_since = std::chrono::steady_clock::now();
        }
        if (m_gate.takeContinue() && m_gate.state() == RequestGate::State::Body) {
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
            m_socket->flush();
        }
        break;
    }
    }
}

void Connection::startExchange()
{
    auto request = std::make_shared<CheckedRequest>(m_gate.take());
    m_phase = Phase::Handling;
    m_exchange = m_front.nextExchange(m_slot);
    m_exchangeBegan = std::chrono::steady_clock::now();
    m_exchangeBytes = 0;

    // The head in its shortest form: the handlers take fields and body from the checked request, so QHttpServer's
    // parser need not copy them.
    const RequestHead &head = request->head;
    QByteArray canonical;
    canonical.reserve(static_cast<qsizetype>(head.target().size()) + 64);
    const auto append
        = [&canonical](std::string_view text) { canonical.append(text.data(), static_cast<qsizetype>(text.size())); };
    append(methodName(head.method()));
    append(" ");
    append(head.target());
    append(" HTTP/1.1\r\nHost: ");
    append(*head.field("host"));
    append("\r\n\r\n");
    m_request = std::move(request);
    if (!m_front.qtServer().offer(*m_checked, std::move(canonical), m_responder)) {
        // It takes every canonical head; should it ever not, this connection must not go on.
        m_socket->abort();
        return;
    }
    m_front.dispatch(m_exchange, m_request);
}

void Connection::answer(const Response &response)
{
    const bool keepAlive = m_request->keepAlive && !m_front.closing();
    send(*m_responder, response, m_request->head.method() == Method::Head, keepAlive);
    m_responder.reset();
    if (m_phase != Phase::Closed)
        tell(RequestEntry::Kind::Answered, response.status, &response);
    m_request.reset();
    if (m_phase == Phase::Closed)
        return; // the write failed
    m_phase = Phase::Reading;
    afterAnswer(keepAlive);
}

void Connection::refuse(const GateRefusal &refusal)
{
    // Shown to QHttpServer as a plain request, so that one writer makes all answers.
    std::optional<QHttpServerResponder> responder;
    m_exchange = m_front.nextExchange(m_slot);
    m_exchangeBytes = 0;
    const bool keepAlive = !refusal.close && !m_front.closing();
    if (m_front.qtServer().offer(*m_checked, QByteArrayLiteral("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), responder))
        send(*responder, m_front.refused(refusal), refusal.headOnly, keepAlive);
    responder.reset();
    ExchangeNews news;
    news.kind = RequestEntry::Kind::Refused;
    news.status = refusal.status;
    news.bytes = m_exchangeBytes;
    news.request = m_gate.known();
    news.client = m_gate.clientAddress();
    news.code = refusal.code;
    m_front.news(news, m_exchange);
    if (m_phase == Phase::Closed)
        return;
    if (!keepAlive)
        return drain();
    m_gate.reset();
    afterAnswer(true);
}

void Connection::send(QHttpServerResponder &responder, const Response &response, bool headOnly, bool keepAlive)
{
    const auto *request = m_request ? m_request.get() : m_gate.known();
    auto headers = answerHeaders(response, request);
    if (!keepAlive)
        headers.emplace_back("Connection", "close");
    else if (request && request->head.minorVersion() == 0)
        headers.emplace_back("Connection", "keep-alive");
    QtHttpServer::writeAnswer(responder, response.status, headers, response.body);
    if (headOnly) {
        if (const auto end = m_output.find("\r\n\r\n"); end != std::string::npos)
            m_output.resize(end + 4);
    }
    flushOutput();
}

void Connection::flushOutput()
{
    m_flushing = true;
    m_exchangeBytes += m_output.size();
    m_socket->write(m_output.data(), static_cast<qint64>(m_output.size()));
    m_output.clear();
    m_socket->flush();
    m_flushing = false;
}

void Connection::tell(RequestEntry::Kind kind, int status, const Response *response)
{
    ExchangeNews news;
    news.kind = kind;
    news.status = status;
    news.spent = std::chrono::steady_clock::now() - m_exchangeBegan;
    news.bytes = m_exchangeBytes;
    news.request = m_request.get();
    news.client = m_gate.clientAddress();
    if (response) {
        for (const auto &[name, value] : response->headers) {
            if (name == "Location")
                news.location = value;
        }
    }
    m_front.news(news, m_exchange);
}

std::size_t Connection::unsentBytes() const
{
    const auto plain = m_socket->bytesToWrite();
    return static_cast<std::size_t>(m_secure ? plain + m_secure->encryptedBytesToWrite() : plain);
}

void Connection::afterAnswer(bool keepAlive)
{
    m_clock = Clock::Idle;
    m_since = std::chrono::steady_clock::now();
    if (!keepAlive)
        return close();
    if (!m_reading && (!m_leftover.empty() || m_socket->bytesAvailable() > 0))
        readAvailable();
}

void Connection::beginStream(const Response &head, Framing framing)
{
    m_phase = Phase::Streaming;
    m_framing = m_request->head.minorVersion() == 0 ? Framing::UntilClose : framing;
    auto headers = answerHeaders(head, m_request.get());
    headers.emplace_back("Connection", "close");
    QtHttpServer::beginStream(*m_responder, headers, m_framing);
    flushOutput();
    if (m_phase != Phase::Streaming)
        return; // the write failed
    m_streamBegan = true;
    tell(RequestEntry::Kind::StreamBegan, 200);
}

void Connection::beginSocket(std::string_view head)
{
    m_phase = Phase::Streaming;
    m_socketBegun = true;
    m_output.append(head);
    flushOutput();
    if (m_phase != Phase::Streaming)
        return; // the write failed
    m_streamBegan = true;
    tell(RequestEntry::Kind::StreamBegan, 101);
}

std::string Connection::readSocket(std::size_t bytesMax)
{
    std::string bytes = std::exchange(m_leftover, {});
    if (bytes.size() > bytesMax) {
        m_leftover = bytes.substr(bytesMax);
        bytes.resize(bytesMax);
    } else if (bytes.size() < bytesMax) {
        const auto begin = bytes.size();
        bytes.resize(bytesMax);
        const auto count = m_socket->read(bytes.data() + begin, static_cast<qint64>(bytesMax - begin));
        bytes.resize(begin + static_cast<std::size_t>(std::max<qint64>(0, count)));
    }
    return bytes;
}

void Connection::writeStream(std::string_view bytes)
{
    if (m_socketBegun)
        m_output.append(bytes);
    else
        QtHttpServer::writeStream(*m_responder, bytes, m_framing);
    flushOutput();
}

void Connection::finishStream()
{
    QtHttpServer::endStream(*m_responder, m_framing);
    flushOutput();
    close();
}

void Connection::close()
{
    if (m_phase == Phase::Closed)
        return;
    // The other end of a WebSocket answers our last frame.
    if (m_socketBegun || !m_leftover.empty() || m_socket->bytesAvailable() > 0)
        return drain();
    m_phase = Phase::Draining;
    m_since = std::chrono::steady_clock::now();
    m_socket->disconnectFromHost();
}

void Connection::drain()
{
    m_phase = Phase::Draining;
    m_since = std::chrono::steady_clock::now();
    m_leftover.clear();
    onBytesWritten();
    onReadyRead();
}

void Connection::onBytesWritten()
{
    if (m_phase == Phase::Streaming) {
        // Whoever writes looks for room himself; QTcpSocket would not tell of what is written while it tells.
        if (!m_flushing)
            m_front.streamWritable(m_exchange);
    } else if (m_phase == Phase::Draining && unsentBytes() == 0 && m_socket->socketDescriptor() >= 0) {
        // Ends our direction only: closing with unread bytes would reset the connection and destroy our own answer.
        ::shutdown(static_cast<int>(m_socket->socketDescriptor()), SHUT_WR);
    }
}

void Connection::onDisconnected()
{
    if (m_phase == Phase::Closed)
        return;
    const bool unanswered = inExchange();
    if (m_streamBegan)
        tell(RequestEntry::Kind::StreamEnded, m_socketBegun ? 101 : 200);
    else if (unanswered)
        tell(RequestEntry::Kind::Abandoned, 0);
    m_phase = Phase::Closed;
    m_front.remove(m_slot, unanswered ? m_exchange : ExchangeId());
}

void Connection::checkTime(TimePoint now)
{
    const auto spent = now - m_since;
    switch (m_phase) {
    case Phase::Reading:
        if (m_clock == Clock::Idle) {
            if (spent > idleTimeMax)
                m_socket->abort();
        } else if (spent > (m_clock == Clock::Head ? headTimeMax : bodyTimeMax)) {
            GateRefusal refusal;
            refusal.status = 408;
            refusal.code = "request-timeout";
            refusal.detail = "The rest of the request did not come in time.";
            refusal.headOnly = m_gate.isHead();
            refuse(refusal);
        }
        break;
    case Phase::Draining:
        if (spent > drainTimeMax)
            m_socket->abort();
        break;
    case Phase::Handling:
    case Phase::Streaming:
    case Phase::Closed:
        break;
    }
}

} // namespace commander::rest
