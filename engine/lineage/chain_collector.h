// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record_reader.h>

#include <cstddef>
#include <stop_token>
#include <unordered_map>
#include <vector>

namespace commander {

/// The records of one correlation around one of them, with their parents within it.
struct Chain {
    std::vector<RecordPtr> records;               ///< by position
    std::unordered_map<Uuid, std::size_t> places; ///< id -> place in records
    std::size_t focus = 0;                        ///< place in records
    std::size_t beyond = 0;                       ///< further records of the correlation that were not read

    struct Reached {
        std::size_t place = 0;
        std::size_t steps = 0; ///< from cause to effect or back, counted from the focus
    };
    /// The records by their steps from the focus, nearest first; those of the same number, and in the end those that no
    /// recorded cause connects, by their distance in the ledger.
    [[nodiscard]] std::vector<Reached> nearestFirst() const;
};

/// Reads the chain of `focus`: everything where it is small, else the part around the focus.
/// Error Cancelled, and those of the reader.
[[nodiscard]] Result<Chain> collectChain(RecordReader &reader, const RecordPtr &focus, std::size_t recordsMax,
                                         const std::stop_token &stop);

} // namespace commander
