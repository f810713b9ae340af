// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/selection.h"

#include <commander/views.h>

#include <optional>

namespace commander::ui {

/// The newest change of the document at or before `at`; none when it did not exist then.
[[nodiscard]] Result<std::optional<Position>> changeAt(ViewReader &views, const Selection::DocumentKey &document,
                                                       Position at);

/// The moment one step back from `at`: the change before the one that is seen, or the position just before the document
/// began.
[[nodiscard]] Result<std::optional<Position>> momentBefore(ViewReader &views, const Selection::DocumentKey &document,
                                                           Position at);

/// The first change after `at`, at or before `head`. Halves the distance, so it costs a few look-ups even over a long
/// history.
[[nodiscard]] Result<std::optional<Position>> changeAfter(ViewReader &views, const Selection::DocumentKey &document,
                                                          Position at, Position head);

} // namespace commander::ui
