// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/step_decider.h"

#include "system/system_words.h"
#include "system/waiting_words.h"
#include "values/sabotage.h"

#include <commander/command_terms.h>
#include <commander/derived_id.h>
#include <commander/limits.h>

#include <utility>

namespace commander {

namespace {

constexpr std::string_view deferredName = "deferred";
constexpr std::string_view engineActor = "engine";

bool isSystemEvent(const Record &record)
{
    return record.kind == RecordKind::Event && record.topic == system::eventsTopic;
}

CommandOutcome outcomeOf(CommandStatus status, std::string code, std::string message)
{
    CommandOutcome outcome;
    outcome.status = status;
    outcome.errorCode = std::move(code);
    outcome.errorMessage = std::move(message);
    return outcome;
}

} // namespace

StepDecider::StepDecider(const DomainRegistry &domains, DecisionDocuments &documents, RecordIds &ids,
                         KeyRevisions &revisions, Ledger &ledger, const Clock &clock)
    : m_domains(domains), m_documents(documents), m_ids(ids), m_revisions(revisions), m_ledger(ledger), m_clock(clock),
      m_decider(domains, documents, ids, &revisions)
{
    const auto *entry = domains.findCommand(system::releaseCommand);
    m_system = entry ? entry->domain : nullptr;
    const auto *pausing = m_system ? domains.findCommand(system::pauseConsumer) : nullptr;
    m_consumers = pausing ? pausing->domain : nullptr;
}

Result<void> StepDecider::take(const Record &command, std::vector<RecordDraft> &out)
{
    m_documents.beginCommand();
    m_revisions.beginStep(out);
    m_notes = 0;
    m_resumes = 0;
    m_touchedConsumers.clear();
    m_touchedCommands.clear();
    m_touchedSequences.clear();
    m_draining = false;
    auto taken = takeOne(command, out);
    if (taken && m_documents.fault())
        return fail(*m_documents.fault());
    return taken;
}

Result<void> StepDecider::load(DocumentBackend &settled)
{
    return m_system ? m_waiting.load(settled, m_consumers != nullptr) : Result<void>();
}

void StepDecider::keep(std::uint64_t batch)
{
    m_documents.keep();
    m_revisions.keep(batch);
    if (!m_touchedCommands.empty())
        m_waiting.refresh(m_touchedCommands, m_touchedSequences, m_documents);
    for (const auto &consumer : m_touchedConsumers)
        m_waiting.refreshConsumer(consumer, m_documents);
}

Result<bool> StepDecider::takenBefore(const Record &command)
{
    const auto result = m_ids.existing(command.id, "result", [&command](const Record &record) {
        return record.kind == RecordKind::Result && record.parent == command.id;
    });
    if (!result)
        return fail(result.error());
    if (*result)
        return true;
    for (const auto name : {deferredName, parkedName}) {
        const auto event = m_ids.existing(command.id, name, isSystemEvent);
        if (!event)
            return fail(event.error());
        if (*event)
            return true;
    }
    return false;
}

Result<void> StepDecider::takeOne(const Record &command, std::vector<RecordDraft> &out)
{
    const auto *entry = m_system ? m_domains.findCommand(command.action) : nullptr;
    if (entry && !command.headers.empty()) {
        // Headers that cannot be read make the command fail when it is decided.
        const auto terms = parseTerms(command.headers).value_or(CommandTerms{});
        if (terms.expiresAt && command.recordedAt >= *terms.expiresAt && !sabotaged(Saboteur::ExpiredCommandDecided))
            return expire(command, out);
        if (terms.notBefore && command.recordedAt < *terms.notBefore)
            return defer(command, *entry->domain, system::reasonScheduled, out);
        // Its time ended while it lay in the topic: whether it did is for the ledger's clock to say.
        if (terms.expiresAt && m_clock.now() >= *terms.expiresAt)
            return defer(command, *entry->domain, system::reasonOverdue, out);
    }
    if (entry && m_waiting.anyHeld()) {
        const auto &domain = entry->domain->description().name;
        if (m_waiting.isPaused(domain) || m_waiting.isParked(domain))
            return parkIn(domain, command, *entry->domain, command, {}, nullptr, out);
    }
    if (entry && m_waiting.anyParked() && !sabotaged(Saboteur::ParkedSequenceOvertaken)
        && m_waiting.isParked(system::sequenceOf(entry->domain->description().name, command)))
        return park(command, *entry->domain, command, {}, nullptr, out);
    const auto decided = decide(command, command, {}, out);
    return decided ? Result<void>() : fail(decided.error());
}

Result<bool> StepDecider::decide(const Record &command, const Record &cause, std::optional<std::int64_t> head,
                                 std::vector<RecordDraft> &out)
{
    const auto *entry = m_domains.findCommand(command.action);
    const auto policy = entry && m_system ? entry->domain->description().onFault : FaultPolicy::Fail;
    const auto begin = out.size();
    const auto decided = m_decider.decide(command, cause.recordedAt, policy, out);
    if (!decided)
        return fail(decided.error());
    if (decided->faulted) {
        if (auto parked = park(command, *entry->domain, cause, head, &decided->outcome, out); !parked)
            return fail(parked.error());
        return false;
    }
    const bool ours = entry && (entry->domain == m_system || entry->domain == m_consumers);
    if (ours && decided->outcome.status == CommandStatus::Succeeded) {
        Record step = command;
        step.recordedAt = cause.recordedAt;
        if (auto applied = applyEffects(step, begin, out); !applied)
            return fail(applied.error());
    }
    return true;
}

Result<void> StepDecider::expire(const Record &command, std::vector<RecordDraft> &out)
{
    return m_decider.end(command, outcomeOf(CommandStatus::Expired, "expired", "it was not decided by its expires_at"),
                         out);
}

Result<void> StepDecider::defer(const Record &command, const Domain &domain, std::string_view reason,
                                std::vector<RecordDraft> &out)
{
    return note(command, deferredName, system::commandDeferred, command.key,
                system::waitingData(domain.description().name, command, reason), out);
}

Result<void> StepDecider::park(const Record &command, const Domain &domain, const Record &cause,
                               std::optional<std::int64_t> head, const CommandOutcome *fault,
                               std::vector<RecordDraft> &out)
{
    return parkIn(system::sequenceOf(domain.description().name, command), command, domain, cause, head, fault, out);
}

Result<void> StepDecider::note(const Record &cause, std::string_view name, std::string_view action,
                               std::string_view key, const Json &data, std::vector<RecordDraft> &out)
{
    const auto &domain = m_system->description();
    const auto id = m_ids.free(cause.id, name.empty() ? "note/" + std::to_string(++m_notes) : std::string(name));
    if (!id)
        return fail(id.error());
    Record event;
    event.kind = RecordKind::Event;
    event.id = *id;
    event.parent = cause.id;
    event.correlation = cause.correlation;
    event.topic = domain.eventsTopic;
    event.key = key;
    event.action = action;
    event.actor = engineActor;
    event.depth = cause.depth;
    event.schemaVersion = domain.version;
    event.domainVersion = domain.hash;
    event.timestamp = cause.recordedAt;
    event.data = writeJson(data);
    touch(data);
    return m_decider.addEvent(std::move(event), data, *m_system, out);
}

void StepDecider::touch(const Json &data)
{
    m_touchedCommands.emplace_back(data.stringAt("command"));
    if (const auto sequence = data.stringAt("sequence"); !sequence.empty())
        m_touchedSequences.emplace_back(sequence);
}

Result<RecordPtr> StepDecider::waitingCommand(const Json &data)
{
    const auto id = Uuid::parse(data.stringAt("command"));
    if (!id)
        return fail(id.error());
    return m_ledger.find(*id);
}

// The events that the command has just caused: the records are its own until its result, but a sequence that is gone
// through adds more while we look.
Result<void> StepDecider::applyEffects(const Record &cause, std::size_t begin, std::vector<RecordDraft> &out)
{
    std::vector<std::pair<std::string, Json>> effects;
    for (auto at = begin; at < out.size(); ++at) {
        if (out[at].kind != RecordKind::Event)
            continue;
        auto data = parseJson(out[at].data);
        if (!data)
            return fail(data.error());
        effects.emplace_back(out[at].action, std::move(*data));
    }
    for (const auto &[event, data] : effects) {
        touch(data);
        if (auto applied = applyEffect(cause, event, data, out); !applied)
            return applied;
    }
    return {};
}

Result<void> StepDecider::applyEffect(const Record &cause, std::string_view event, const Json &data,
                                      std::vector<RecordDraft> &out)
{
    const std::string sequence(data.stringAt("sequence"));
    const auto domain = data.stringAt("domain");
    if (event == system::sequenceResumed)
        return drain(cause, domain, sequence, out);
    if (event == system::consumerPaused || event == system::consumerResumed) {
        const std::string consumer(data.stringAt("consumer"));
        m_touchedConsumers.push_back(consumer);
        if (event == system::consumerPaused || !consumer.starts_with(system::domainConsumer))
            return {};
        const auto resumed = consumer.substr(system::domainConsumer.size());
        // Commands may still wait from an earlier pause, or none at all.
        return m_documents.get(system::deadLettersView, resumed) ? drain(cause, resumed, resumed, out)
                                                                 : resumeSequences(cause, resumed, out);
    }
    if (event == system::eventSkipped)
        return {};
    const auto command = waitingCommand(data);
    if (!command)
        return fail(command.error());
    Result<void> ended;
    if (event == system::commandExpired) {
        ended = expire(**command, out);
    } else if (event == system::commandCancelled) {
        ended = m_decider.end(
            **command, outcomeOf(CommandStatus::Cancelled, "cancelled", "it was cancelled by " + cause.actor), out);
    } else if (event == system::deadLetterDiscarded) {
        const auto *fault = data.find("fault");
        ended = m_decider.end(**command,
                              outcomeOf(CommandStatus::Failed,
                                        std::string(fault ? fault->stringAt("code") : std::string_view()),
                                        std::string(fault ? fault->stringAt("message") : std::string_view())),
                              out);
    } else {
        const auto decided = decideReleased(**command, cause, sequence, data.integerAt("number"), out);
        if (!decided)
            return fail(decided.error());
    }
    if (!ended || sequence.empty())
        return ended;
    return drain(cause, domain, sequence, out);
}

Result<std::vector<RecordDraft>> StepDecider::dueCommands(const std::vector<WaitingRoom::Due> &due)
{
    std::vector<RecordDraft> out;
    for (const auto &one : due) {
        const bool release = one.kind == WaitingRoom::Kind::Release;
        const auto action = release ? system::releaseCommand : system::expireCommand;
        const auto name = release ? "release" : "expire";
        Json data;
        data.set("command", Json(one.command.text()));
        const auto ours = m_ids.existing(one.command, name, [action, text = writeJson(data)](const Record &record) {
            return record.kind == RecordKind::Command && record.action == action && record.data == text;
        });
        if (!ours)
            return fail(ours.error());
        if (*ours)
            continue;
        const auto command = m_ledger.find(one.command);
        if (!command)
            return fail(command.error());
        RecordDraft draft;
        draft.parent = one.command;
        draft.correlation = (*command)->correlation;
        draft.topic = commandsTopic;
        draft.key = one.command.text();
        draft.action = action;
        draft.actor = engineActor;
        draft.depth = (*command)->depth;
        draft.data = writeJson(data);
        for (int attempt = 1;; ++attempt) {
            draft.id = derivedId(one.command, attemptName(name, attempt));
            const auto taken = m_ids.taken(std::span(&draft, 1));
            if (!taken)
                return fail(taken.error());
            if (!*taken)
                break;
        }
        out.push_back(std::move(draft));
    }
    return out;
}

} // namespace commander
