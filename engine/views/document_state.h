// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/document_step.h"
#include "views/logged_change.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// A document as it stands after some change.
struct DocumentState {
    std::optional<Json> document;    ///< absent before the first change and after a removal
    LeafOrigins origins;             ///< of every leaf; kept only where asked for
    std::int64_t sequence = 0;       ///< of the last change; 0 = never changed
    std::uint64_t rank = 0;          ///< of the newest whole form
    std::vector<std::int64_t> skips; ///< skipsAfter() of it
    std::size_t fullBytes = 0;       ///< of the newest whole form
    std::uint32_t patches = 0;       ///< since the newest whole form

    [[nodiscard]] const Json *json() const noexcept { return document ? &*document : nullptr; }
};

enum class Origins { Keep, Ignore };

/// Makes the state that follows. Error LedgerDamaged when the change does not fit.
[[nodiscard]] Result<void> applyLogged(DocumentState &state, const LoggedChange &change, Origins origins);

/// Each leaf's distance from the position of the change it is stored with.
[[nodiscard]] std::string writeOrigins(const LeafOrigins &origins, std::uint64_t position);
[[nodiscard]] std::optional<LeafOrigins> readOrigins(std::string_view bytes, std::uint64_t position);

} // namespace commander
