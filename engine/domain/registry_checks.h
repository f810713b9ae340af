// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/json_schema.h"

#include <commander/domain.h>

#include <memory>
#include <vector>

namespace commander {

/// That every domain is complete and no two of them claim the same name, action, view, path or topic.
[[nodiscard]] Result<void> checkDomains(const std::vector<std::shared_ptr<const Domain>> &domains);

/// That the upcasters of each event lead from version 1 without a gap to the version that the domain knows.
[[nodiscard]] Result<void> checkUpcasters(const DomainDescription &domain);

/// That the example which users are shown would be accepted.
[[nodiscard]] Result<void> checkExample(const CommandSpec &command, const JsonSchema &schema, const std::string &where);

} // namespace commander
