// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/qt_http_server.h"

#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)

namespace commander::rest {

namespace {

/// Without a copy; the text outlives the call.
QByteArray bytesOf(std::string_view text)
{
    return QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size()));
}

void writeHead(QHttpServerResponder &responder, int status, std::span<const HeaderView> headers)
{
    responder.writeStatusLine(static_cast<QHttpServerResponder::StatusCode>(status));
    for (const auto &[name, value] : headers)
        responder.writeHeader(bytesOf(name), bytesOf(value));
}

} // namespace

bool QtHttpServer::handleRequest(const QHttpServerRequest &request, QTcpSocket *socket)
{
    // A responder of this version refers to both. They live until the socket is detached, and our connection drops the
    // responder before that.
    m_handedOver.emplace(makeResponder(request, socket));
    return true;
}

void QtHttpServer::missingHandler(const QHttpServerRequest &, QTcpSocket *) { }

void QtHttpServer::writeAnswer(QHttpServerResponder &responder, int status, std::span<const HeaderView> headers,
                               const std::string &body)
{
    writeHead(responder, status, headers);
    if (status != 204 && status != 304)
        responder.writeHeader(QByteArrayLiteral("Content-Length"),
                              QByteArray::number(static_cast<qulonglong>(body.size())));
    responder.writeBody(body.data(), static_cast<qint64>(body.size()));
}

void QtHttpServer::beginStream(QHttpServerResponder &responder, std::span<const HeaderView> headers, Framing framing)
{
    writeHead(responder, 200, headers);
    if (framing == Framing::Chunked)
        responder.writeHeader(QByteArrayLiteral("Transfer-Encoding"), QByteArrayLiteral("chunked"));
    responder.writeBody("", 0);
}

void QtHttpServer::writeStream(QHttpServerResponder &responder, std::string_view bytes, Framing framing)
{
    if (bytes.empty())
        return; // a chunk without bytes would be the last one
    const auto write = [&responder](const QByteArray &part) { responder.writeBody(part.constData(), part.size()); };
    if (framing == Framing::Chunked)
        write(QByteArray::number(static_cast<qulonglong>(bytes.size()), 16) + "\r\n");
    write(bytesOf(bytes));
    if (framing == Framing::Chunked)
        write(QByteArrayLiteral("\r\n"));
}

void QtHttpServer::endStream(QHttpServerResponder &responder, Framing framing)
{
    if (framing == Framing::Chunked)
        responder.writeBody("0\r\n\r\n", 5);
}

} // namespace commander::rest

#endif
