// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/http/answer_headers.h"

#include <array>

namespace commander::rest {

namespace {

constexpr auto securityHeaders = std::to_array<HeaderView>({
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
});
constexpr std::string_view strictPolicy = "default-src 'none'; frame-ancestors 'none'";

void addCors(std::vector<HeaderView> &headers, const CheckedRequest *request)
{
    if (!request || request->allowedOrigin.empty())
        return;
    headers.emplace_back("Access-Control-Allow-Origin", request->allowedOrigin);
    headers.emplace_back("Access-Control-Expose-Headers",
                         "Location, Link, ETag, Commander-Position, Commander-Stale, Idempotency-Replayed, "
                         "Preference-Applied, Retry-After, WWW-Authenticate");
    headers.emplace_back("Vary", "Origin");
}

} // namespace

std::vector<HeaderView> answerHeaders(const Response &response, const CheckedRequest *request)
{
    std::vector<HeaderView> headers;
    headers.reserve(securityHeaders.size() + response.headers.size() + 6);
    if (!response.contentType.empty())
        headers.emplace_back("Content-Type", response.contentType);
    headers.insert(headers.end(), securityHeaders.begin(), securityHeaders.end());
    headers.emplace_back("Content-Security-Policy",
                         response.contentPolicy.empty() ? strictPolicy : std::string_view(response.contentPolicy));
    for (const auto &[name, value] : response.headers)
        headers.emplace_back(name, value);
    addCors(headers, request);
    return headers;
}

} // namespace commander::rest
