// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QPalette>

namespace commander::ui {

[[nodiscard]] QColor toneColor(Theme::Mode mode, Theme::Tone tone);
[[nodiscard]] QColor mixColors(const QColor &over, const QColor &under, double share);
[[nodiscard]] QPalette modePalette(Theme::Mode mode);
[[nodiscard]] QString modeStyleSheet(Theme::Mode mode);

} // namespace commander::ui
