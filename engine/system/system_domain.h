// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <memory>

namespace commander {

/// The domain `commander`: keeps in events and views which commands wait, for what, and what became of them. Its
/// commands only decide about waiting; the processor then decides the commands that wait no longer.
[[nodiscard]] std::shared_ptr<const Domain> makeSystemDomain();

} // namespace commander
