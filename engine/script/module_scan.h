// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/domain_folder.h"

namespace commander::script {

/// What a module must not contain, found before it runs: imports from outside the folder, and variables of the module
/// itself, which would carry state from one call to the next.
[[nodiscard]] std::vector<DomainProblem> scanModule(const DomainFile &module, const DomainFolder &folder);

} // namespace commander::script
