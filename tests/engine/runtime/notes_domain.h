// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

namespace commander::notes {

/// Notes by key, in a view that takes all of them, and in one that cannot bear the text "break". Neither decides.
[[nodiscard]] std::shared_ptr<const Domain> makeNotesDomain();

} // namespace commander::notes
