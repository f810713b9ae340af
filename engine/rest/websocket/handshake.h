// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_head.h"

#include <optional>
#include <string>
#include <string_view>

namespace commander::rest {

/// Whether a request wants its connection to become a WebSocket.
[[nodiscard]] bool asksForWebSocket(const RequestHead &head);
/// What is wrong with the wish (RFC 6455, 4.2.1); nothing when it can be granted. Host and Origin were looked at
/// before.
[[nodiscard]] std::optional<GateRefusal> checkWebSocket(const RequestHead &head);
/// The whole 101 answer to a checked request.
[[nodiscard]] std::string switchingProtocols(const RequestHead &head);

/// The one subprotocol that is known; agreed on when the client offers it, not demanded.
inline constexpr std::string_view socketProtocol = "commander.v1";

} // namespace commander::rest
