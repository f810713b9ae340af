// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/command_decider.h"

#include "values/sabotage.h"
#include "values/upcasting.h"

#include <commander/command_terms.h>
#include <commander/derived_id.h>
#include <commander/event_versions.h>
#include <commander/limits.h>
#include <commander/variants.h>

#include <exception>

namespace commander {

namespace {

constexpr std::string_view domainFault = "domain-fault";
constexpr std::string_view resultIdName = "result";
constexpr std::string_view engineActor = "engine";
constexpr std::size_t messageBytesMax = 4096;
constexpr std::size_t detailsBytesMax = 65'536;

/// Runs a function of a domain; whatever it throws is a fault of the domain.
template <class Call> auto guarded(std::string_view what, const Domain &domain, Call call) -> decltype(call())
{
    std::string thrown;
    try {
        return call();
    } catch (const std::exception &exception) {
        thrown = exception.what();
    } catch (...) {
        thrown = "an unknown exception";
    }
    return fail(ErrorCode::DomainFault, std::string(what) + " threw: " + thrown, "domain " + domain.description().name);
}

std::string numbered(std::string_view kind, std::size_t number)
{
    std::string name(kind);
    name += '/';
    return name += std::to_string(number);
}

std::string detailsOf(const Error &error)
{
    if (error.details.empty())
        return {};
    Json::Array list;
    for (const auto &detail : error.details) {
        Json one;
        one.set("pointer", Json(detail.pointer));
        one.set("message", Json(detail.message));
        list.push_back(std::move(one));
    }
    return writeJson(Json(std::move(list)));
}

/// What a ledger would refuse, and with it the whole batch.
std::optional<Error> beyondLimits(const RecordDraft &record)
{
    const auto over = [&record](std::string_view what, std::size_t max) {
        return Error{ErrorCode::LimitExceeded,
                     "the " + std::string(what) + " of " + record.action.substr(0, limits::nameBytesMax)
                         + " has more than " + std::to_string(max) + " bytes",
                     {},
                     {},
                     {}};
    };
    if (record.data.size() > limits::payloadBytesMax)
        return over("data", limits::payloadBytesMax);
    if (record.key.size() > limits::nameBytesMax)
        return over("key", limits::nameBytesMax);
    if (record.action.size() > limits::nameBytesMax)
        return over("action", limits::nameBytesMax);
    if (record.actor.size() > limits::nameBytesMax)
        return over("actor", limits::nameBytesMax);
    return std::nullopt;
}

RecordDraft resultOf(const Record &command, const Uuid &id, const CommandOutcome &outcome, const Domain *domain)
{
    RecordDraft result;
    result.kind = RecordKind::Result;
    result.id = id;
    result.parent = command.id;
    result.correlation = command.correlation;
    result.topic = resultsTopic;
    result.key = command.key;
    result.action = commandStatusName(outcome.status);
    result.actor = engineActor;
    result.depth = command.depth;
    if (domain) {
        result.schemaVersion = domain->description().version;
        result.domainVersion = domain->description().hash;
        if (auto version = decidingVersion(*domain, command)) {
            result.domainVersion = version->hash;
            result.headers = std::move(version->headers);
        }
    }
    result.data = writeOutcome(outcome);
    return result;
}

/// At most `max` bytes, no character cut in two.
void truncate(std::string &utf8, std::size_t max)
{
    if (utf8.size() <= max)
        return;
    while (max > 0 && (static_cast<unsigned char>(utf8[max]) & 0xC0) == 0x80)
        --max;
    utf8.resize(max);
}

/// A failure can always be recorded, however long the domain's words are.
CommandOutcome failure(const Error &error, std::string_view code)
{
    CommandOutcome outcome;
    outcome.status = CommandStatus::Failed;
    outcome.errorCode = code;
    outcome.errorMessage = error.text();
    truncate(outcome.errorMessage, messageBytesMax);
    outcome.errorDetails = detailsOf(error);
    if (outcome.errorDetails.size() > detailsBytesMax)
        outcome.errorDetails.clear();
    return outcome;
}

} // namespace

CommandDecider::Failure CommandDecider::faultIn(Error error)
{
    return {isDomainFault(error.code) ? errorCodeName(error.code) : domainFault, std::move(error)};
}

Result<Decided> CommandDecider::decide(const Record &command, Timestamp now, FaultPolicy onFault,
                                       std::vector<RecordDraft> &out)
{
    const auto begin = out.size();
    const auto mark = m_documents.beginDecision();
    m_followUps.clear();
    m_now = now;
    m_blocked.reset();
    const auto resultId = m_ids.free(command.id, resultIdName);
    if (!resultId)
        return fail(resultId.error());
    Decided decided;
    auto &outcome = decided.outcome;
    auto failed = attempt(command, out, outcome);
    if (m_documents.fault())
        return fail(*m_documents.fault());
    if (m_blocked)
        return fail(*m_blocked);

    const auto *entry = m_domains.findCommand(command.action);
    const auto *domain = entry ? entry->domain : nullptr;
    RecordDraft result;
    if (!failed) {
        result = resultOf(command, *resultId, outcome, domain);
        if (auto over = beyondLimits(result))
            failed = Failure{domainFault, std::move(*over)};
    }
    if (!failed && m_ids.careful()) {
        const auto taken = idsTaken(std::span(out).subspan(begin), result);
        if (!taken)
            return fail(taken.error());
        if (*taken) {
            failed = Failure{errorCodeName(ErrorCode::DuplicateId),
                             {ErrorCode::DuplicateId,
                              "an id that this command's events would have belongs to another record",
                              {},
                              "Send the command again under another id.",
                              {}}};
        }
    }
    if (failed) {
        m_documents.takeBack(mark);
        out.resize(begin);
        m_followUps.clear();
        outcome = failure(failed->error, failed->code);
        decided.faulted = isDomainFault(failed->code) && onFault == FaultPolicy::Park;
        if (decided.faulted)
            return decided;
        result = resultOf(command, *resultId, outcome, domain);
    }
    out.push_back(std::move(result));
    if (sabotaged(Saboteur::TwoResults))
        out.push_back(resultOf(command, uuid5(*resultId, "again"), outcome, domain));
    std::move(m_followUps.begin(), m_followUps.end(), std::back_inserter(out));
    return decided;
}

Result<bool> CommandDecider::idsTaken(std::span<const RecordDraft> decided, const RecordDraft &result)
{
    for (const auto &records : {decided, std::span(&result, 1), std::span<const RecordDraft>(m_followUps)}) {
        const auto taken = m_ids.taken(records);
        if (!taken || *taken)
            return taken;
    }
    return false;
}

Result<void> CommandDecider::end(const Record &command, const CommandOutcome &outcome, std::vector<RecordDraft> &out)
{
    const auto resultId = m_ids.free(command.id, resultIdName);
    if (!resultId)
        return fail(resultId.error());
    out.push_back(resultOf(command, *resultId, outcome, nullptr));
    return {};
}

Result<void> CommandDecider::addEvent(Record event, const Json &data, const Domain &domain,
                                      std::vector<RecordDraft> &out)
{
    m_followUps.clear();
    if (auto failed = takeEvent(event, data, domain))
        return fail(std::move(failed->error));
    out.push_back(std::move(static_cast<RecordDraft &>(event)));
    std::move(m_followUps.begin(), m_followUps.end(), std::back_inserter(out));
    return {};
}

CommandDecider::Attempt CommandDecider::attempt(const Record &command, std::vector<RecordDraft> &out,
                                                CommandOutcome &outcome)
{
    const auto *entry = m_domains.findCommand(command.action);
    if (!entry) {
        return Failure{"unknown-action",
                       {ErrorCode::UnknownAction, "no domain offers the command '" + command.action + "'", {}, {}, {}}};
    }
    if (command.depth > limits::causationDepthMax) {
        return Failure{"causation-too-deep",
                       {ErrorCode::LimitExceeded,
                        "a chain of more than " + std::to_string(limits::causationDepthMax)
                            + " commands that cause each other ends here",
                        {},
                        {},
                        {}}};
    }
    const auto data = parseJson(command.data);
    if (!data)
        return Failure{errorCodeName(data.error().code), data.error()};
    if (command.depth > 0) {
        if (auto valid = m_domains.validateCommand(*entry, *data); !valid)
            return Failure{errorCodeName(valid.error().code), std::move(valid.error())};
    }
    auto terms = parseTerms(command.headers);
    if (!terms)
        return Failure{errorCodeName(terms.error().code), std::move(terms.error())};
    m_origin = command.depth == 0 ? command.actor : terms->origin;
    if (terms->expectedRevision.isStated()) {
        auto holds = expectationHolds(command, *entry->domain, terms->expectedRevision, outcome);
        if (!holds)
            m_blocked = std::move(holds.error());
        if (!holds || !*holds)
            return {};
    }
    auto decision = callHandler(*entry->domain, {command, *data});
    if (m_documents.misuse())
        return Failure{domainFault, *m_documents.misuse()};
    if (!decision)
        return faultIn(std::move(decision.error()));
    if (const auto *rejection = std::get_if<Rejection>(&*decision)) {
        outcome.status = CommandStatus::Rejected;
        outcome.errorCode = rejection->code;
        outcome.errorMessage = rejection->message;
        if (!rejection->details.isNull())
            outcome.errorDetails = writeJson(rejection->details);
        return {};
    }
    outcome.status = CommandStatus::Succeeded;
    return takeEvents(command, *entry->domain, std::move(std::get<std::vector<EventDraft>>(*decision)), out, outcome);
}

Result<bool> CommandDecider::expectationHolds(const Record &command, const Domain &domain,
                                              const ExpectedRevision &expected, CommandOutcome &outcome)
{
    if (!m_revisions)
        return fail(ErrorCode::Unsupported, "no revisions of keys are known here", command.id.text());
    const auto actual = m_revisions->revision(domain.description().eventsTopic, command.key);
    if (!actual)
        return fail(actual.error());
    if (expected.admits(*actual))
        return true;
    outcome = revisionConflictOf(command, expected, *actual);
    return false;
}

Result<Decision> CommandDecider::callHandler(const Domain &domain, const ParsedRecord &command)
{
    if (sabotaged(Saboteur::RealTimeInContext))
        m_now.micros += static_cast<std::int64_t>(sabotageNoise());
    HandlerContext context(command.record.id, m_now);
    return guarded("the handler", domain, [&] { return domain.decide(command, m_documents, context); });
}

CommandDecider::Attempt CommandDecider::takeEvents(const Record &command, const Domain &domain,
                                                   std::vector<EventDraft> events, std::vector<RecordDraft> &out,
                                                   CommandOutcome &outcome)
{
    const auto &description = domain.description();
    const auto version = decidingVersion(domain, command);
    for (std::size_t i = 0; i < events.size(); ++i) {
        Record event;
        event.kind = RecordKind::Event;
        event.id = derivedId(command.id, numbered("event", i + 1));
        event.parent = command.id;
        event.correlation = command.correlation;
        event.topic = description.eventsTopic;
        event.key = std::move(events[i].key);
        event.action = std::move(events[i].action);
        event.actor = "domain:" + description.name;
        event.depth = command.depth;
        event.schemaVersion = description.version;
        event.domainVersion = version ? version->hash : description.hash;
        if (version)
            event.headers = version->headers;
        if (const auto *known = m_domains.findEvent(event.action))
            event.headers = withEventVersion(std::move(event.headers), known->spec->version);
        // Stated, not left to the ledger: folds may use it, and they must give the same here, later and in a rebuild.
        event.timestamp = m_now;
        event.data = writeJson(events[i].data);
        if (auto failed = takeEvent(event, events[i].data, domain))
            return failed;
        outcome.events.push_back(event.id);
        out.push_back(std::move(static_cast<RecordDraft &>(event)));
    }
    return {};
}

CommandDecider::Attempt CommandDecider::takeEvent(const Record &event, const Json &data, const Domain &domain)
{
    const auto *entry = m_domains.findEvent(event.action);
    if (!entry || entry->domain != &domain) {
        return Failure{domainFault,
                       {ErrorCode::DomainFault,
                        "the domain " + domain.description().name + " does not declare the event " + event.action,
                        {},
                        {},
                        {}}};
    }
    if (auto over = beyondLimits(event))
        return Failure{domainFault, std::move(*over)};
    if (auto valid = m_domains.validateEvent(*entry, data); !valid)
        return Failure{domainFault, std::move(valid.error())};
    for (const auto &view : m_domains.viewsFolding(event.action)) {
        if (!view.spec->decides)
            continue;
        auto folded = guarded("the fold of view " + view.spec->name, *view.domain, [&] {
            return m_documents.fold(view, {event, data});
        });
        if (!folded)
            return faultIn(std::move(folded.error()));
    }
    return react(event, data);
}

CommandDecider::Attempt CommandDecider::react(const Record &event, const Json &data)
{
    std::size_t number = 0;
    for (const auto *domain : m_domains.reactorsTo(event.action)) {
        auto context = HandlerContext::ofReaction(event.id, domain->description().name, event.time());
        auto commands = guarded("the reaction", *domain, [&] {
            return reactTo(*domain, {event, data}, m_documents, context);
        });
        if (m_documents.misuse())
            return Failure{domainFault, *m_documents.misuse()};
        if (!commands)
            return faultIn(std::move(commands.error()));
        for (auto &followUp : *commands) {
            const auto *entry = m_domains.findCommand(followUp.action);
            RecordDraft command;
            command.kind = RecordKind::Command;
            command.id = derivedId(event.id, numbered("command", ++number));
            command.parent = event.id;
            command.correlation = event.correlation;
            command.topic = commandsTopic;
            command.key = entry ? commandKey(*entry->spec, followUp.data) : std::string();
            command.action = std::move(followUp.action);
            command.actor = "reaction:" + followUp.reaction;
            command.depth = static_cast<std::uint16_t>(event.depth + 1);
            command.schemaVersion = domain->description().version;
            command.domainVersion = domain->description().hash;
            command.headers = writeTerms({m_origin, followUp.notBefore, followUp.expiresAt, {}});
            command.data = writeJson(followUp.data);
            if (auto over = beyondLimits(command))
                return Failure{domainFault, std::move(*over)};
            m_followUps.push_back(std::move(command));
        }
    }
    return {};
}

} // namespace commander
