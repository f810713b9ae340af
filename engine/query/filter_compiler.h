// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/index_reading.h"
#include "sqlite/database.h"

#include <commander/record_reader.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace commander {

/// How the records of a filter are found in the index: which of its orders are walked, and what is checked on each row
/// there. Every walk yields positions sorted, so a scan can stop and go on anywhere; several are merged. Time, text and
/// what an expression asks of the record itself are not in it.
struct ScanPlan {
    enum class Order {
        Positions,         ///< all records
        Series,            ///< the records of one series
        Parent,            ///< the records caused by the record at a position
        Root,              ///< the records of the chain that began at a position
        StrayParents,      ///< the records whose parent is not in the ledger before them
        StrayCorrelations, ///< the same for the chain's root
        Status,            ///< the commands with this outcome
    };
    using Value = std::variant<std::int64_t, std::string, Uuid>;
    struct Walk {
        Order order = Order::Positions;
        Value value; ///< of the order
    };
    enum class Verdict { No = 0, Yes = 1, AskRecord = 2 };
    std::vector<Walk> walks;   ///< none: nothing can match
    std::string check;         ///< SQL expression on the record `r`, or empty: all of the walks match
    std::string certain;       ///< of those, which match for certain; the others' records must be asked. Empty: all
    std::vector<Value> values; ///< bound in `check` and `certain`, from ?4 on

    /// Adds a value and gives its name in SQL.
    [[nodiscard]] std::string parameter(Value value);
    void addCheck(std::string_view expression); ///< and
    /// Rows of (position, verdict) between ?1 and ?2, for the walk's value ?3.
    [[nodiscard]] std::string sql(const Walk &walk, ScanDirection direction) const;
    /// Binds everything. The plan must outlive the statement's use.
    void bind(const Walk &walk, Statement &statement, Position lowest, Position highest) const;
};

[[nodiscard]] Result<ScanPlan> compileFilter(const RecordFilter &filter, const IndexReading &reading);

} // namespace commander
