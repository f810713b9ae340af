// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/floors.h"

#include <QHttpServer>
#include <QJsonDocument>
#include <QThread>

namespace commander {

namespace {

class BareHttpServerImpl final : public BareHttpServer {
public:
    BareHttpServerImpl()
    {
        m_thread.start();
        m_worker.moveToThread(&m_thread);
        QMetaObject::invokeMethod(
            &m_worker,
            [this] {
                m_server = std::make_unique<QHttpServer>();
                m_server->route(QStringLiteral("/commands"), QHttpServerRequest::Method::Post,
                                [](const QHttpServerRequest &request) {
                                    const auto document = QJsonDocument::fromJson(request.body());
                                    return QHttpServerResponse("application/json", document.isObject() ? "{}" : "null",
                                                               QHttpServerResponse::StatusCode::Accepted);
                                });
                m_port = static_cast<std::uint16_t>(m_server->listen(QHostAddress::LocalHost, 0));
            },
            Qt::BlockingQueuedConnection);
    }
    ~BareHttpServerImpl() override
    {
        QMetaObject::invokeMethod(
            &m_worker, [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    [[nodiscard]] std::uint16_t port() const override { return m_port; }

private:
    QThread m_thread;
    QObject m_worker;
    std::unique_ptr<QHttpServer> m_server;
    std::uint16_t m_port = 0;
};

} // namespace

Result<std::unique_ptr<BareHttpServer>> BareHttpServer::start()
{
    auto server = std::make_unique<BareHttpServerImpl>();
    if (server->port() == 0)
        return fail(ErrorCode::IoError, "the bare server found no port");
    return server;
}

} // namespace commander
