// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/rest_status.h>
#include <commander/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QTcpServer;

namespace commander {

class Engine;

struct RestOptions {
    std::uint16_t port = 8080;    ///< 0 = any free one
    std::uint16_t portsToTry = 1; ///< 20 = also the next 19 when taken
    std::size_t bodyBytesMax = 1 << 20;
    std::vector<std::string> allowedOrigins; ///< CORS; none by default
    /// The network comes in from outside: makes the socket that listens. Null = a real QTcpServer.
    std::function<std::unique_ptr<QTcpServer>()> makeListener;
};

/// Serves the REST contract for one engine on loopback, in a thread of its own. Thread-safe. Lives within the life of a
/// QCoreApplication.
class RestServer {
public:
    /// Errors IoError (port taken), InvalidArgument. The engine must outlive the server.
    [[nodiscard]] static Result<std::unique_ptr<RestServer>> start(Engine &engine, RestOptions options);
    virtual ~RestServer() = default; ///< finishes running requests, closes streams
    [[nodiscard]] virtual RestStatus status() const = 0;
};

} // namespace commander
