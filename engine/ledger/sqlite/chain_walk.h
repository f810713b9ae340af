// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <string>

namespace commander {

/// Goes along the records of a ledger and recomputes every hash from the record's own bytes.
class ChainWalk {
public:
    /// Stands at `after`; the next record has to be the one behind it.
    explicit ChainWalk(const LedgerHead &after = {}) : m_head(after) { }
    /// Empty when the record is what was written there, otherwise what is wrong with it, in words.
    [[nodiscard]] std::string take(const Record &record);
    /// The last record that was right.
    [[nodiscard]] const LedgerHead &head() const noexcept { return m_head; }

private:
    LedgerHead m_head;
};

} // namespace commander
