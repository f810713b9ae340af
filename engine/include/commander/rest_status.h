// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace commander {

/// What the console may know of the REST server. app/ fills it; ui/ never sees HTTP.
struct RestStatus {
    bool listening = false;
    std::string baseUrl; ///< "http://127.0.0.1:8080"
    std::string error;   ///< why it does not listen
    std::uint64_t requests = 0;
    std::uint64_t streams = 0; ///< open SSE connections
    bool closed = false;       ///< nobody gets in without a token
};

} // namespace commander
