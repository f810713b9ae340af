// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/reader_pool.h"

#include <commander/ledger.h>

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

/// Whole records by position: from the ledger where that has a total order, else from the index. For one read call.
class RecordBodies {
public:
    RecordBodies(Ledger &ledger, IndexReader &reader, const std::string &indexPath);

    /// At most `count` from `first` on, fewer at the end.
    [[nodiscard]] Result<std::vector<RecordPtr>> range(Position first, std::size_t count, const std::stop_token &stop);
    /// In this order. Error NotFound.
    [[nodiscard]] Result<std::vector<RecordPtr>> at(std::span<const Position> positions, const std::stop_token &stop);
    /// Error NotFound.
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id);
    /// Where the record with this id stands, if there is one.
    [[nodiscard]] Result<std::optional<Position>> positionOf(const Uuid &id);

private:
    [[nodiscard]] Result<std::vector<RecordPtr>> storedRange(Position first, std::size_t count);

    Ledger &m_ledger;
    IndexReader &m_reader;
    const std::string &m_indexPath;
    const bool m_ordered;
};

} // namespace commander
