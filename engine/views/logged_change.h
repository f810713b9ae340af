// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/view_format.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// One step of one document, as the change log keeps it. Steps of a key form a list from the newest to the oldest;
/// whole forms have skips in it, so that the step at any position is found in logarithmic time without an index of all
/// steps.
struct LoggedChange {
    std::int64_t sequence = 0;
    std::int64_t key = 0;      ///< number of the key
    std::int64_t previous = 0; ///< sequence of the key's step before, or 0
    viewformat::ChangeForm form = viewformat::ChangeForm::Removed;
    std::string body; ///< document, patch or empty

    // Whole forms only
    std::uint64_t rank = 0;          ///< it is the key's whole form number 1, 2, …
    std::vector<std::int64_t> skips; ///< skipsAfter() of the whole form before
    std::string origins;             ///< writeOrigins()

    [[nodiscard]] bool isWhole() const noexcept
    {
        return form == viewformat::ChangeForm::Created || form == viewformat::ChangeForm::Full;
    }
};

/// What the whole form after this one must keep: its sequence, and those of earlier whole forms whose ranks are this
/// rank with its lowest bits cleared one after the other; newest first.
[[nodiscard]] std::vector<std::int64_t> skipsAfter(const LoggedChange &whole);

/// Appends the change to what its row holds. The row's place gives position and view.
void appendLogged(std::string &row, const LoggedChange &change);
/// The change of this sequence out of the row that holds it; nothing when it is not there or the bytes make no sense.
[[nodiscard]] std::optional<LoggedChange> findLogged(std::string_view row, std::int64_t sequence);
/// How many changes a row holds; nothing when the bytes make no sense.
[[nodiscard]] std::optional<std::uint32_t> countLogged(std::string_view row);

/// Unsigned LEB128.
void appendNumber(std::string &out, std::uint64_t number);
/// Takes one from the front; false when there is none.
[[nodiscard]] bool takeNumber(std::string_view &bytes, std::uint64_t &number);

} // namespace commander
