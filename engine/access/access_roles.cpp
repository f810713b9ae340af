// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/access.h>

namespace commander {

std::string_view accessRoleName(AccessRole role) noexcept
{
    switch (role) {
    case AccessRole::Read:
        return "read";
    case AccessRole::Submit:
        return "submit";
    case AccessRole::Operate:
        return "operate";
    case AccessRole::Audit:
        return "audit";
    }
    return {};
}

std::optional<AccessRole> accessRoleFromName(std::string_view name) noexcept
{
    for (const auto role : accessRoles) {
        if (accessRoleName(role) == name)
            return role;
    }
    return std::nullopt;
}

Result<AccessRoles> AccessRoles::parse(std::string_view list)
{
    if (list == "all")
        return all();
    AccessRoles roles;
    for (;;) {
        const auto comma = list.find(',');
        const auto word = list.substr(0, comma);
        const auto role = accessRoleFromName(word);
        if (!role) {
            return fail(ErrorCode::InvalidArgument, "not a role", std::string(word),
                        "Roles are read, submit, operate and audit, separated by commas; or all.");
        }
        roles.add(*role);
        if (comma == std::string_view::npos)
            return roles;
        list.remove_prefix(comma + 1);
    }
}

std::string AccessRoles::text() const
{
    std::string list;
    for (const auto role : accessRoles) {
        if (has(role))
            list.append(list.empty() ? "" : ",").append(accessRoleName(role));
    }
    return list;
}

} // namespace commander
