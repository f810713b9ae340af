// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain_tests/test_case.h"

#include "domain/domain_registry.h"
#include "processor/command_decider.h"

#include <deque>
#include <map>

namespace commander::domaintests {

/// What came of a command.
struct Outcome {
    CommandOutcome result;
    std::vector<Record> events;
    std::vector<RecordDraft> commands; ///< caused and not decided here
    std::optional<Error> refusal;      ///< the command did not come in at all
};

/// The engine's decisions and folds without ledger or files: what a test runs on.
class Rehearsal {
public:
    explicit Rehearsal(const DomainRegistry &domains);

    /// A given event happens. Error of a fold, or when no domain emits such an event.
    [[nodiscard]] Result<void> happen(const TestStep &event);
    /// Decides a command, and with `settle` those that it causes and that are due. Errors of folds that no handler
    /// reads; whatever the engine would record is in the outcome.
    [[nodiscard]] Result<Outcome> send(const TestStep &command, bool settle);
    /// Null when there is none.
    [[nodiscard]] const Json *document(const std::string &view, const std::string &key) const;
    /// Texts such as "{newId 1}", "{given 2 newId 1}", "{now}" and "{now+60}" in a value, replaced. Ids and time of the
    /// step that comes now or came last.
    [[nodiscard]] Json resolve(const Json &value) const;

private:
    class NothingSettled;
    class Fold;

    /// Id and time of the next step.
    void advance(const TestStep &step);
    [[nodiscard]] Result<void> fold(const Record &event, const Json &data, bool deciding);
    [[nodiscard]] std::optional<std::string> placeholder(std::string_view text) const;

    const DomainRegistry &m_domains;
    const std::unique_ptr<DocumentBackend> m_nothing;
    DecisionDocuments m_deciding;
    RecordIds m_ids;
    CommandDecider m_decider;
    std::map<std::pair<std::string, std::string>, Json> m_documents; ///< of all views, by view and key
    int m_steps = 0;
    Uuid m_id;
    Timestamp m_now;
};

} // namespace commander::domaintests
