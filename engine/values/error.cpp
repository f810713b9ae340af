// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/error.h>

#include <algorithm>
#include <array>

namespace commander {

namespace {

constexpr std::array names{
    std::string_view("invalid-argument"),
    std::string_view("invalid-json"),
    std::string_view("duplicate-key"),
    std::string_view("invalid-uuid"),
    std::string_view("invalid-time"),
    std::string_view("invalid-filter"),
    std::string_view("schema-invalid"),
    std::string_view("unknown-action"),
    std::string_view("unknown-view"),
    std::string_view("not-found"),
    std::string_view("duplicate-id"),
    std::string_view("id-reused"),
    std::string_view("ledger-locked"),
    std::string_view("ledger-foreign"),
    std::string_view("ledger-newer"),
    std::string_view("ledger-damaged"),
    std::string_view("ledger-read-only"),
    std::string_view("ledger-unavailable"),
    std::string_view("disk-full"),
    std::string_view("io-error"),
    std::string_view("unsupported"),
    std::string_view("cancelled"),
    std::string_view("timed-out"),
    std::string_view("limit-exceeded"),
    std::string_view("busy"),
    std::string_view("shutting-down"),
    std::string_view("not-ready"),
    std::string_view("domain-fault"),
    std::string_view("script-timeout"),
    std::string_view("script-out-of-memory"),
    std::string_view("script-crashed"),
    std::string_view("conflict"),
    std::string_view("internal"),
};
static_assert(names.size() == static_cast<std::size_t>(ErrorCode::Count), "a new error code needs a wire name");

} // namespace

std::string_view errorCodeName(ErrorCode code) noexcept
{
    const auto index = static_cast<std::size_t>(code);
    return index < names.size() ? names[index] : names.back();
}

bool isDomainFault(ErrorCode code) noexcept
{
    return code == ErrorCode::DomainFault || code == ErrorCode::ScriptTimeout || code == ErrorCode::ScriptOutOfMemory
        || code == ErrorCode::ScriptCrashed;
}

bool isDomainFault(std::string_view name) noexcept
{
    const auto found = std::find(names.begin(), names.end(), name);
    return found != names.end() && isDomainFault(static_cast<ErrorCode>(found - names.begin()));
}

std::string Error::text() const
{
    std::string line = what.empty() ? std::string(errorCodeName(code)) : what;
    if (!where.empty())
        line.append(" (").append(where).append(")");
    if (!remedy.empty())
        line.append(". ").append(remedy);
    return line;
}

} // namespace commander
