// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/response.h"

#include <QAbstractHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QTcpServer>

#include <optional>
#include <span>

namespace commander::rest {

class CheckedSocket;

using HeaderView = std::pair<std::string_view, std::string_view>;

/// How the client finds the end of a stream.
enum class Framing {
    UntilClose, ///< the end of the connection is the end of the stream
    Chunked     ///< an end that was not meant is seen as one; not for HTTP/1.0
};

/// Everything of Qt's HTTP server that we use, with the differences between its versions kept in one .cpp file each:
/// qt_http_server_6_4.cpp (6.4 to 6.7) and qt_http_server_6_8.cpp.
///
/// QHttpServer never reads a network socket. It gets CheckedSockets, and each request's canonical head at once, so that
/// its parser sees only what the gate has passed. It hands back a responder, which writes the answer in HTTP form into
/// the CheckedSocket's sink.
class QtHttpServer final : public QAbstractHttpServer {
public:
    /// `listener` is the server that really listens: QHttpServer wants to be bound to one.
    explicit QtHttpServer(const QTcpServer &listener);
    ~QtHttpServer() override;

    /// QHttpServer owns the socket from here on and deletes it after detach().
    void attach(CheckedSocket *socket);
    /// Shows a request to QHttpServer and takes over its responder. False when it was not taken for a request (never so
    /// for a canonical head).
    [[nodiscard]] bool offer(CheckedSocket &socket, QByteArray canonical,
                             std::optional<QHttpServerResponder> &responder);

    /// `length` is stated even when the body is then left out (HEAD).
    static void writeAnswer(QHttpServerResponder &responder, int status, std::span<const HeaderView> headers,
                            const std::string &body);
    /// From 6.8 on Qt makes chunks of every stream.
    static void beginStream(QHttpServerResponder &responder, std::span<const HeaderView> headers, Framing framing);
    static void writeStream(QHttpServerResponder &responder, std::string_view bytes, Framing framing);
    static void endStream(QHttpServerResponder &responder, Framing framing);

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void missingHandler(const QHttpServerRequest &request, QTcpSocket *socket) override;
#else
    bool handleRequest(const QHttpServerRequest &request, QHttpServerResponder &responder) override;
    void missingHandler(const QHttpServerRequest &request, QHttpServerResponder &responder) override;
#endif

private:
    class Door;
    Door *m_door; ///< a child of this object
    std::optional<QHttpServerResponder> m_handedOver;
};

} // namespace commander::rest
