// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/security/tickets.h"

#include "values/digest.h"

#include <array>

namespace commander::rest {

namespace {

Hash256 hashOf(std::string_view ticket)
{
    Hash256 hash{};
    Digest(DigestKind::Sha256).add(ticket).finish(hash);
    return hash;
}

} // namespace

Result<std::string> Tickets::issue(std::string path, AccessTokenPtr holder)
{
    const auto now = m_clock.steady();
    if (m_issued.size() >= most) {
        std::erase_if(m_issued, [now](const auto &one) { return one.second.until <= now; });
        if (m_issued.size() >= most)
            return fail(ErrorCode::Busy, "too many tickets are waiting to be used", {}, "Ask again in half a minute.");
    }
    std::array<std::uint8_t, 32> bits{};
    m_random.fill(bits);
    auto ticket = toHex(bits.data(), bits.size());
    m_issued[hashOf(ticket)] = {std::move(path), std::move(holder), now + lifetime};
    return ticket;
}

std::optional<Tickets::Holder> Tickets::redeem(std::string_view ticket, std::string_view path)
{
    const auto found = m_issued.find(hashOf(ticket));
    if (found == m_issued.end())
        return std::nullopt;
    const auto issued = std::move(found->second);
    m_issued.erase(found);
    if (issued.until <= m_clock.steady() || issued.path != path)
        return std::nullopt;
    return Holder{issued.holder};
}

} // namespace commander::rest
