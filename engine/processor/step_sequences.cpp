// SPDX-License-Identifier: GPL-3.0-or-later
// How commands queue up in sequences, of their key behind one that faulted and of their domain while it is paused, and
// how the sequences go on.
#include "processor/step_decider.h"

#include "system/system_words.h"
#include "system/waiting_words.h"

#include <commander/command_terms.h>
#include <commander/limits.h>

#include <utility>

namespace commander {

namespace {

constexpr std::string_view engineActor = "engine";

Json faultOf(const CommandOutcome &outcome)
{
    Json fault;
    fault.set("code", Json(outcome.errorCode));
    fault.set("message", Json(outcome.errorMessage));
    return fault;
}

} // namespace

bool StepDecider::isPaused(const std::string &domain)
{
    if (!m_consumers)
        return false;
    const auto *consumer = m_documents.get(system::consumersView, std::string(system::domainConsumer) + domain);
    return consumer && consumer->find("paused");
}

bool StepDecider::isHeld(const std::string &domain)
{
    return isPaused(domain) || m_documents.get(system::deadLettersView, domain);
}

Result<void> StepDecider::parkIn(const std::string &sequence, const Record &command, const Domain &domain,
                                 const Record &cause, std::optional<std::int64_t> head, const CommandOutcome *fault,
                                 std::vector<RecordDraft> &out)
{
    const auto &name = domain.description().name;
    const auto *parked = m_documents.get(system::deadLettersView, sequence);
    const auto number = head ? *head : (parked ? parked->integerAt("last").value_or(0) : 0) + 1;
    auto data = system::waitingData(name, command, system::reasonParked);
    data.set("sequence", Json(sequence));
    data.set("number", Json(number));
    if (fault)
        data.set("fault", faultOf(*fault));
    return note(cause, cause.id == command.id ? parkedName : std::string_view(), system::commandParked, command.key,
                data, out);
}

Result<bool> StepDecider::decideReleased(const Record &command, const Record &cause, const std::string &from,
                                         std::optional<std::int64_t> number, std::vector<RecordDraft> &out)
{
    const auto terms = parseTerms(command.headers).value_or(CommandTerms{});
    if (terms.expiresAt && cause.recordedAt >= *terms.expiresAt) {
        if (auto expired = expire(command, out); !expired)
            return fail(expired.error());
        return true;
    }
    const auto *entry = m_domains.findCommand(command.action);
    const auto domain = entry ? entry->domain->description().name : std::string();
    if (from.empty() && entry && isHeld(domain)) {
        if (auto parked = parkIn(domain, command, *entry->domain, cause, {}, nullptr, out); !parked)
            return fail(parked.error());
        return false;
    }
    if (number && from != domain && entry && isPaused(domain)) { // it goes on with its domain
        if (auto parked = parkIn(from, command, *entry->domain, cause, number, nullptr, out); !parked)
            return fail(parked.error());
        return false;
    }
    // Only the head of a key's own sequence has its place there.
    const auto head = from == domain ? std::nullopt : number;
    if (!head && entry) {
        const auto sequence = system::sequenceOf(domain, command);
        if (m_documents.get(system::deadLettersView, sequence)) {
            if (auto parked = park(command, *entry->domain, cause, {}, nullptr, out); !parked)
                return fail(parked.error());
            return false;
        }
    }
    return decide(command, cause, head, out);
}

// In order until one faults again. What does not fit into this step waits for a command that goes on with it.
Result<void> StepDecider::drain(const Record &cause, std::string_view domain, const std::string &sequence,
                                std::vector<RecordDraft> &out)
{
    if (std::exchange(m_draining, true))
        return {};
    const std::string name(domain);
    const bool ofDomain = sequence == name;
    for (std::size_t count = 0;; ++count) {
        // A key's commands are older than those that wait for the domain, so their turn comes before; but only once the
        // domain goes on.
        if (ofDomain ? isPaused(name) : isHeld(name))
            return {};
        const auto *head = m_documents.get(system::deadLettersView, sequence);
        if (!head && ofDomain)
            return resumeSequences(cause, name, out);
        if (!head || head->find("fault"))
            return {};
        if (count == limits::sequenceStepMax)
            return recordResume(cause, name, sequence, out);
        const auto *waiting = m_documents.get(system::waitingView, head->stringAt("command"));
        if (!waiting)
            return fail(ErrorCode::Internal, "a parked command is not in " + std::string(system::waitingView),
                        sequence);
        const auto data = system::leavingData(*waiting, m_documents);
        const auto command = waitingCommand(data);
        if (!command)
            return fail(command.error());
        if (auto noted = note(cause, {}, system::commandReleased, (*command)->key, data, out); !noted)
            return noted;
        const auto decided = decideReleased(**command, cause, sequence, data.integerAt("number"), out);
        if (!decided)
            return fail(decided.error());
    }
}

Result<void> StepDecider::resumeSequences(const Record &cause, const std::string &domain, std::vector<RecordDraft> &out)
{
    for (const auto &sequence : m_waiting.parkedOf(domain)) {
        const auto *head = m_documents.get(system::deadLettersView, sequence);
        if (!head || head->find("fault"))
            continue;
        if (auto resumed = recordResume(cause, domain, sequence, out); !resumed)
            return resumed;
    }
    return {};
}

Result<void> StepDecider::recordResume(const Record &cause, const std::string &domain, const std::string &sequence,
                                       std::vector<RecordDraft> &out)
{
    Json data;
    data.set("sequence", Json(sequence));
    data.set("domain", Json(domain));
    const auto id = m_ids.free(cause.id, ++m_resumes == 1 ? "resume" : "resume:" + std::to_string(m_resumes));
    if (!id)
        return fail(id.error());
    RecordDraft resume;
    resume.id = *id;
    resume.parent = cause.id;
    resume.correlation = cause.correlation;
    resume.topic = commandsTopic;
    resume.action = system::resumeSequence;
    resume.actor = engineActor;
    resume.depth = cause.depth;
    resume.data = writeJson(data);
    out.push_back(std::move(resume));
    return {};
}

} // namespace commander
