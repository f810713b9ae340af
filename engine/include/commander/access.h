// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/clock.h>
#include <commander/result.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

class FileSystem;

/// What the holder of a token may do. No role includes another.
enum class AccessRole : std::uint8_t {
    Read,    ///< records, views, lineage, streams
    Submit,  ///< record commands, previews included
    Operate, ///< consumers, retries, domains, view versions, tokens
    Audit    ///< proofs, verification, the access log
};
inline constexpr AccessRole accessRoles[]
    = {AccessRole::Read, AccessRole::Submit, AccessRole::Operate, AccessRole::Audit};
/// "read", "submit", "operate", "audit"
[[nodiscard]] std::string_view accessRoleName(AccessRole role) noexcept;
[[nodiscard]] std::optional<AccessRole> accessRoleFromName(std::string_view name) noexcept;

/// A set of roles.
class AccessRoles {
public:
    constexpr AccessRoles() = default;
    constexpr AccessRoles(std::initializer_list<AccessRole> roles)
    {
        for (const auto role : roles)
            add(role);
    }
    [[nodiscard]] static constexpr AccessRoles all()
    {
        return {AccessRole::Read, AccessRole::Submit, AccessRole::Operate, AccessRole::Audit};
    }
    /// "read,submit" or "all". Error InvalidArgument naming the word that is no role.
    [[nodiscard]] static Result<AccessRoles> parse(std::string_view list);

    constexpr void add(AccessRole role) { m_bits = static_cast<std::uint8_t>(m_bits | bit(role)); }
    [[nodiscard]] constexpr bool has(AccessRole role) const { return (m_bits & bit(role)) != 0; }
    /// Whether all of `other` are here too.
    [[nodiscard]] constexpr bool covers(AccessRoles other) const { return (other.m_bits & ~m_bits) == 0; }
    [[nodiscard]] constexpr bool isEmpty() const { return m_bits == 0; }
    /// "read,submit"
    [[nodiscard]] std::string text() const;
    bool operator==(const AccessRoles &) const = default;

private:
    static constexpr unsigned bit(AccessRole role) { return 1u << static_cast<unsigned>(role); }
    std::uint8_t m_bits = 0;
};

/// What is known of a token. Its secret is known to nobody but its holder.
struct AccessToken {
    std::string name; ///< the actor of what its holder records
    AccessRoles roles;
    Timestamp created;
    std::optional<Timestamp> expires;
    bool forThisRun = false; ///< in no file; gone with this process
    bool operator==(const AccessToken &) const = default;
};
using AccessTokenPtr = std::shared_ptr<const AccessToken>;

struct NewAccessToken {
    std::string name; ///< 1 to 64 letters, digits, dots, hyphens and underscores
    AccessRoles roles;
    std::optional<Timestamp> expires;
    bool forThisRun = false;
};

/// A token that was just made: the only time that its secret is to be had.
struct CreatedToken {
    AccessToken token;
    std::string secret; ///< "cmdr_" and 64 hexadecimal digits
};

/// The tokens of one workspace, kept as hashes in a file beside its ledger. Several processes may work on the file;
/// each sees what another made or revoked within half a second, without a restart. Thread-safe.
class AccessTokens {
public:
    virtual ~AccessTokens() = default;

    /// The file beside a ledger: `NAME.ledger.tokens`.
    [[nodiscard]] static std::string pathFor(const std::string &ledgerPath) { return ledgerPath + ".tokens"; }
    /// Opens or later makes the file. The arguments outlive the object. A file that cannot be read is no error here: it
    /// lets nobody in, and list() says why.
    [[nodiscard]] static std::shared_ptr<AccessTokens> open(std::string path, FileSystem &fileSystem,
                                                            const Clock &clock, RandomSource &random);

    /// Those that were not revoked, expired ones among them, in the order of their making. Errors IoError,
    /// LedgerDamaged.
    [[nodiscard]] virtual Result<std::vector<AccessToken>> list() const = 0;
    /// Durable when it returns. Errors InvalidArgument, Conflict (the name is taken), Busy (another process is
    /// writing), IoError, DiskFull.
    [[nodiscard]] virtual Result<CreatedToken> create(NewAccessToken token) = 0;
    /// Whoever uses it is refused from now on. Errors NotFound, Busy, IoError, DiskFull.
    [[nodiscard]] virtual Result<void> revoke(const std::string &name) = 0;
    /// Whose secret this is; null for nobody's, and for one that is revoked or expired. Takes the same time for every
    /// secret that is no token.
    [[nodiscard]] virtual AccessTokenPtr identify(std::string_view secret) = 0;
    /// Whether a token that was identified some time ago still counts.
    [[nodiscard]] virtual bool isValid(const AccessToken &token) = 0;
    /// True as soon as a token was ever made here, and when the file cannot be read: then nobody gets in without one.
    /// Revoking the last one opens nothing; deleting the file does.
    [[nodiscard]] virtual bool isClosed() = 0;
};

} // namespace commander
