// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/experiments.h>

#include <string_view>

namespace commander::ctl {

/// Reads a JSON array of edits, `data` byte for byte:
/// `{"replace": id, "data": …, "action"?}`, `{"remove": id}`, `{"add": action, "after": position, "data": …, "id"?}`.
/// Errors InvalidArgument, InvalidUuid and those of JSON; `where` says which edit.
[[nodiscard]] Result<std::vector<CommandEdit>> readEdits(std::string_view json);

} // namespace commander::ctl
