// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/ledger.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace commander {

/// Turns the ids of causes into positions while records are written: causes are nearly always recent, so most are found
/// in memory; the others in the ledger, or where that has no total order in the index's own table. Writing thread only.
class PositionLookup {
public:
    PositionLookup(Ledger &ledger, Database &database);
    [[nodiscard]] Result<void> prepare();

    void remember(const Uuid &id, Position position);
    /// The position of this record if it stands before the given one. A cause that came later is none, so that indexing
    /// again gives the same.
    [[nodiscard]] Result<std::optional<Position>> find(const Uuid &id, Position before);
    /// Forgets what was remembered: the positions of an undone batch may be given to others.
    void clear();

private:
    // Constant after construction
    Ledger &m_ledger;
    Database &m_database;
    const bool m_ordered;
    Statement m_select;
    struct Place {
        Uuid id;
        Position position;
    };
    [[nodiscard]] Place &placeOf(const Uuid &id);
    std::vector<Place> m_recent; ///< by hash; of two ids for one place the later stays
};

} // namespace commander
