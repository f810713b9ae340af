// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/access.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace commander::rest {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options, Trace };
[[nodiscard]] std::string_view methodName(Method method) noexcept;
[[nodiscard]] std::optional<Method> methodFromName(std::string_view name) noexcept;

/// Request line and header fields of a request that kept every rule of HTTP/1.x syntax. Field names are lower case.
class RequestHead {
public:
    [[nodiscard]] Method method() const noexcept { return m_method; }
    /// 0 or 1: HTTP/1.0 or HTTP/1.1.
    [[nodiscard]] int minorVersion() const noexcept { return m_minorVersion; }
    /// Path and query as sent, percent-encoded.
    [[nodiscard]] std::string_view target() const noexcept { return text(m_target); }
    [[nodiscard]] std::string_view path() const noexcept;
    /// Without the question mark; empty when there is none.
    [[nodiscard]] std::string_view query() const noexcept;
    /// Value of the first field of this (lower-case) name.
    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

private:
    friend class RequestGate;
    struct Slice {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
    };
    [[nodiscard]] std::string_view text(Slice slice) const noexcept
    {
        return std::string_view(m_bytes).substr(slice.begin, slice.size);
    }

    std::string m_bytes; ///< the head as received; the slices point into it
    Method m_method = Method::Get;
    int m_minorVersion = 1;
    Slice m_target;
    std::vector<std::pair<Slice, Slice>> m_fields;
};

/// A request that may be acted on: complete, and every check of the gate passed.
struct CheckedRequest {
    RequestHead head;
    std::string body;
    std::string allowedOrigin; ///< the request's Origin, when there is one
    bool keepAlive = true;
    bool webSocket = false;          ///< set by the head check: shall become one, and may
    std::size_t route = 0;           ///< set by the head check
    std::vector<std::string> params; ///< set by the head check: the path's variable segments, decoded
    AccessTokenPtr token;            ///< set by the head check: who asks; null where the server is open to everybody
};

/// Under whose name a request acts.
[[nodiscard]] inline std::string actorOf(const CheckedRequest &request)
{
    return request.token ? request.token->name : "api";
}
/// Whether it may do what needs this role. Routes state the role that all of them need; this is for what goes beyond.
[[nodiscard]] inline bool mayDo(const CheckedRequest &request, AccessRole role)
{
    return !request.token || request.token->roles.has(role);
}

/// Why a request went no further. Becomes a problem+json answer.
struct GateRefusal {
    int status = 400;
    std::string code;
    std::string detail;
    std::string instance; ///< the path, once the head has passed the checks of the gate itself
    std::string allow;    ///< value of the Allow header of a 405
    std::vector<std::pair<std::string, std::string>> headers; ///< further ones of the answer
    bool headOnly = false;                                    ///< answer to a HEAD request
    bool close = true;
};

[[nodiscard]] inline GateRefusal refusal(int status, std::string code, std::string detail)
{
    GateRefusal refusal;
    refusal.status = status;
    refusal.code = std::move(code);
    refusal.detail = std::move(detail);
    return refusal;
}

} // namespace commander::rest
