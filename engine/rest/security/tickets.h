// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/access.h>
#include <commander/ids.h>

#include <map>

namespace commander::rest {

/// Stand in for a token where a browser cannot send a header (EventSource, WebSocket): good for one request to one path
/// within half a minute, so that it may stand in an address. In memory only. Not thread-safe.
class Tickets {
public:
    static constexpr std::chrono::seconds lifetime{30};
    static constexpr std::size_t most = 10'000; ///< not yet used nor expired

    Tickets(const Clock &clock, RandomSource &random) : m_clock(clock), m_random(random) { }

    /// Error Busy when there are too many.
    [[nodiscard]] Result<std::string> issue(std::string path, AccessTokenPtr holder);
    struct Holder {
        AccessTokenPtr token; ///< null where the server was open to everybody
    };
    /// Spends it, whether it fits or not.
    [[nodiscard]] std::optional<Holder> redeem(std::string_view ticket, std::string_view path);

private:
    struct Issued {
        std::string path;
        AccessTokenPtr holder;
        std::chrono::steady_clock::time_point until;
    };
    const Clock &m_clock;
    RandomSource &m_random;
    std::map<Hash256, Issued> m_issued; ///< by hash: looking one up tells nothing about the others
};

} // namespace commander::rest
