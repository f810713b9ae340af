// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <QSslConfiguration>
#include <QTcpServer>

namespace commander::rest {

/// A listener whose connections are encrypted before anybody else sees them. How many may be in their handshake at the
/// same time, and for how long, is bounded.
class TlsListener final : public QTcpServer {
public:
    explicit TlsListener(const QSslConfiguration &configuration) : m_configuration(configuration) { }

    /// TLS 1.2 or later, with this certificate (chain) and private key in PEM. Errors InvalidArgument, Unsupported.
    [[nodiscard]] static Result<QSslConfiguration> configuration(const std::string &certificatePem,
                                                                 const std::string &keyPem);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    const QSslConfiguration m_configuration;
    std::size_t m_inHandshake = 0;
};

} // namespace commander::rest
