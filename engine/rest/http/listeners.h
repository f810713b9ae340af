// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/rest_server.h>

#include <QTcpServer>

namespace commander::rest {

/// The sockets that listen, all on one port, and what they are called.
struct Listeners {
    std::vector<std::unique_ptr<QTcpServer>> servers;
    std::uint16_t port = 0;
    bool loopback = true;           ///< only this machine can reach them
    std::string scheme = "http";    ///< or "https"
    std::string baseUrl;            ///< "http://127.0.0.1:8080"
    std::vector<std::string> hosts; ///< what a Host header may say, lower case: "127.0.0.1:8080", …
};

/// Errors IoError (port taken), InvalidArgument (also an address that is open to others without tokens and TLS),
/// Unsupported.
[[nodiscard]] Result<Listeners> listen(const RestOptions &options);

} // namespace commander::rest
