// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/http_front.h"

#include "rest/http/connection.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t connectionsMax = 12'256; ///< more are closed at once
constexpr auto sweepInterval = 250ms;
constexpr auto acceptPause = 200ms; ///< after an accept that failed, e.g. for want of descriptors

} // namespace

HttpFront::HttpFront(std::vector<std::unique_ptr<QTcpServer>> listeners, std::shared_ptr<const GatePolicy> policy,
                     HttpHandler &handler)
    : m_policy(std::move(policy)), m_handler(handler), m_qtServer(std::make_unique<QtHttpServer>(*listeners.front())),
      m_listeners(std::move(listeners))
{
    for (const auto &listener : m_listeners) {
        connect(listener.get(), &QTcpServer::pendingConnectionAvailable, this,
                [this, server = listener.get()] { acceptFrom(*server); });
        connect(listener.get(), &QTcpServer::acceptError, this, [this] { m_acceptAgain.start(acceptPause); });
    }
    m_acceptAgain.setSingleShot(true);
    connect(&m_acceptAgain, &QTimer::timeout, this, [this] {
        for (const auto &listener : m_listeners)
            listener->resumeAccepting();
    });
    connect(&m_sweep, &QTimer::timeout, this, [this] {
        const auto now = std::chrono::steady_clock::now();
        for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
            if (m_slots[slot])
                m_slots[slot]->checkTime(now);
        }
    });
    m_sweep.start(sweepInterval);
}

HttpFront::~HttpFront()
{
    for (auto *connection : m_slots)
        delete connection;
}

void HttpFront::acceptFrom(QTcpServer &listener)
{
    while (QTcpSocket *socket = listener.nextPendingConnection()) {
        if (m_closing || m_connections >= connectionsMax) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        std::uint32_t slot = 0;
        if (m_freeSlots.empty()) {
            slot = static_cast<std::uint32_t>(m_slots.size());
            m_slots.push_back(nullptr);
        } else {
            slot = m_freeSlots.back();
            m_freeSlots.pop_back();
        }
        ++m_connections;
        m_slots[slot] = new Connection(*this, slot, socket, m_policy);
        m_slots[slot]->start();
    }
}

void HttpFront::remove(std::uint32_t slot, ExchangeId unanswered)
{
    Connection *const connection = std::exchange(m_slots[slot], nullptr);
    m_freeSlots.push_back(slot);
    --m_connections;
    connection->deleteLater(); // it is on the stack below us
    // Later, because a write that fails ends the connection in the middle of whatever the handler is doing.
    if (unanswered.value != 0)
        QMetaObject::invokeMethod(
            this, [this, unanswered] { m_handler.gone(unanswered); }, Qt::QueuedConnection);
}

Connection *HttpFront::find(ExchangeId exchange) const noexcept
{
    const auto slot = static_cast<std::uint32_t>(exchange.value & ((1u << slotBits) - 1));
    if (slot >= m_slots.size() || !m_slots[slot] || m_slots[slot]->exchange() != exchange
        || !m_slots[slot]->inExchange())
        return nullptr;
    return m_slots[slot];
}

void HttpFront::answer(ExchangeId exchange, const Response &response)
{
    if (auto *connection = find(exchange))
        connection->answer(response);
}

void HttpFront::beginStream(ExchangeId exchange, const Response &head, Framing framing)
{
    if (auto *connection = find(exchange))
        connection->beginStream(head, framing);
}

void HttpFront::beginSocket(ExchangeId exchange, std::string_view head)
{
    if (auto *connection = find(exchange))
        connection->beginSocket(head);
}

std::string HttpFront::readSocket(ExchangeId exchange, std::size_t bytesMax)
{
    auto *connection = find(exchange);
    return connection && connection->streaming() ? connection->readSocket(bytesMax) : std::string();
}

void HttpFront::writeStream(ExchangeId exchange, std::string_view bytes)
{
    if (auto *connection = find(exchange); connection && connection->streaming())
        connection->writeStream(bytes);
}

void HttpFront::endStream(ExchangeId exchange)
{
    if (auto *connection = find(exchange))
        connection->close();
}

void HttpFront::finishStream(ExchangeId exchange)
{
    if (auto *connection = find(exchange); connection && connection->streaming())
        connection->finishStream();
}

void HttpFront::abortStream(ExchangeId exchange)
{
    if (auto *connection = find(exchange))
        connection->abortStream();
}

std::optional<std::size_t> HttpFront::unsentBytes(ExchangeId exchange) const
{
    if (const auto *connection = find(exchange))
        return connection->unsentBytes();
    return std::nullopt;
}

void HttpFront::endStreams(const std::function<bool(const CheckedRequest &)> &which)
{
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        auto *connection = m_slots[slot];
        if (!connection || !connection->streaming() || !which(*connection->request()))
            continue;
        const auto exchange = connection->exchange();
        connection->close();
        m_handler.gone(exchange);
    }
}

void HttpFront::beginClosing()
{
    m_closing = true;
    for (const auto &listener : m_listeners)
        listener->close();
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        auto *connection = m_slots[slot];
        if (connection && (connection->streaming() || !connection->inExchange()))
            connection->close();
    }
}

std::size_t HttpFront::running() const
{
    return static_cast<std::size_t>(std::count_if(m_slots.begin(), m_slots.end(), [](const Connection *connection) {
        return connection && connection->inExchange() && !connection->streaming();
    }));
}

} // namespace commander::rest
