// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/listeners.h"

#include "rest/gate/http_syntax.h"
#include "rest/http/tls_listener.h"

#include <QHostAddress>
#include <QNetworkInterface>

#include <algorithm>
#include <optional>

namespace commander::rest {

namespace {

constexpr int listenBacklog = 4096; ///< Qt's default of 50 makes many connections at once wait for seconds

bool isAny(const QHostAddress &address)
{
    return address == QHostAddress(QHostAddress::AnyIPv4) || address == QHostAddress(QHostAddress::AnyIPv6)
        || address == QHostAddress(QHostAddress::Any);
}

/// As in an address: [::1] for IPv6.
std::string nameOf(const QHostAddress &address)
{
    auto text = address;
    text.setScopeId({});
    const auto name = text.toString().toStdString();
    return address.protocol() == QAbstractSocket::IPv6Protocol ? '[' + name + ']' : name;
}

/// The first address has to be had, the others need not: not every machine has IPv6.
Result<std::vector<QHostAddress>> addressesOf(const RestOptions &options)
{
    if (options.host.empty() || options.host == "localhost")
        return std::vector{QHostAddress(QHostAddress::LocalHost), QHostAddress(QHostAddress::LocalHostIPv6)};
    const QHostAddress address(QString::fromStdString(options.host));
    if (address.isNull()) {
        return fail(ErrorCode::InvalidArgument, "not an address of this machine", options.host,
                    "Give one such as 127.0.0.1, 192.168.1.10 or ::1; 0.0.0.0 and :: stand for all.");
    }
    return std::vector{address};
}

/// Whoever can be reached by others has to know whom he talks to, and nobody shall listen in.
Result<void> checkExposure(const RestOptions &options)
{
    const bool closed = options.tokens && options.tokens->isClosed();
    const bool encrypted = !options.tlsCertificate.empty() && !options.tlsKey.empty();
    if (closed && encrypted)
        return {};
    return fail(ErrorCode::InvalidArgument,
                std::string("this address can be reached by other machines, and there ")
                    + (closed          ? "is no TLS"
                           : encrypted ? "are no tokens"
                                       : "are neither tokens nor TLS"),
                options.host,
                "Make a token with commanderctl token create, give --tls-cert and --tls-key, or serve 127.0.0.1 only.");
}

std::vector<std::string> hostsOf(const RestOptions &options, const std::vector<QHostAddress> &addresses,
                                 const std::string &scheme, std::uint16_t port)
{
    std::vector<std::string> names;
    const bool any = std::any_of(addresses.begin(), addresses.end(), isAny);
    if (any || addresses.front().isLoopback())
        names = {"127.0.0.1", "localhost", "[::1]"};
    for (const auto &address : any ? QNetworkInterface::allAddresses() : QList<QHostAddress>{addresses.front()})
        names.push_back(nameOf(address));
    for (const auto &name : options.hostNames)
        names.push_back(lowered(name));
    std::vector<std::string> hosts;
    const bool plain = port == (scheme == "https" ? 443 : 80); // clients leave out the port that is usual
    for (const auto &name : names) {
        hosts.push_back(name + ':' + std::to_string(port));
        if (plain)
            hosts.push_back(name);
    }
    return hosts;
}

using MakeListener = std::function<std::unique_ptr<QTcpServer>()>;

Result<MakeListener> listenerMaker(const RestOptions &options)
{
    if (options.tlsCertificate.empty() && options.tlsKey.empty()) {
        return options.makeListener ? options.makeListener
                                    : MakeListener([] { return std::make_unique<QTcpServer>(); });
    }
    auto configuration = TlsListener::configuration(options.tlsCertificate, options.tlsKey);
    if (!configuration)
        return fail(configuration.error());
    return MakeListener([configuration = *configuration] { return std::make_unique<TlsListener>(configuration); });
}

std::unique_ptr<QTcpServer> listenOn(const MakeListener &make, const QHostAddress &address, std::uint16_t port,
                                     std::string &error)
{
    auto server = make();
    server->setListenBacklogSize(listenBacklog);
    server->setMaxPendingConnections(listenBacklog);
    if (server->listen(address, port))
        return server;
    error = server->errorString().toStdString();
    return nullptr;
}

} // namespace

Result<Listeners> listen(const RestOptions &options)
{
    if (options.portsToTry < 1)
        return fail(ErrorCode::InvalidArgument, "no port to listen on", "portsToTry", "Try at least one.");
    const auto addresses = addressesOf(options);
    if (!addresses)
        return fail(addresses.error());
    Listeners listeners;
    listeners.loopback = addresses->front().isLoopback();
    if (!listeners.loopback) {
        if (auto checked = checkExposure(options); !checked)
            return fail(checked.error());
    }
    const auto make = listenerMaker(options);
    if (!make)
        return fail(make.error());
    listeners.scheme = options.tlsCertificate.empty() ? "http" : "https";
    std::string error;
    const auto ports = options.port == 0 ? 1u : unsigned{options.portsToTry};
    for (unsigned i = 0; i < ports && options.port + i <= 0xffff; ++i) {
        auto server = listenOn(*make, addresses->front(), static_cast<std::uint16_t>(options.port + i), error);
        if (!server)
            continue;
        listeners.port = server->serverPort();
        listeners.servers.push_back(std::move(server));
        for (std::size_t other = 1; other < addresses->size(); ++other) {
            std::string ignored;
            if (auto further = listenOn(*make, (*addresses)[other], listeners.port, ignored))
                listeners.servers.push_back(std::move(further));
        }
        listeners.hosts = hostsOf(options, *addresses, listeners.scheme, listeners.port);
        const auto name = !options.hostNames.empty() ? options.hostNames.front()
            : isAny(addresses->front())              ? std::string("127.0.0.1")
                                                     : nameOf(addresses->front());
        listeners.baseUrl = listeners.scheme + "://" + name + ':' + std::to_string(listeners.port);
        return listeners;
    }
    return fail(ErrorCode::IoError, "cannot listen: " + error,
                nameOf(addresses->front()) + ':' + std::to_string(options.port),
                "Choose another port, or 0 for any free one.");
}

} // namespace commander::rest
