// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/simulated_views.h"
#include "processor/command_decider.h"
#include "processor/decision_documents.h"

namespace commander {

/// Decides commands as the processor does, with the same decider, over documents of its own. What it decides takes
/// effect only when it is folded. Used by one thread at a time.
class Simulator {
public:
    Simulator(const DomainRegistry &domains, SimulatedViews &views)
        : m_documents(domains, views), m_decider(domains, m_documents, m_ids, &views)
    {
    }

    /// Events, result and follow-up commands, as they would be appended. `now`: what the handler takes for the time.
    [[nodiscard]] Result<std::vector<RecordDraft>> decide(const Record &command, const Uuid &resultId, Timestamp now);

private:
    DecisionDocuments m_documents;
    RecordIds m_ids;
    CommandDecider m_decider;
};

/// A draft as a record of the moment when its command was recorded.
[[nodiscard]] Record simulatedRecord(RecordDraft draft, Timestamp recordedAt);
/// Whether a command may be decided at this time. Terms that cannot be read do not make it wait.
[[nodiscard]] bool isDueAt(const RecordDraft &command, Timestamp time);
/// The id that the processor gives to a command's result.
[[nodiscard]] Uuid usualResultId(const Uuid &command);

} // namespace commander
