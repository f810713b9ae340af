// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/rest_fixture.h"

#include <commander/file_system.h>

namespace commander {

/// A served engine with tokens of every kind.
class Guarded {
public:
    explicit Guarded(RestOptions options = {})
        : tokens(AccessTokens::open(AccessTokens::pathFor(m_workspace.ledger()), m_files, m_clock, m_random))
    {
        for (const auto role : accessRoles)
            secrets[std::string(accessRoleName(role))] = make(std::string(accessRoleName(role)), {role});
        all = make("all", AccessRoles::all());
        options.tokens = tokens;
        served = std::make_unique<ServedEngine>(options);
        served->run("open-account", R"({"account":"1","owner":"Ann"})");
    }
    std::string make(const std::string &name, AccessRoles roles)
    {
        auto made = tokens->create({name, roles, {}});
        return made ? made->secret : std::string();
    }
    [[nodiscard]] static std::string bearer(const std::string &secret)
    {
        return "Authorization: Bearer " + secret + "\r\n";
    }
    [[nodiscard]] std::string as(const std::string &role) const { return bearer(secrets.at(role)); }

private:
    TemporaryWorkspace m_workspace;
    SystemFileSystem m_files;
    SystemClock m_clock;
    SystemRandom m_random;

public:
    std::shared_ptr<AccessTokens> tokens;
    std::map<std::string, std::string> secrets; ///< by role
    std::string all;
    std::unique_ptr<ServedEngine> served;
};

} // namespace commander
