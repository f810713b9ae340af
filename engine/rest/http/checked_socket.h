// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QTcpSocket>

#include <string>

namespace commander::rest {

/// The only socket that QHttpServer gets to see. It has no descriptor: what it reads is the canonical head of a request
/// that the gate has passed, and what is written to it collects in a string of the connection that owns the real
/// socket.
class CheckedSocket final : public QTcpSocket {
public:
    CheckedSocket(const QHostAddress &peer, std::string &sink);

    /// Lets the HTTP library read these bytes now.
    void offer(QByteArray canonical);
    /// The real connection is gone: whatever is written later vanishes, and the HTTP library deletes this object.
    void detach();

    void disconnectFromHost() override { } ///< only the connection decides when to close
    void close() override { }

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    std::string *m_sink;
    QByteArray m_offered;
    qsizetype m_read = 0;
};

} // namespace commander::rest
