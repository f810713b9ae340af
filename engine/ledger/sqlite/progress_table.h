// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"

#include <commander/ledger.h>

#include <set>

namespace commander {

/// How far the consumers are, in the ledger's own file so that it commits together with their records. It changes, so
/// the chain cannot cover it; each row carries a checksum, and a row without a consumer counts the others, for a bit
/// that rots here would make a consumer skip or repeat.
class ProgressTable {
public:
    /// Everything, checked. Error LedgerDamaged.
    [[nodiscard]] static Result<std::vector<ConsumerProgress>> readAll(Database &database);
    /// One row, checked; the statement yields next and sum. Error LedgerDamaged.
    [[nodiscard]] static Result<Offset> checkedNext(const Statement &row, const std::string &consumer,
                                                    const TopicPartition &source);
    /// The row that counts, for a new ledger.
    [[nodiscard]] static Result<void> begin(Database &database);

    /// For the writer. The database must stay where it is.
    [[nodiscard]] static Result<ProgressTable> open(Database &database);
    ProgressTable() = default;
    /// Within a transaction of the database.
    [[nodiscard]] Result<void> set(const ConsumerProgress &progress);
    /// The transaction was taken back: what is there has to be read again.
    void forget() { m_isKnown = false; }

private:
    [[nodiscard]] Result<void> put(const std::string &consumer, const TopicPartition &source, std::uint64_t next);

    Database *m_database = nullptr;
    Statement m_put;
    bool m_isKnown = false;
    std::set<std::pair<std::string, TopicPartition>> m_known;
};

} // namespace commander
