// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <algorithm>
#include <iterator>

namespace commander {

/// For Saboteur::EventsApartFromResult: what a transaction does not hold any more, as one of its own.
[[nodiscard]] inline LedgerTransaction eventsTakenOut(LedgerTransaction &transaction)
{
    LedgerTransaction events;
    auto &records = transaction.records;
    const auto first = std::stable_partition(records.begin(), records.end(),
                                             [](const RecordDraft &one) { return one.kind != RecordKind::Event; });
    events.records.assign(std::make_move_iterator(first), std::make_move_iterator(records.end()));
    records.erase(first, records.end());
    return events;
}

} // namespace commander
