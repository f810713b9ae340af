// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>

#include <string>
#include <utility>
#include <vector>

namespace commander::rest {

/// An answer before it is put on the wire. Security headers, length and connection headers are added there.
struct Response {
    int status = 200;
    std::string contentType = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string contentPolicy; ///< Content-Security-Policy; empty = nothing may load or run

    Response &with(std::string name, std::string value)
    {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    Response &at(Position position) { return with("Commander-Position", std::to_string(position.value)); }
};

} // namespace commander::rest
