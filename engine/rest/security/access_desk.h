// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_head.h"
#include "rest/security/gate_client.h"
#include "rest/security/tickets.h"

#include <deque>
#include <unordered_map>

namespace commander::rest {

/// What a route asks of whoever asks it.
enum class Needs {
    ByVerb, ///< nothing said: Read for GET, Operate for all that changes something
    Nothing,
    Read,
    Submit,
    Operate,
    Audit
};
/// The role; none for Nothing.
[[nodiscard]] std::optional<AccessRole> roleFor(Needs needs, Method verb) noexcept;

struct AccessRules {
    std::shared_ptr<AccessTokens> tokens; ///< null: there are none
    bool open = true;                     ///< as long as no token was ever made, everybody may do everything
    std::uint32_t requestsPerSecond = 200;
    std::uint32_t openRequestsPerSecond = 0;
    std::size_t connectionsMax = 256;
    std::size_t streamsMax = 12'000;
};

/// Who may come in: tokens and tickets, roles, request rates, places. Asked by the gate with the head of a request
/// alone. Server thread only.
class AccessDesk {
public:
    AccessDesk(AccessRules rules, const Clock &clock, RandomSource &random);

    /// Finds out who asks and fills in `token`. Refuses a token or ticket that is none (401, 429 when there were too
    /// many) and who asks too often (429). `takesTickets`: the path may be asked with one.
    [[nodiscard]] std::optional<GateRefusal> identify(CheckedRequest &request, GateClient &client, bool takesTickets);
    /// 401 or 403 when whoever asks may not do this.
    [[nodiscard]] std::optional<GateRefusal> permit(const CheckedRequest &request, std::optional<AccessRole> role);
    /// 503 when all places are taken.
    [[nodiscard]] std::optional<GateRefusal> seat(GateClient &client, bool streams);

    /// Nobody needs a token now.
    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] const std::shared_ptr<AccessTokens> &tokens() const noexcept { return m_rules.tokens; }
    [[nodiscard]] Tickets &tickets() noexcept { return m_tickets; }

private:
    using TimePoint = std::chrono::steady_clock::time_point;
    [[nodiscard]] std::optional<GateRefusal> badToken(std::string_view code, std::string detail);
    [[nodiscard]] std::optional<GateRefusal> limitRate(const CheckedRequest &request, GateClient &client);

    const AccessRules m_rules;
    const Clock &m_clock;
    Tickets m_tickets;
    Seats m_ordinary;
    Seats m_streams;
    std::unordered_map<std::string, RateBucket> m_rates; ///< by the token's name
    std::deque<TimePoint> m_badTokens;                   ///< of the last minute
};

} // namespace commander::rest
