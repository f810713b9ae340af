// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest_page/rest_control.h"

#include <commander/access.h>
#include <commander/engine.h>
#include <commander/rest_server.h>

#include <memory>
#include <QFutureWatcher>
#include <QNetworkAccessManager>
#include <string>

namespace commander {

/// The console's REST server: starts and stops it on a worker, keeps the log of requests of the last one, and asks it
/// what the console's own composer sends. The engine must outlive it. GUI thread.
class RestDesk final : public ui::RestControl {
    Q_OBJECT
public:
    RestDesk(Engine &engine, const std::string &ledgerPath, QObject *parent = nullptr);
    ~RestDesk() override; ///< stops the server

    /// As start(), but tries `portsToTry` ports from this one on, and waits: for the beginning, before there is a
    /// window.
    void startNow(std::uint16_t port, std::uint16_t portsToTry);

    [[nodiscard]] RestStatus status() const override;
    [[nodiscard]] std::shared_ptr<const RequestLog> requests() const override { return m_requests; }
    [[nodiscard]] std::shared_ptr<AccessTokens> tokens() const override { return m_tokens; }
    void start(std::uint16_t port) override;
    void stop() override;
    [[nodiscard]] bool isChanging() const override { return m_change.isRunning(); }
    void send(const ui::RestQuestion &question, QObject *context,
              std::function<void(const ui::RestAnswer &)> answer) override;

private:
    using Started = std::shared_ptr<Result<std::unique_ptr<RestServer>>>;
    [[nodiscard]] RestOptions options(std::uint16_t port, std::uint16_t portsToTry) const;
    void take(Result<std::unique_ptr<RestServer>> server);
    /// A token for what the console itself sends; empty where everybody may come in.
    [[nodiscard]] QByteArray ownSecret();

    Engine &m_engine;
    const std::shared_ptr<AccessTokens> m_tokens;
    std::shared_ptr<const RequestLog> m_requests;
    std::unique_ptr<RestServer> m_server;
    std::string m_error;
    QByteArray m_secret;
    QNetworkAccessManager m_network;
    QFutureWatcher<Started> m_change; ///< of start(), or of stop() with nothing in it
};

} // namespace commander
