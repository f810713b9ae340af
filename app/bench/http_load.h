// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace commander {

struct HttpLoad {
    std::uint16_t port = 0; ///< on 127.0.0.1
    std::string path;       ///< with query, e.g. "/commands?sync=true"
    std::size_t connections = 1;
    std::chrono::milliseconds duration{2000};
    int expectedStatus = 202;
    /// The next request's JSON body; called from the load thread.
    std::function<std::string()> nextBody;
};

struct HttpLoadReport {
    std::uint64_t answers = 0;
    std::uint64_t unexpected = 0; ///< answers with another status
    std::string firstUnexpected;  ///< status line and start of the body
    double seconds = 0;
    std::vector<std::uint32_t> latencyMicros; ///< one per answer
    [[nodiscard]] double perSecond() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
    /// The value below which the given share (0 to 1) of the latencies lies, in milliseconds.
    [[nodiscard]] double percentileMs(double share) const;
};

/// A closed-loop HTTP/1.1 keep-alive load from one thread: every connection sends its next POST when its answer is
/// there. Loopback only, bounded by `duration`. Error IoError.
[[nodiscard]] Result<HttpLoadReport> runHttpLoad(const HttpLoad &load);

} // namespace commander
