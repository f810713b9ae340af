// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/checked_socket.h"

#include <QHostAddress>

#include <algorithm>
#include <cstring>

namespace commander::rest {

CheckedSocket::CheckedSocket(const QHostAddress &peer, std::string &sink) : m_sink(&sink)
{
    QIODevice::open(QIODevice::ReadWrite);
    setPeerAddress(peer);
    setSocketState(QAbstractSocket::ConnectedState);
}

void CheckedSocket::offer(QByteArray canonical)
{
    m_offered = std::move(canonical);
    m_read = 0;
    Q_EMIT readyRead();
}

void CheckedSocket::detach()
{
    m_sink = nullptr;
    setSocketState(QAbstractSocket::UnconnectedState);
    Q_EMIT disconnected();
}

qint64 CheckedSocket::readData(char *data, qint64 maxSize)
{
    const auto count = std::min<qint64>(maxSize, m_offered.size() - m_read);
    std::memcpy(data, m_offered.constData() + m_read, static_cast<std::size_t>(count));
    m_read += count;
    return count;
}

qint64 CheckedSocket::writeData(const char *data, qint64 size)
{
    if (m_sink)
        m_sink->append(data, static_cast<std::size_t>(size));
    return size;
}

} // namespace commander::rest
