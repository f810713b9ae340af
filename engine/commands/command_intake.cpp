// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/command_intake.h"

#include "commands/result_waiters.h"
#include "domain/domain_catalog.h"
#include "values/sabotage.h"

#include <commander/command_terms.h>
#include <commander/derived_id.h>
#include <commander/limits.h>

namespace commander {

namespace {

/// How often an append is tried again whose id was taken by a record that then did not become durable.
constexpr int attemptsMax = 3;
constexpr int resultAttemptsMax = 100;

Result<void> checkName(std::string_view what, const std::string &text)
{
    if (text.size() <= limits::nameBytesMax)
        return {};
    return fail(ErrorCode::LimitExceeded,
                std::string(what) + " is longer than " + std::to_string(limits::nameBytesMax) + " bytes", {},
                "Shorten it.");
}

std::string knownActions(const DomainRegistry &domains)
{
    std::string text = "Known are:";
    const char *separator = " ";
    for (const auto &domain : domains.descriptions()) {
        for (const auto &command : domain.commands) {
            text += separator + command.action;
            separator = ", ";
        }
    }
    return text + '.';
}

} // namespace

/// What callbacks of the ledger need, also when the intake is gone.
struct CommandIntake::Core : std::enable_shared_from_this<Core> {
    Core(Ledger &theLedger, const Clock &clock) : ledger(theLedger), waiters(clock) { }

    /// `chosen` is the draft again when the client chose its id and may therefore send it twice.
    void append(RecordDraft record, std::shared_ptr<const RecordDraft> chosen, int attempt, Done done)
    {
        LedgerTransaction transaction;
        transaction.records.push_back(std::move(record));
        ledger.append(std::move(transaction),
                      [core = shared_from_this(), chosen = std::move(chosen), attempt,
                       done = std::move(done)](Result<Appended> appended) mutable {
                          if (appended)
                              done(CommandReceipt{appended->records.front(), false});
                          else if (appended.error().code == ErrorCode::DuplicateId && chosen)
                              core->replayLater(std::move(chosen), attempt, std::move(done));
                          else
                              done(fail(std::move(appended.error())));
                      });
    }

    /// Reads the ledger, so not on the ledger's own thread.
    void replayLater(std::shared_ptr<const RecordDraft> chosen, int attempt, Done done)
    {
        auto answer = std::make_shared<Done>(std::move(done));
        if (!waiters.post([core = shared_from_this(), chosen, attempt, answer] {
                core->replay(chosen, attempt, std::move(*answer));
            }))
            (*answer)(fail(ErrorCode::ShuttingDown, "the engine is closing"));
    }

    void replay(const std::shared_ptr<const RecordDraft> &chosen, int attempt, Done done)
    {
        auto existing = ledger.find(chosen->id);
        if (existing) {
            done(receiptFor(*chosen, std::move(*existing)));
        } else if (existing.error().code != ErrorCode::NotFound) {
            done(fail(std::move(existing.error())));
        } else if (attempt < attemptsMax) {
            append(*chosen, chosen, attempt + 1, std::move(done));
        } else {
            done(fail(ErrorCode::LedgerUnavailable, "the ledger refuses an id that it does not have", chosen->id.text(),
                      "Try again."));
        }
    }

    static Result<CommandReceipt> receiptFor(const RecordDraft &sent, RecordPtr existing)
    {
        if (existing->kind == RecordKind::Command && existing->action == sent.action && existing->data == sent.data
            && existing->headers == sent.headers)
            return CommandReceipt{std::move(existing), true};
        return fail(ErrorCode::IdReused, "the id is taken by a record with other content", sent.id.text(),
                    "Send a new command with an id of its own.");
    }

    Ledger &ledger;
    ResultWaiters waiters;
};

CommandIntake::CommandIntake(Ledger &ledger, const DomainCatalog &domains, const Clock &clock, RandomSource &random)
    : m_domains(domains), m_ids(clock, random), m_core(std::make_shared<Core>(ledger, clock))
{
}

CommandIntake::~CommandIntake()
{
    m_core->waiters.stop();
}

Result<RecordDraft> CommandIntake::check(CommandDraft &&draft)
{
    if (draft.data.size() > limits::payloadBytesMax) {
        return fail(ErrorCode::LimitExceeded,
                    "the data is larger than " + std::to_string(limits::payloadBytesMax) + " bytes", {},
                    "Keep large content elsewhere and send a reference.");
    }
    for (const auto &checked : {checkName("the action", draft.action), checkName("the actor", draft.actor)}) {
        if (!checked)
            return fail(checked.error());
    }
    if (draft.id && draft.id->isNull())
        return fail(ErrorCode::InvalidArgument, "the id is the null UUID", "id", "Send another one, or none.");
    if (draft.notBefore && draft.expiresAt && *draft.expiresAt <= *draft.notBefore) {
        return fail(ErrorCode::InvalidArgument, "the command expires before it may be decided", "expires_at",
                    "Let it expire after not_before.");
    }
    const auto data = parseJson(draft.data);
    if (!data)
        return fail(data.error());
    const auto domains = m_domains.current(); // `entry` points into it
    const auto *entry = domains->findCommand(draft.action);
    if (!entry) {
        return fail(ErrorCode::UnknownAction, "no domain offers the command '" + draft.action + "'", "action",
                    knownActions(*domains));
    }
    if (auto valid = domains->validateCommand(*entry, *data); !valid)
        return fail(std::move(valid.error()));

    RecordDraft record;
    record.kind = RecordKind::Command;
    record.id = draft.id && !sabotaged(Saboteur::RepeatedCommandTakenTwice) ? *draft.id : m_ids.next();
    record.parent = draft.parent.value_or(Uuid{});
    record.correlation = record.id;
    record.topic = commandsTopic;
    record.key = commandKey(*entry->spec, *data);
    record.action = std::move(draft.action);
    record.actor = std::move(draft.actor);
    record.schemaVersion = entry->domain->description().version;
    record.timestamp = draft.timestamp;
    record.headers = writeTerms({{}, draft.notBefore, draft.expiresAt, draft.expectedRevision});
    record.data = sabotaged(Saboteur::DataReserialized) ? writeJson(*data) : std::move(draft.data);
    if (auto checked = checkName("the key (" + entry->spec->keyField + ")", record.key); !checked)
        return fail(checked.error());
    if (draft.expectedRevision.isStated() && record.key.empty()) {
        return fail(ErrorCode::InvalidArgument, "the command has no key whose revision it could expect",
                    "expected_revision",
                    entry->spec->keyField.empty() ? "Leave it out: " + record.action + " has no key."
                                                  : "Give a value to " + entry->spec->keyField + ".");
    }
    if (m_vet) {
        if (auto vetted = m_vet(record, *data); !vetted)
            return fail(std::move(vetted.error()));
    }
    if (!record.parent.isNull()) {
        const auto parent = m_core->ledger.find(record.parent);
        // A parent elsewhere is no fault: the lineage shows it as unknown.
        if (!parent && parent.error().code != ErrorCode::NotFound)
            return fail(parent.error());
        if (parent)
            record.correlation = (*parent)->correlation;
    }
    return record;
}

Result<void> CommandIntake::validate(CommandDraft draft)
{
    if (auto record = check(std::move(draft)); !record)
        return fail(std::move(record.error()));
    return {};
}

void CommandIntake::submit(CommandDraft draft, Done done)
{
    const bool chosen = draft.id.has_value();
    auto record = check(std::move(draft));
    if (!record) {
        done(fail(std::move(record.error())));
        return;
    }
    if (chosen && !m_core->ledger.traits().detectsDuplicateIds) {
        auto existing = m_core->ledger.find(record->id);
        if (existing) {
            done(Core::receiptFor(*record, std::move(*existing)));
            return;
        }
        if (existing.error().code != ErrorCode::NotFound) {
            done(fail(std::move(existing.error())));
            return;
        }
    }
    auto copy = chosen ? std::make_shared<const RecordDraft>(*record) : nullptr;
    m_core->append(std::move(*record), std::move(copy), 1, std::move(done));
}

Result<RecordPtr> CommandIntake::resultOf(const Uuid &command) const
{
    // Numbered on when somebody else's record has the usual id.
    for (int attempt = 1; attempt <= resultAttemptsMax; ++attempt) {
        const auto name = attempt == 1 ? std::string("result") : "result/" + std::to_string(attempt);
        bool there = false;
        for (const auto &id : derivedIdsEver(command, name)) {
            auto record = m_core->ledger.find(id);
            if (!record && record.error().code != ErrorCode::NotFound)
                return fail(std::move(record.error()));
            if (record && (*record)->kind == RecordKind::Result && (*record)->parent == command)
                return record;
            there = there || record;
        }
        if (!there)
            break;
    }
    return nullptr;
}

Result<CommandDraft> CommandIntake::retryDraft(const Uuid &command, RetryOptions &&options)
{
    const auto old = m_core->ledger.find(command);
    if (!old && old.error().code != ErrorCode::NotFound)
        return fail(old.error());
    if (!old || (*old)->kind != RecordKind::Command)
        return fail(ErrorCode::NotFound, "no such command", command.text(), "Send a command of its own.");
    const auto result = resultOf(command);
    if (!result)
        return fail(result.error());
    if (!*result) {
        return fail(ErrorCode::Conflict, "the command is not decided yet", command.text(),
                    "Wait for its result, or cancel it if it waits.");
    }
    if (!options.force && (*result)->action == commandStatusName(CommandStatus::Succeeded)) {
        return fail(ErrorCode::Conflict, "the command has succeeded: sent again, it would happen twice", command.text(),
                    "Force it if that is what you want.");
    }
    auto terms = parseTerms((*old)->headers);
    if (!terms)
        return fail(std::move(terms.error()));
    CommandDraft draft;
    draft.id = options.id;
    draft.action = (*old)->action;
    draft.data = (*old)->data;
    draft.actor = std::move(options.actor);
    draft.parent = command;
    draft.expectedRevision = options.expectedRevision.value_or(terms->expectedRevision);
    return draft;
}

void CommandIntake::retry(const Uuid &command, RetryOptions options, Done done)
{
    if (options.id == command) {
        done(fail(ErrorCode::InvalidArgument, "the new command needs an id of its own", command.text()));
        return;
    }
    auto draft = retryDraft(command, std::move(options));
    if (!draft) {
        done(fail(std::move(draft.error())));
        return;
    }
    submit(std::move(*draft), std::move(done));
}

void CommandIntake::awaitResult(const Uuid &command, std::chrono::milliseconds wait, ResultDone done)
{
    // Waiting first, then looking: a result that is committed in between finds its waiter.
    m_core->waiters.add(command, wait, std::move(done));
    for (const auto &id : derivedIdsEver(command, "result")) {
        const auto result = m_core->ledger.find(id);
        if (result && (*result)->kind == RecordKind::Result && (*result)->parent == command) {
            m_core->waiters.answer(*result);
            return;
        }
    }
}

std::vector<DomainDescription> CommandIntake::domains() const
{
    return m_domains.current()->descriptions();
}

void CommandIntake::resultCommitted(std::span<const RecordPtr> results)
{
    m_core->waiters.resolve(results);
}

} // namespace commander
