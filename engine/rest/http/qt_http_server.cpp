// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/qt_http_server.h"

#include "rest/http/checked_socket.h"

#include <QMetaObject>
#include <QQueue>

#include <unistd.h>

namespace commander::rest {

/// QHttpServer takes its sockets from a QTcpServer that listens. This one stands in for the real listener: it shares
/// the descriptor, never accepts from it, and hands out CheckedSockets.
class QtHttpServer::Door final : public QTcpServer {
public:
    explicit Door(const QTcpServer &listener)
    {
        // A copy, because QTcpServer closes its descriptor.
        const auto descriptor = listener.socketDescriptor();
        if (descriptor >= 0 && setSocketDescriptor(::dup(static_cast<int>(descriptor))))
            pauseAccepting();
    }
    void let(CheckedSocket *socket)
    {
        m_waiting.enqueue(socket);
        // The signal is private to QTcpServer, but it is what QHttpServer waits for.
        QMetaObject::invokeMethod(this, "pendingConnectionAvailable", Qt::DirectConnection);
    }
    bool hasPendingConnections() const override { return !m_waiting.isEmpty(); }
    QTcpSocket *nextPendingConnection() override { return m_waiting.isEmpty() ? nullptr : m_waiting.dequeue(); }

private:
    QQueue<QTcpSocket *> m_waiting;
};

QtHttpServer::QtHttpServer(const QTcpServer &listener) : m_door(new Door(listener))
{
    bind(m_door);
    m_door->setParent(this);
}

QtHttpServer::~QtHttpServer() = default;

void QtHttpServer::attach(CheckedSocket *socket)
{
    m_door->let(socket);
}

bool QtHttpServer::offer(CheckedSocket &socket, QByteArray canonical, std::optional<QHttpServerResponder> &responder)
{
    m_handedOver.reset();
    socket.offer(std::move(canonical));
    if (!m_handedOver)
        return false;
    responder.emplace(std::move(*m_handedOver));
    m_handedOver.reset();
    return true;
}

} // namespace commander::rest
