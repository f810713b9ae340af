// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/filter.h>

#include <functional>

class QMenu;

namespace commander::ui {

/// Adds "filter for this value" and "exclude this value" to a menu, and for an element of an array "in any element".
void addValueActions(QMenu &menu, const FilterNode &test, const std::function<void(FilterNode)> &chosen);

} // namespace commander::ui
