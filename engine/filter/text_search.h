// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace commander {

/// Looks for one text, ASCII case ignored. Constant after construction, so any thread may use it.
class TextSearch {
public:
    explicit TextSearch(std::string_view text);
    [[nodiscard]] bool isIn(std::string_view bytes) const noexcept;
    /// In data, action, key or one of the ids, as RecordFilter::text says.
    [[nodiscard]] bool isIn(const Record &record) const;

private:
    std::string m_needle;                  ///< lower case
    std::array<std::size_t, 256> m_skip{}; ///< by the byte under the needle's end
    bool m_maybeId = true;                 ///< could be a part of an id at all
};

} // namespace commander
