// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/simulator.h"

#include <commander/command_terms.h>
#include <commander/derived_id.h>

namespace commander {

Result<std::vector<RecordDraft>> Simulator::decide(const Record &command, const Uuid &resultId, Timestamp now)
{
    // Nothing is kept from one command to the next: the simulated views have the effect of every earlier one.
    m_documents.clear();
    std::vector<RecordDraft> records;
    const auto decided = m_decider.decide(command, now, FaultPolicy::Fail, records);
    if (!decided)
        return fail(decided.error());
    for (auto &record : records) {
        if (record.kind == RecordKind::Result)
            record.id = resultId;
    }
    return records;
}

Record simulatedRecord(RecordDraft draft, Timestamp recordedAt)
{
    Record record;
    static_cast<RecordDraft &>(record) = std::move(draft);
    record.recordedAt = recordedAt;
    return record;
}

bool isDueAt(const RecordDraft &command, Timestamp time)
{
    const auto terms = parseTerms(command.headers);
    return !terms || !terms->notBefore || *terms->notBefore <= time;
}

Uuid usualResultId(const Uuid &command)
{
    return resultIdOf(command);
}

} // namespace commander
