// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/security/access_desk.h"

#include "rest/gate/http_syntax.h"
#include "rest/query_params.h"

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t badTokensMax = 10; ///< a minute, of all clients together: they cannot be told apart
constexpr auto badTokensTime = 1min;
constexpr std::string_view scheme = "bearer ";

GateRefusal unauthorized(std::string_view code, std::string detail, std::string_view error)
{
    auto answer = refusal(401, std::string(code), std::move(detail));
    answer.headers.emplace_back("WWW-Authenticate",
                                "Bearer realm=\"commander\""
                                    + (error.empty() ? std::string() : ", error=\"" + std::string(error) + '"'));
    return answer;
}

GateRefusal later(int status, std::string_view code, std::string detail, std::chrono::milliseconds wait)
{
    auto answer = refusal(status, std::string(code), std::move(detail));
    const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
    answer.headers.emplace_back("Retry-After", std::to_string(seconds));
    return answer;
}

} // namespace

std::optional<AccessRole> roleFor(Needs needs, Method verb) noexcept
{
    switch (needs) {
    case Needs::Nothing:
        return std::nullopt;
    case Needs::Read:
        return AccessRole::Read;
    case Needs::Submit:
        return AccessRole::Submit;
    case Needs::Operate:
        return AccessRole::Operate;
    case Needs::Audit:
        return AccessRole::Audit;
    case Needs::ByVerb:
        break;
    }
    return verb == Method::Get || verb == Method::Head ? AccessRole::Read : AccessRole::Operate;
}

AccessDesk::AccessDesk(AccessRules rules, const Clock &clock, RandomSource &random)
    : m_rules(std::move(rules)), m_clock(clock), m_tickets(clock, random), m_ordinary(m_rules.connectionsMax),
      m_streams(m_rules.streamsMax)
{
}

bool AccessDesk::isOpen() const
{
    return m_rules.open && !(m_rules.tokens && m_rules.tokens->isClosed());
}

std::optional<GateRefusal> AccessDesk::identify(CheckedRequest &request, GateClient &client, bool takesTickets)
{
    const auto count = request.head.count("authorization");
    if (count > 1)
        return refusal(400, "bad-request", "There is more than one Authorization header.");
    const auto credentials = request.head.field("authorization").value_or("");
    if (credentials.size() > scheme.size() && equalsIgnoringCase(credentials.substr(0, scheme.size()), scheme)) {
        const auto secret = trimmed(credentials.substr(scheme.size()));
        request.token = m_rules.tokens ? m_rules.tokens->identify(secret) : nullptr;
        if (!request.token)
            return badToken("invalid-token", "The token is unknown, revoked or expired.");
    } else if (count == 1) {
        return unauthorized("invalid-token", "The Authorization header is not Bearer and a token.", "invalid_request");
    } else if (takesTickets && request.head.method() == Method::Get
               && request.head.query().find("ticket=") != std::string_view::npos) {
        const auto ticket = QueryParams(request.head.query()).text("ticket").value_or("");
        const auto holder = m_tickets.redeem(ticket, request.head.path());
        // Whoever got it may have lost the right to it since.
        if (!holder || (holder->token && !m_rules.tokens->isValid(*holder->token)) || (!holder->token && !isOpen()))
            return badToken("invalid-ticket", "The ticket is unknown, spent, expired or for another path.");
        request.token = holder->token;
    }
    return limitRate(request, client);
}

std::optional<GateRefusal> AccessDesk::badToken(std::string_view code, std::string detail)
{
    const auto now = m_clock.steady();
    while (!m_badTokens.empty() && now - m_badTokens.front() >= badTokensTime)
        m_badTokens.pop_front();
    if (m_badTokens.size() >= badTokensMax) {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(m_badTokens.front() + badTokensTime - now);
        return later(429, "too-many-bad-tokens", "Too many wrong tokens were shown within a minute.", wait);
    }
    m_badTokens.push_back(now);
    return unauthorized(code, std::move(detail), "invalid_token");
}

std::optional<GateRefusal> AccessDesk::limitRate(const CheckedRequest &request, GateClient &client)
{
    const auto perSecond = request.token || !isOpen() ? m_rules.requestsPerSecond : m_rules.openRequestsPerSecond;
    if (perSecond == 0)
        return std::nullopt;
    auto &bucket = request.token ? m_rates[request.token->name] : client.rate;
    if (const auto wait = bucket.take(perSecond, m_clock.steady())) {
        return later(429, "too-many-requests",
                     "More than " + std::to_string(perSecond)
                         + (request.token ? " requests a second came with this token."
                                          : " requests a second came over this connection."),
                     *wait);
    }
    return std::nullopt;
}

std::optional<GateRefusal> AccessDesk::permit(const CheckedRequest &request, std::optional<AccessRole> role)
{
    if (!role)
        return std::nullopt;
    if (!request.token) {
        if (isOpen())
            return std::nullopt;
        return unauthorized("token-required", "Send a token of this workspace: Authorization: Bearer TOKEN.", {});
    }
    if (request.token->roles.has(*role))
        return std::nullopt;
    const std::string name(accessRoleName(*role));
    auto answer = refusal(403, "insufficient-scope",
                          "This needs the role " + name + "; the token has " + request.token->roles.text() + '.');
    answer.headers.emplace_back("WWW-Authenticate",
                                "Bearer realm=\"commander\", error=\"insufficient_scope\", scope=\"" + name + '"');
    return answer;
}

std::optional<GateRefusal> AccessDesk::seat(GateClient &client, bool streams)
{
    auto &seats = streams ? m_streams : m_ordinary;
    if (client.seat.isOf(seats))
        return std::nullopt;
    auto seat = seats.take();
    if (!seat) {
        return refusal(503, "too-many-connections",
                       streams ? "As many streams are open as this server keeps."
                               : "As many connections are open as this server keeps.");
    }
    client.seat = std::move(*seat);
    return std::nullopt;
}

} // namespace commander::rest
