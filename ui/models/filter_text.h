// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record_reader.h>

#include <string>

namespace commander::ui {

/// A whole filter, what menus built included, in the filter language; empty when it lets everything through.
[[nodiscard]] std::string filterText(const RecordFilter &filter);

} // namespace commander::ui
