// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_registry.h"
#include "processor/decision_documents.h"
#include "processor/key_revisions.h"
#include "processor/record_ids.h"

#include <commander/expected_revision.h>
#include <commander/record.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace commander {

/// What became of one command.
struct Decided {
    CommandOutcome outcome;
    bool faulted = false; ///< with FaultPolicy::Park: nothing was decided, `outcome` says why
};

/// Turns one command into its records: events, exactly one result, follow-up commands. Everything about them follows
/// from the command, the time and the documents, so that a second try gives the same bytes. Processor thread only.
class CommandDecider {
public:
    /// Without revisions no command may state what it expects.
    CommandDecider(const DomainRegistry &domains, DecisionDocuments &documents, RecordIds &ids,
                   RevisionSource *revisions = nullptr)
        : m_domains(domains), m_documents(documents), m_ids(ids), m_revisions(revisions)
    {
    }

    /// Appends the command's records to `out`; the documents hold its changes, to be kept or taken back by the caller.
    /// `now` is what the handler takes for the time. An Error means that nothing can be decided now (the views cannot
    /// or the revision of
    /// its key cannot be read); whatever is wrong with the command itself or with its domain becomes a `failed` result:
    /// unknown-action, causation-too-deep (a chain longer than limits::causationDepthMax ends here), invalid-json and
    /// schema-invalid (follow-up commands do not come in by the door), domain-fault, script-….
    [[nodiscard]] Result<Decided> decide(const Record &command, Timestamp now, FaultPolicy onFault,
                                         std::vector<RecordDraft> &out);
    /// Only a result that says what became of a command that is not decided.
    [[nodiscard]] Result<void> end(const Record &command, const CommandOutcome &outcome, std::vector<RecordDraft> &out);
    /// An event that the engine itself adds: folds it and appends it.
    [[nodiscard]] Result<void> addEvent(Record event, const Json &data, const Domain &domain,
                                        std::vector<RecordDraft> &out);

private:
    struct Failure {
        std::string_view code; ///< of the result
        Error error;
    };
    /// What a function of a domain answered with: the domain's fault, whatever its code.
    [[nodiscard]] static Failure faultIn(Error error);
    using Attempt = std::optional<Failure>; ///< nothing: went well

    [[nodiscard]] Attempt attempt(const Record &command, std::vector<RecordDraft> &out, CommandOutcome &outcome);
    /// Whether the key stands where the command expects it; the outcome says it if not.
    [[nodiscard]] Result<bool> expectationHolds(const Record &command, const Domain &domain,
                                                const ExpectedRevision &expected, CommandOutcome &outcome);
    [[nodiscard]] Attempt takeEvents(const Record &command, const Domain &domain, std::vector<EventDraft> events,
                                     std::vector<RecordDraft> &out, CommandOutcome &outcome);
    [[nodiscard]] Attempt takeEvent(const Record &event, const Json &data, const Domain &domain);
    [[nodiscard]] Attempt react(const Record &event, const Json &data);
    [[nodiscard]] Result<Decision> callHandler(const Domain &domain, const ParsedRecord &command);
    /// After a refused transaction: whether an id of the records is somebody else's.
    [[nodiscard]] Result<bool> idsTaken(std::span<const RecordDraft> decided, const RecordDraft &result);

    // Constant after construction
    const DomainRegistry &m_domains;
    DecisionDocuments &m_documents;
    RecordIds &m_ids;
    RevisionSource *const m_revisions;

    // Processor thread only
    std::vector<RecordDraft> m_followUps; ///< of the command in work
    std::string m_origin;                 ///< actor at the root of its chain
    Timestamp m_now;                      ///< at which it is decided
    std::optional<Error> m_blocked;       ///< nothing can be decided now
};

} // namespace commander
