// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <memory>

namespace commander::simulation {

/// A domain whose handler, fold and reaction misbehave as its command's data asks.
[[nodiscard]] std::shared_ptr<const Domain> makeRogueDomain();

} // namespace commander::simulation
