// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_names.h"
#include "sqlite/database.h"

#include <commander/record_reader.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace commander {

/// How the records of a filter are found in the index: which of its orders is walked, and what is checked on each row
/// there. Every order yields positions sorted, so a scan can stop and go on anywhere. Time and text are not in it.
struct ScanPlan {
    enum class Walk {
        Nothing,     ///< no record can match
        Positions,   ///< all records
        Series,      ///< the records of some series, each by its own walk, merged
        Parent,      ///< the records with this parent
        Correlation, ///< the records with this correlation
    };
    Walk walk = Walk::Positions;
    std::vector<std::int64_t> series; ///< Walk::Series only
    Uuid id;                          ///< Walk::Parent and Walk::Correlation only
    std::string check;                ///< SQL expression on the row, or empty: all of the walk match
    std::vector<std::variant<std::int64_t, std::string, Uuid>> values; ///< bound in `check`, from ?4 on

    /// Rows of (position, matches) between ?1 and ?2, for the walk's value ?3.
    [[nodiscard]] std::string sql(ScanDirection direction) const;
    /// Binds everything. The plan must outlive the statement's use.
    void bind(Statement &statement, Position lowest, Position highest, std::size_t seriesPlace) const;
};

[[nodiscard]] ScanPlan compileFilter(const RecordFilter &filter, const IndexSnapshot &snapshot);

} // namespace commander
