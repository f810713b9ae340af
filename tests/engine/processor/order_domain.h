// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <atomic>
#include <memory>

namespace commander::simulation {

/// A process manager: an order that is paid and packed, in whatever order, is shipped. Its view `orders` is its state,
/// its reaction `ship-when-ready` reads it. Counts its reactions in `reactions`, which must outlive it.
[[nodiscard]] std::shared_ptr<const Domain> makeOrderDomain(std::atomic<int> &reactions);

} // namespace commander::simulation
