// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/qt_http_server.h"

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)

#include <QHttpHeaders>

namespace commander::rest {

namespace {

QHttpHeaders headersOf(std::span<const HeaderView> headers)
{
    QHttpHeaders all;
    for (const auto &[name, value] : headers) {
        all.append(QLatin1StringView(name.data(), static_cast<qsizetype>(name.size())),
                   QByteArrayView(value.data(), static_cast<qsizetype>(value.size())));
    }
    return all;
}

} // namespace

bool QtHttpServer::handleRequest(const QHttpServerRequest &, QHttpServerResponder &responder)
{
    // While it lives, QHttpServer reads no further request from this socket.
    m_handedOver.emplace(std::move(responder));
    return true;
}

void QtHttpServer::missingHandler(const QHttpServerRequest &, QHttpServerResponder &) { }

void QtHttpServer::writeAnswer(QHttpServerResponder &responder, int status, std::span<const HeaderView> headers,
                               const std::string &body)
{
    responder.write(QByteArray(body.data(), static_cast<qsizetype>(body.size())), headersOf(headers),
                    static_cast<QHttpServerResponder::StatusCode>(status));
}

void QtHttpServer::beginStream(QHttpServerResponder &responder, std::span<const HeaderView> headers, Framing)
{
    responder.writeBeginChunked(headersOf(headers), QHttpServerResponder::StatusCode::Ok);
}

void QtHttpServer::writeStream(QHttpServerResponder &responder, std::string_view bytes, Framing)
{
    if (!bytes.empty())
        responder.writeChunk(QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())));
}

void QtHttpServer::endStream(QHttpServerResponder &responder, Framing)
{
    responder.writeEndChunked({});
}

} // namespace commander::rest

#endif
