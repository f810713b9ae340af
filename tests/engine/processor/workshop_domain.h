// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <memory>

namespace commander::simulation {

/// A domain that parks: `work` on an item faults while the item's machine is broken, as `set-machine` says.
[[nodiscard]] std::shared_ptr<const Domain> makeWorkshopDomain();

} // namespace commander::simulation
