// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <QString>

namespace commander::ui {

/// What a result says beside its message, for a box with lines of code: the places in the domain's files that were
/// running when it failed, innermost first, each with its source line; or the details as they are, re-indented.
struct OutcomeDetails {
    enum class Kind { None, Places, Json };
    Kind kind = Kind::None;
    QString text;
};
[[nodiscard]] OutcomeDetails outcomeDetails(const CommandOutcome &outcome);

} // namespace commander::ui
