// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/access.h>
#include <commander/request_log.h>
#include <commander/rest_status.h>
#include <commander/result.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QTcpServer;

namespace commander {

class DomainLoader;
class Engine;

/// How streams of updates find out that a client is no longer there.
struct PushTimes {
    std::chrono::milliseconds heartbeat{15'000}; ///< a ping on a stream that is quiet, and on every WebSocket
    std::chrono::milliseconds pongMax{10'000};   ///< a WebSocket that answers no ping for so long is dropped
    std::chrono::milliseconds stallMax{60'000};  ///< who reads nothing of what waits for him for so long is dropped
};

struct RestOptions {
    std::uint16_t port = 8080;    ///< 0 = any free one
    std::uint16_t portsToTry = 1; ///< 20 = also the next 19 when taken
    /// Address to listen on; empty = this machine only. Anything but a loopback address needs tokens and TLS.
    std::string host;
    std::vector<std::string> hostNames; ///< further names that clients may call the server by
    std::string tlsCertificate;         ///< PEM, the chain; with it and the key everything is encrypted
    std::string tlsKey;                 ///< PEM
    std::size_t bodyBytesMax = 1 << 20;
    std::vector<std::string> allowedOrigins; ///< CORS; none by default
    /// Who may come in. Null, or as long as no token was ever made: everybody on this machine may do everything.
    std::shared_ptr<AccessTokens> tokens;
    std::uint32_t requestsPerSecond = 200;   ///< of each token; more: 429. 0 = without limit
    std::uint32_t openRequestsPerSecond = 0; ///< of each connection as long as everybody may come in
    std::size_t connectionsMax = 256;        ///< that have asked for anything but a stream; more: 503
    std::size_t streamsMax = 12'000;         ///< open streams of updates; more: 503
    std::size_t requestLogMax = 10'000;      ///< entries of the request log
    /// Loads the domains that clients send; must outlive the server. Null: it takes none.
    const DomainLoader *loader = nullptr;
    PushTimes push;
    /// The network comes in from outside: makes the socket that listens. Null = a real QTcpServer.
    std::function<std::unique_ptr<QTcpServer>()> makeListener;
};

/// Serves the REST contract for one engine, in a thread of its own. Thread-safe. Lives within the life of a
/// QCoreApplication.
class RestServer {
public:
    /// Errors IoError (port taken), InvalidArgument (also an address that is open to others without tokens and TLS),
    /// Unsupported. The engine must outlive the server.
    [[nodiscard]] static Result<std::unique_ptr<RestServer>> start(Engine &engine, RestOptions options);
    virtual ~RestServer() = default; ///< finishes running requests, closes streams
    [[nodiscard]] virtual RestStatus status() const = 0;
    /// Every request, refused ones too. May be kept for longer than the server.
    [[nodiscard]] virtual std::shared_ptr<const RequestLog> requests() const = 0;
};

} // namespace commander
