// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "main_window/page.h"
#include "rest_page/rest_control.h"
#include "theme/theme.h"

#include <vector>

namespace commander::ui {

/// All pages in the order of Selection::Page, as children of `parent`.
[[nodiscard]] std::vector<Page *> createPages(EngineLink &link, Selection &selection, Theme &theme, RestControl &rest,
                                              QWidget *parent);

} // namespace commander::ui
