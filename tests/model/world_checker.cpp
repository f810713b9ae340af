// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/world_checker.h"

#include "model/world_domains.h"
#include "model/world_session.h"

#include <commander/derived_id.h>

#include <algorithm>

namespace commander::model {

namespace {

constexpr std::size_t batch = 4096;

std::string lastOnes(const std::vector<RecordPtr> &records, const Record &last)
{
    std::string text;
    for (const auto &record : records) {
        if (record->position <= last.position && record->position.value + 12 > last.position.value)
            text += "\n" + std::to_string(record->position.value) + " " + record->action + " " + record->id.text()
                + " of " + record->parent.text() + " " + record->recordedAt.text() + " " + record->headers + " "
                + record->data.substr(0, 400);
    }
    return text;
}

bool byTheEngine(const Record &command)
{
    return command.actor == "engine";
}

} // namespace

void WorldChecker::sent(std::vector<Sent> commands)
{
    m_sent.assign(std::make_move_iterator(commands.begin()), std::make_move_iterator(commands.end()));
}

std::string WorldChecker::checkRecords(Engine &engine)
{
    const auto head = engine.ledger().head();
    if (!head)
        return head.error().text();
    while (m_position < head->position) {
        const auto records = engine.ledger().readAt(m_position.next(), batch);
        if (!records)
            return records.error().text();
        if (records->empty())
            return "the ledger ends before its head";
        for (const auto &record : *records) {
            if (auto finding = take(*record); !finding.empty()) {
                return "position " + std::to_string(record->position.value) + " (" + record->action + " "
                    + record->id.text() + "): " + finding + "; it and those before it:" + lastOnes(*records, *record);
            }
        }
    }
    if (!m_pending.empty())
        return "command " + m_pending.begin()->first.text() + " has no result";
    if (!m_follow.empty())
        return "follow-up command " + m_follow.begin()->first.text() + " is missing";
    if (!m_notes.empty())
        return "an event is missing: " + m_notes.front();
    for (const auto &command : m_sent) {
        if (command.acknowledged)
            return "command " + command.id.text() + " was acknowledged and is not in the ledger";
    }
    return {};
}

std::string WorldChecker::take(const Record &record)
{
    if (record.position != m_position.next())
        return "it does not follow position " + std::to_string(m_position.value);
    m_position = record.position;
    if (!m_ids.insert(record.id).second)
        return "this id is there twice";
    m_chain = chainNext(m_chain, recordLeaf(record));
    if (record.chain != m_chain)
        return "the chain is broken";
    if (record.kind == RecordKind::Command)
        return takeCommand(record);
    if (record.kind == RecordKind::Result)
        return takeResult(record);
    if (record.topic == "commander-events")
        return takeNote(record);
    return takeEvent(record);
}

std::string WorldChecker::takeCommand(const Record &command)
{
    std::string finding;
    if (command.depth > 0 || command.action == "resume-sequence") {
        const auto expected = m_follow.find(command.id);
        if (expected == m_follow.end())
            return "nothing causes this command";
        if (expected->second != command.data)
            return "its data is " + command.data + ", expected " + expected->second;
        m_follow.erase(expected);
    } else if (byTheEngine(command)) {
        finding = checkByTheEngine(command);
    } else if (command.action != "install-domain") {
        finding = checkSent(command);
    }
    if (!finding.empty())
        return finding;
    auto step = m_model.take(command);
    for (auto &ended : step.ended) {
        if (!m_pending.emplace(ended.command, Pending{std::move(ended.expected), 0}).second)
            return "the model ends " + ended.command.text() + " twice";
    }
    if (!step.resumes.empty())
        m_follow.emplace(derivedId(command.id, "resume"), std::move(step.resumes));
    m_notes.insert(m_notes.end(), step.notes.begin(), step.notes.end());
    return {};
}

// In the order in which they were sent; what is skipped never became durable and so was never acknowledged.
std::string WorldChecker::checkSent(const Record &command)
{
    while (!m_sent.empty() && m_sent.front().id != command.id) {
        if (m_sent.front().acknowledged)
            return "command " + m_sent.front().id.text() + " was acknowledged and is not in its place";
        m_sent.pop_front();
    }
    if (m_sent.empty())
        return "nobody sent this command";
    auto sent = std::move(m_sent.front());
    m_sent.pop_front();
    if (sent.action != command.action || sent.data != command.data)
        return "it is not as it was sent: " + command.data + " instead of " + sent.data;
    const auto terms = parseTerms(command.headers).value_or(CommandTerms{});
    if (terms.notBefore != sent.notBefore || terms.expiresAt != sent.expiresAt)
        return "its times are not those that were sent: " + command.headers;
    m_recorded.push_back(std::move(sent));
    return {};
}

std::string WorldChecker::checkByTheEngine(const Record &command) const
{
    const bool release = command.action == "release-command";
    if (!release && command.action != "expire-command")
        return "the engine sends no such command";
    const auto target = Uuid::parse(parseJson(command.data).value_or(Json()).stringAt("command")).value_or(Uuid{});
    if (command.id != derivedId(target, release ? "release" : "expire"))
        return "its id does not follow from the command that it ends the waiting of";
    return m_model.isDue(target, release, command.recordedAt) ? std::string() : "nothing is due";
}

std::string WorldChecker::takeNote(const Record &event)
{
    const auto data = parseJson(event.data).value_or(Json());
    const auto about = event.action == "sequence-resumed" ? "sequence" : "command";
    const auto note = event.action + ' ' + std::string(data.stringAt(about));
    if (m_notes.empty() || m_notes.front() != note)
        return "it says " + note + ", expected " + (m_notes.empty() ? "nothing" : m_notes.front());
    m_notes.pop_front();
    return {};
}

std::string WorldChecker::takeEvent(const Record &event)
{
    const auto found = m_pending.find(event.parent);
    if (found == m_pending.end())
        return "no command without a result is its parent";
    auto &pending = found->second;
    if (event.action == "domain-installed") {
        const auto data = parseJson(event.data).value_or(Json());
        const auto hash = data.stringAt("hash");
        const auto &hashes = tallyHashes();
        const auto version
            = std::find_if(hashes.begin(), hashes.end(), [hash](const auto &one) { return toHex(one) == hash; });
        if (version == hashes.end())
            return "nobody installed this version";
        m_model.tallyInstalled(static_cast<int>(version - hashes.begin()) + 1);
        m_installedAt = event.position;
        pending.expected.events.push_back({event.action, event.data});
    }
    const auto &events = pending.expected.events;
    if (pending.events >= events.size())
        return "one event too many";
    const auto &expected = events[pending.events++];
    if (event.action != expected.action || event.data != expected.data)
        return "it is " + event.data + ", expected " + expected.action + " " + expected.data;
    if (event.id != derivedId(event.parent, "event/" + std::to_string(pending.events)))
        return "its id does not follow from its command";
    for (std::size_t i = 0; i < pending.expected.followUps.size(); ++i)
        m_follow.emplace(derivedId(event.id, "command/" + std::to_string(i + 1)), pending.expected.followUps[i]);
    return {};
}

std::string WorldChecker::takeResult(const Record &result)
{
    const auto found = m_pending.find(result.parent);
    if (found == m_pending.end())
        return "a second result, or none that was asked for";
    const auto &pending = found->second;
    const auto outcome = parseOutcome(result.data);
    if (!outcome)
        return outcome.error().text();
    if (outcome->status != pending.expected.status || outcome->errorCode != pending.expected.code) {
        return "it is " + result.data + ", expected " + std::string(commandStatusName(pending.expected.status)) + " "
            + pending.expected.code;
    }
    if (pending.events != pending.expected.events.size())
        return "it comes before its events, or without them";
    ++m_outcomes[std::string(commandStatusName(outcome->status))];
    m_pending.erase(found);
    return {};
}

std::string WorldChecker::checkView(Engine &engine, const std::string &view,
                                    const std::map<std::string, std::string> &expected)
{
    const auto documents = allDocuments(engine, view);
    if (!documents)
        return documents.error().text();
    auto next = expected.begin();
    for (const auto &document : *documents) {
        if (next == expected.end() || next->first != document.key)
            return view + " has " + document.key + ", which is not expected";
        if (document.json != next->second)
            return view + " " + document.key + " is " + document.json + ", expected " + next->second;
        ++next;
    }
    return next == expected.end() ? std::string() : view + " lacks " + next->first;
}

std::string WorldChecker::checkDocuments(Engine &engine, std::uint32_t turnover) const
{
    std::map<std::string, std::string> accounts;
    for (const auto &[key, account] : m_model.accounts())
        accounts[key] = account.document(key);
    for (const auto &[view, expected] :
         {std::pair("accounts", accounts), {"tallies", m_model.tallies()}, {"turnover", m_model.turnover(turnover)}}) {
        if (auto finding = checkView(engine, view, expected); !finding.empty())
            return finding;
    }
    const auto waiting = allDocuments(engine, "commander-waiting");
    if (!waiting)
        return waiting.error().text();
    std::map<std::string, std::string> reasons;
    for (const auto &document : *waiting)
        reasons[document.key] = parseJson(document.json).value_or(Json()).stringAt("reason");
    if (reasons != m_model.waiting())
        return "other commands wait than should";
    const auto parked = allDocuments(engine, "commander-dead-letters");
    if (!parked)
        return parked.error().text();
    std::vector<std::string> sequences;
    for (const auto &document : *parked)
        sequences.push_back(document.key);
    return sequences == m_model.parkedSequences() ? std::string() : "other sequences are parked than should";
}

std::string WorldChecker::outcomes() const
{
    std::string text;
    for (const auto &[status, count] : m_outcomes)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + status;
    return text;
}

} // namespace commander::model
