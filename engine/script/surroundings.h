// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace commander::script {

/// Source of the function (bridge, names of views that can be read) => {decide, fold, react, message, time}: what
/// stands between the engine and a domain's functions. Evaluated in a closed sandbox.
[[nodiscard]] QString surroundingsSource();

} // namespace commander::script
