// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/tls_listener.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTimer>

#include <chrono>

#include <unistd.h>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t handshakesMax = 512; ///< more are closed at once: each costs a private-key operation
constexpr auto handshakeTimeMax = 5s;

QSslKey privateKey(const QByteArray &pem)
{
    for (const auto algorithm : {QSsl::Rsa, QSsl::Ec}) {
        const QSslKey key(pem, algorithm, QSsl::Pem, QSsl::PrivateKey);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

Result<QSslConfiguration> TlsListener::configuration(const std::string &certificatePem, const std::string &keyPem)
{
    if (!QSslSocket::supportsSsl()) {
        return fail(ErrorCode::Unsupported, "this system has no TLS library that Qt can use", {},
                    "Install OpenSSL 3 and Qt's TLS plugin for it.");
    }
    const auto chain = QSslCertificate::fromData(QByteArray::fromStdString(certificatePem), QSsl::Pem);
    if (chain.isEmpty() || chain.front().isNull()) {
        return fail(ErrorCode::InvalidArgument, "no certificate in PEM", "TLS certificate",
                    "It begins with -----BEGIN CERTIFICATE-----; those of intermediate authorities follow it.");
    }
    const auto key = privateKey(QByteArray::fromStdString(keyPem));
    if (key.isNull()) {
        return fail(ErrorCode::InvalidArgument, "no private key in PEM", "TLS key",
                    "It is an RSA or EC key without a passphrase.");
    }
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // clients show a token, not a certificate
    configuration.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    return configuration;
}

void TlsListener::incomingConnection(qintptr descriptor)
{
    auto *const socket = m_inHandshake < handshakesMax ? new QSslSocket(this) : nullptr;
    if (!socket || !socket->setSocketDescriptor(descriptor)) {
        ::close(static_cast<int>(descriptor));
        delete socket;
        return;
    }
    ++m_inHandshake;
    socket->setSslConfiguration(m_configuration);
    // Everything that waits for the handshake is connected to this timer: it goes with it.
    auto *const handshake = new QTimer(socket);
    connect(socket, &QSslSocket::encrypted, handshake, [this, socket, handshake] {
        delete handshake;
        --m_inHandshake;
        addPendingConnection(socket); // tells whoever listens to us
    });
    const auto giveUp = [this, socket, handshake] {
        delete handshake;
        --m_inHandshake;
        socket->abort();
        socket->deleteLater();
    };
    connect(socket, &QAbstractSocket::disconnected, handshake, giveUp);
    connect(handshake, &QTimer::timeout, handshake, giveUp);
    handshake->setSingleShot(true);
    handshake->start(handshakeTimeMax);
    socket->startServerEncryption();
}

} // namespace commander::rest
