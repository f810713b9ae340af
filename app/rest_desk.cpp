// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_desk.h"

#include "workspace_tokens.h"

#include "workspace.h"

#include <QElapsedTimer>
#include <QNetworkReply>
#include <QPointer>
#include <QtConcurrent>

using namespace Qt::StringLiterals;

namespace commander {

namespace {

constexpr int answerTimeoutMs = 70'000; ///< longer than the longest wait that a client may ask for

} // namespace

RestDesk::RestDesk(Engine &engine, const std::string &ledgerPath, QObject *parent)
    : RestControl(parent), m_engine(engine), m_tokens(workspaceTokens(ledgerPath))
{
    connect(&m_change, &QFutureWatcherBase::finished, this, [this] {
        if (const auto started = m_change.result())
            take(std::move(*started));
        Q_EMIT changed();
    });
}

RestDesk::~RestDesk()
{
    m_change.waitForFinished();
}

RestOptions RestDesk::options(std::uint16_t port, std::uint16_t portsToTry) const
{
    RestOptions options;
    options.port = port;
    options.portsToTry = portsToTry;
    options.tokens = m_tokens;
    options.loader = &domainLoader();
    return options;
}

void RestDesk::take(Result<std::unique_ptr<RestServer>> server)
{
    m_error.clear();
    if (!server) {
        m_error = server.error().text(); // the console works without; it shows why
        return;
    }
    m_server = std::move(*server);
    m_requests = m_server->requests();
}

void RestDesk::startNow(std::uint16_t port, std::uint16_t portsToTry)
{
    take(RestServer::start(m_engine, options(port, portsToTry)));
}

RestStatus RestDesk::status() const
{
    RestStatus status;
    if (m_server)
        status = m_server->status();
    else
        status.error = m_error;
    status.closed = m_tokens->isClosed();
    return status;
}

void RestDesk::start(std::uint16_t port)
{
    if (isChanging() || m_server)
        return;
    m_change.setFuture(QtConcurrent::run([this, options = options(port, 1)] {
        return std::make_shared<Result<std::unique_ptr<RestServer>>>(RestServer::start(m_engine, options));
    }));
    Q_EMIT changed();
}

void RestDesk::stop()
{
    if (isChanging() || !m_server)
        return;
    // It finishes what it is answering, which may take a while.
    m_change.setFuture(QtConcurrent::run([server = std::shared_ptr<RestServer>(std::move(m_server))]() mutable {
        server.reset();
        return Started();
    }));
    Q_EMIT changed();
}

QByteArray RestDesk::ownSecret()
{
    if (!m_tokens->isClosed())
        return {};
    if (m_secret.isEmpty()) {
        NewAccessToken wanted{"console", AccessRoles::all(), {}, true};
        if (const auto made = m_tokens->create(std::move(wanted)))
            m_secret = QByteArray::fromStdString(made->secret);
    }
    return m_secret;
}

void RestDesk::send(const ui::RestQuestion &question, QObject *context,
                    std::function<void(const ui::RestAnswer &)> answer)
{
    QNetworkRequest request(QUrl(QString::fromStdString(status().baseUrl) + question.path));
    request.setTransferTimeout(answerTimeoutMs);
    if (!question.body.isEmpty())
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    if (const auto secret = ownSecret(); !secret.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + secret);
    QElapsedTimer timer;
    timer.start();
    auto *reply = m_network.sendCustomRequest(request, question.method.toLatin1(), question.body);
    connect(reply, &QNetworkReply::finished, this,
            [reply, timer, context = QPointer(context), answer = std::move(answer)] {
                reply->deleteLater();
                if (!context)
                    return;
                ui::RestAnswer got;
                got.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
                got.body = reply->readAll();
                got.contentType = reply->header(QNetworkRequest::ContentTypeHeader).toString();
                got.error = got.status == 0 ? reply->errorString() : QString();
                got.micros = timer.nsecsElapsed() / 1000;
                answer(got);
            });
}

} // namespace commander
