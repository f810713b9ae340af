// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/token_file.h"

#include <mutex>

namespace commander {

class AccessTokensImpl final : public AccessTokens {
public:
    AccessTokensImpl(std::string path, FileSystem &fileSystem, const Clock &clock, RandomSource &random)
        : m_clock(clock), m_random(random), m_file(std::move(path), fileSystem)
    {
    }

    [[nodiscard]] Result<std::vector<AccessToken>> list() const override;
    [[nodiscard]] Result<CreatedToken> create(NewAccessToken wanted) override;
    [[nodiscard]] Result<void> revoke(const std::string &name) override;
    [[nodiscard]] AccessTokenPtr identify(std::string_view secret) override;
    [[nodiscard]] bool isValid(const AccessToken &token) override;
    [[nodiscard]] bool isClosed() override;

private:
    enum class Look { Seldom, Now };
    /// Takes over what other processes wrote.
    void refresh(Look look) const;
    [[nodiscard]] AccessTokenPtr find(const Hash256 &hash) const;
    [[nodiscard]] std::vector<const StoredToken *> known() const;
    [[nodiscard]] bool isExpired(const AccessToken &token) const;

    const Clock &m_clock;
    RandomSource &m_random;

    mutable std::mutex m_mutex;
    // Guarded by m_mutex
    mutable TokenFile m_file;
    mutable TokenFile::Content m_content;
    mutable std::optional<Error> m_problem;
    mutable std::optional<std::chrono::steady_clock::time_point> m_looked;
    std::vector<StoredToken> m_ofThisRun;
    bool m_everMadeHere = false;
};

} // namespace commander
