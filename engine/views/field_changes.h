// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>
#include <commander/views.h>

#include <functional>
#include <string_view>
#include <vector>

namespace commander {

/// What differs, field by field: objects member by member (their order does not matter), arrays index by index, scalars
/// by their bytes. Null = not there; then one change with the pointer "" says it all.
[[nodiscard]] std::vector<FieldChange> fieldChanges(const Json *before, const Json *after);

/// Calls `leaf` for every scalar, empty array and empty object, in document order.
void forEachLeaf(const Json &document, const std::function<void(std::string_view pointer, const Json &value)> &leaf);

} // namespace commander
