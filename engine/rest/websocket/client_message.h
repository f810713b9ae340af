// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/query_params.h"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace commander::rest {

/// `{"type":"subscribe","subscription":NAME,"path":PATH, …}`: its other members are what the path takes as parameters.
struct SubscribeMessage {
    std::string subscription;
    std::string path; ///< empty = that of the connection
    QueryParams query;
};

/// `{"type":"unsubscribe","subscription":NAME}`
struct UnsubscribeMessage {
    std::string subscription;
};

/// `{"type":"submit","ref":REF,"command":{…},"wait":SECONDS}`
struct SubmitMessage {
    std::string ref;
    std::string command; ///< its exact bytes
    std::chrono::milliseconds wait{0};
};

/// What a client sent and the server cannot do.
struct UnusableMessage {
    bool close = false; ///< not a message of this protocol at all
    std::string subscription;
    std::string ref;
    Error error;
};

using ClientMessage = std::variant<SubscribeMessage, UnsubscribeMessage, SubmitMessage, UnusableMessage>;
[[nodiscard]] ClientMessage readClientMessage(std::string_view text);

} // namespace commander::rest
