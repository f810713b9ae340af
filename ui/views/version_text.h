// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/view_versions.h>

#include <QString>

namespace commander::ui {

/// The console's words for versions of views.
[[nodiscard]] QString stateText(const ViewVersionStatus &version);
[[nodiscard]] QString positionText(const ViewVersionStatus &version); ///< with the share of the ledger while building
[[nodiscard]] QString speedText(const ViewVersionStatus &version);    ///< empty unless it is building
[[nodiscard]] QString stateIcon(ViewVersionState state);
[[nodiscard]] Theme::Tone stateTone(ViewVersionState state);
[[nodiscard]] QString rowKindText(VersionRow::Kind kind);
[[nodiscard]] Theme::Tone rowTone(VersionRow::Kind kind);

} // namespace commander::ui
