// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/access_tokens_impl.h"

#include "values/digest.h"

#include <commander/file_system.h>

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/crypto.h>

namespace commander {

namespace {

using namespace std::chrono_literals;

constexpr auto lookInterval = 500ms; ///< how long a revocation by another process may go unseen
constexpr std::size_t nameLengthMax = 64;
constexpr std::string_view secretPrefix = "cmdr_"; ///< so that scanners for leaked secrets can find it

/// Actors that are not tokens: a token of this name could pass for them.
constexpr std::string_view takenNames[] = {"api", "bench", "commander", "commanderctl", "console", "engine", "gateway"};

Hash256 hashOf(std::string_view secret)
{
    Hash256 hash{};
    Digest(DigestKind::Sha256).add(secret).finish(hash);
    return hash;
}

Timestamp inMilliseconds(Timestamp time)
{
    return {time.micros - time.micros % 1000};
}

Result<void> checkName(const std::string &name)
{
    const bool fits
        = !name.empty() && name.size() <= nameLengthMax && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-'
                  || c == '_';
          });
    if (!fits) {
        return fail(ErrorCode::InvalidArgument, "not a name for a token", name,
                    "It has 1 to 64 letters, digits, dots, hyphens and underscores.");
    }
    if (std::find(std::begin(takenNames), std::end(takenNames), name) != std::end(takenNames)) {
        return fail(ErrorCode::InvalidArgument, "a part of this program acts under this name", name,
                    "Choose another name for the token.");
    }
    return {};
}

} // namespace

std::shared_ptr<AccessTokens> AccessTokens::open(std::string path, FileSystem &fileSystem, const Clock &clock,
                                                 RandomSource &random)
{
    return std::make_shared<AccessTokensImpl>(std::move(path), fileSystem, clock, random);
}

void AccessTokensImpl::refresh(Look look) const
{
    const auto now = m_clock.steady();
    if (look == Look::Seldom && m_looked && now - *m_looked < lookInterval)
        return;
    const bool first = !m_looked;
    m_looked = now;
    const auto bytes = m_file.readBytes();
    if (bytes && *bytes == m_content.bytes && !m_problem && !first)
        return;
    auto content = m_file.read();
    if (content) {
        m_content = std::move(*content);
        m_problem.reset();
    } else {
        m_content = {};
        m_problem = content.error();
    }
}

std::vector<const StoredToken *> AccessTokensImpl::known() const
{
    std::vector<const StoredToken *> all;
    for (const auto *list : {&std::as_const(m_content.tokens), &m_ofThisRun}) {
        for (const auto &token : *list)
            all.push_back(&token);
    }
    return all;
}

bool AccessTokensImpl::isExpired(const AccessToken &token) const
{
    return token.expires && *token.expires <= m_clock.now();
}

Result<std::vector<AccessToken>> AccessTokensImpl::list() const
{
    const std::lock_guard lock(m_mutex);
    refresh(Look::Now);
    if (m_problem)
        return fail(*m_problem);
    std::vector<AccessToken> all;
    for (const auto *stored : known())
        all.push_back(*stored->token);
    return all;
}

Result<CreatedToken> AccessTokensImpl::create(NewAccessToken wanted)
{
    if (auto checked = checkName(wanted.name); !checked)
        return fail(checked.error());
    if (wanted.roles.isEmpty()) {
        return fail(ErrorCode::InvalidArgument, "a token without a role is good for nothing", wanted.name,
                    "Give it read, submit, operate or audit.");
    }
    if (wanted.expires && *wanted.expires <= m_clock.now())
        return fail(ErrorCode::InvalidArgument, "the token would have expired already", wanted.expires->text());
    const std::lock_guard lock(m_mutex);
    std::unique_ptr<FileLock> fileLock;
    if (!wanted.forThisRun) {
        auto taken = m_file.lock();
        if (!taken)
            return fail(taken.error());
        fileLock = std::move(*taken);
    }
    refresh(Look::Now);
    if (m_problem && !wanted.forThisRun)
        return fail(*m_problem);
    const auto all = known();
    if (std::any_of(all.begin(), all.end(), [&](const auto *one) { return one->token->name == wanted.name; })) {
        return fail(ErrorCode::Conflict, "there is a token of this name", wanted.name,
                    "Revoke it first, or choose another name.");
    }
    std::array<std::uint8_t, 32> bits{};
    m_random.fill(bits);
    CreatedToken created;
    created.secret = std::string(secretPrefix) + toHex(bits.data(), bits.size());
    // Times are kept in milliseconds: the same token shall not look different once it was read again.
    created.token
        = {std::move(wanted.name), wanted.roles, inMilliseconds(m_clock.now()), std::nullopt, wanted.forThisRun};
    if (wanted.expires)
        created.token.expires = inMilliseconds(*wanted.expires);
    StoredToken stored{std::make_shared<AccessToken>(created.token), hashOf(created.secret)};
    if (created.token.forThisRun) {
        m_ofThisRun.push_back(std::move(stored));
        m_everMadeHere = true;
        return created;
    }
    if (auto added = m_file.addToken(m_content, stored); !added)
        return fail(added.error());
    refresh(Look::Now);
    return created;
}

Result<void> AccessTokensImpl::revoke(const std::string &name)
{
    const auto named = [&name](const StoredToken &one) { return one.token->name == name; };
    const std::lock_guard lock(m_mutex);
    if (std::erase_if(m_ofThisRun, named) > 0)
        return {};
    auto fileLock = m_file.lock();
    if (!fileLock)
        return fail(fileLock.error());
    refresh(Look::Now);
    if (m_problem)
        return fail(*m_problem);
    if (std::none_of(m_content.tokens.begin(), m_content.tokens.end(), named))
        return fail(ErrorCode::NotFound, "no token has this name", name,
                    "commanderctl token list shows those there are.");
    if (auto added = m_file.addRevocation(m_content, name, m_clock.now()); !added)
        return added;
    refresh(Look::Now);
    return {};
}

AccessTokenPtr AccessTokensImpl::find(const Hash256 &hash) const
{
    // Every one is compared, in a time that does not depend on where the difference lies.
    AccessTokenPtr found;
    for (const auto *list : {&std::as_const(m_content.tokens), &m_ofThisRun}) {
        for (const auto &stored : *list) {
            if (CRYPTO_memcmp(stored.hash.data(), hash.data(), hash.size()) == 0)
                found = stored.token;
        }
    }
    return found && !isExpired(*found) ? found : nullptr;
}

AccessTokenPtr AccessTokensImpl::identify(std::string_view secret)
{
    const auto hash = hashOf(secret);
    const std::lock_guard lock(m_mutex);
    refresh(Look::Seldom);
    if (auto found = find(hash))
        return found;
    refresh(Look::Now); // perhaps it was made a moment ago
    return find(hash);
}

bool AccessTokensImpl::isValid(const AccessToken &token)
{
    const std::lock_guard lock(m_mutex);
    refresh(Look::Seldom);
    const auto all = known();
    return !isExpired(token)
        && std::any_of(all.begin(), all.end(), [&token](const auto *one) { return *one->token == token; });
}

bool AccessTokensImpl::isClosed()
{
    const std::lock_guard lock(m_mutex);
    refresh(Look::Seldom);
    return m_problem || m_content.everMade || m_everMadeHere;
}

} // namespace commander
