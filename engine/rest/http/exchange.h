// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_head.h"
#include "rest/response.h"

#include <commander/request_log.h>

#include <chrono>
#include <memory>

namespace commander::rest {

/// Names one request and its answer. Stays harmless when the client is long gone: whoever holds it can only be told so.
using ExchangeId = StrongU64<struct ExchangeTag>;
using RequestPtr = std::shared_ptr<const CheckedRequest>;

/// What became of an exchange, for the log. The views end with the call.
struct ExchangeNews {
    std::uint64_t number = 0; ///< names the exchange
    RequestEntry::Kind kind = RequestEntry::Kind::Answered;
    int status = 0;
    std::chrono::steady_clock::duration spent{};
    std::uint64_t bytes = 0;
    const CheckedRequest *request = nullptr; ///< null: not even a request line came
    std::string_view client;
    std::string_view code;     ///< of a refusal
    std::string_view location; ///< of the answer
};

/// What the HTTP side calls. Server thread only.
class HttpHandler {
public:
    virtual ~HttpHandler() = default;
    /// A checked request. To be answered once, now or later.
    virtual void handle(ExchangeId exchange, const RequestPtr &request) = 0;
    /// The gate let a request go no further; what shall be said.
    virtual Response refused(const GateRefusal &refusal) = 0;
    /// The client of a stream has room again.
    virtual void writable(ExchangeId exchange) = 0;
    /// The client of a WebSocket has sent something: to be fetched with HttpFront::readSocket.
    virtual void readable(ExchangeId exchange) = 0;
    /// The client left before its exchange was over. Nothing may be sent any more (it would go nowhere).
    virtual void gone(ExchangeId exchange) = 0;
    /// Something became of an exchange.
    virtual void news(const ExchangeNews &news) = 0;
};

} // namespace commander::rest
