// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"
#include "processor/decision_documents.h"

#include <commander/record.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// Turns one command into its records: events, exactly one result, follow-up commands. Everything about them follows
/// from the command and the documents, so that a second try gives the same bytes. Processor thread only.
class CommandDecider {
public:
    CommandDecider(const DomainRegistry &domains, DecisionDocuments &documents)
        : m_domains(domains), m_documents(documents)
    {
    }

    /// Appends the command's records to `out`; the documents hold its changes, to be kept or taken back by the caller.
    /// An Error means that nothing can be decided now (the views cannot be read); whatever is wrong with the command
    /// itself or with its domain becomes a `failed` result:
    /// unknown-action, causation-too-deep (a chain longer than limits::causationDepthMax ends here), invalid-json and
    /// schema-invalid (follow-up commands do not come in by the door), domain-fault.
    [[nodiscard]] Result<CommandStatus> decide(const Record &command, const Uuid &resultId,
                                               std::vector<RecordDraft> &out);
    /// Only a `failed` result.
    static void refuse(const Record &command, const Uuid &resultId, const Error &error, std::string_view code,
                       std::vector<RecordDraft> &out);

private:
    struct Failure {
        std::string_view code; ///< of the result
        Error error;
    };
    using Attempt = std::optional<Failure>; ///< nothing: went well

    [[nodiscard]] Attempt attempt(const Record &command, std::vector<RecordDraft> &out, CommandOutcome &outcome);
    [[nodiscard]] Attempt takeEvents(const Record &command, const Domain &domain, std::vector<EventDraft> events,
                                     std::vector<RecordDraft> &out, CommandOutcome &outcome);
    [[nodiscard]] Attempt takeEvent(const Record &event, const Json &data, const Domain &domain);
    [[nodiscard]] Attempt react(const Record &event, const Json &data);
    [[nodiscard]] Result<Decision> callHandler(const Domain &domain, const ParsedRecord &command);

    // Constant after construction
    const DomainRegistry &m_domains;
    DecisionDocuments &m_documents;

    // Processor thread only
    std::vector<RecordDraft> m_followUps; ///< of the command in work
    std::string m_origin;                 ///< actor at the root of its chain
};

} // namespace commander
