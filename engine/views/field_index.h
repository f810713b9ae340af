// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// Writes which documents have which values in their indexed fields. Used by the thread of its connection.
class FieldIndex {
public:
    [[nodiscard]] static Result<FieldIndex> open(Database &database);
    /// The document of this key had the values `before` and now has `after`, one for each indexed field; none at all
    /// when there was or is no document.
    [[nodiscard]] Result<void> update(std::size_t view, std::string_view key, const std::vector<std::string> &before,
                                      const std::vector<std::string> &after);

private:
    Statement m_insert;
    Statement m_delete;
};

} // namespace commander
