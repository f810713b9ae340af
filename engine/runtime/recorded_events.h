// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "processor/key_revisions.h"

#include <commander/ledger.h>
#include <commander/record_reader.h>

namespace commander {

/// Counts with the index, and what the index does not hold yet in the ledger: the answer is that of the ledger, however
/// far the index is. Thread-safe.
class RecordedEvents final : public EventCounter {
public:
    RecordedEvents(RecordReader &records, Ledger &ledger) : m_records(records), m_ledger(ledger) { }
    [[nodiscard]] Result<std::uint64_t> count(const std::string &topic, const std::string &key, Position last,
                                              std::stop_token stop) override;

private:
    RecordReader &m_records;
    Ledger &m_ledger;
};

} // namespace commander
