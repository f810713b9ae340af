// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ledger_checker.h"

#include <commander/derived_id.h>

#include <algorithm>

namespace commander::model {

namespace {

constexpr std::size_t batch = 4096;
constexpr std::size_t samplesMax = 3000;
constexpr std::size_t samplesChecked = 40;
constexpr std::uint64_t sampleOneIn = 23;

std::string at(const Record &record, const std::string &finding)
{
    return "position " + std::to_string(record.position.value) + " (" + record.action + " " + record.id.text()
        + "): " + finding;
}

bool isBank(const Record &record)
{
    return record.topic == commandsTopic || record.topic == resultsTopic || record.topic == "bank-events";
}

} // namespace

void LedgerChecker::sent(std::vector<Sent> commands)
{
    m_sent.clear(); // what an earlier session sent and did not get in is gone for good: it was sent to another process
    for (auto &command : commands)
        m_sent.push_back(std::move(command));
}

std::string LedgerChecker::checkRecords(Engine &engine)
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
            if (record->position != m_position.next())
                return at(*record, "does not follow position " + std::to_string(m_position.value));
            m_position = record->position;
            if (!m_ids.insert(record->id).second)
                return at(*record, "this id is there twice");
            m_chain = chainNext(m_chain, recordLeaf(*record));
            if (record->chain != m_chain)
                return at(*record, "the chain is broken");
            if (!isBank(*record))
                continue;
            auto finding = record->kind == RecordKind::Command ? takeCommand(*record)
                : record->kind == RecordKind::Event            ? takeEvent(*record)
                                                               : takeResult(*record);
            if (!finding.empty())
                return at(*record, finding);
        }
    }
    if (!m_pending.empty())
        return "command " + m_pending.begin()->first.text() + " has no result";
    if (!m_follow.empty())
        return "follow-up command " + m_follow.begin()->first.text() + " is missing";
    for (const auto &command : m_sent) {
        if (command.acknowledged)
            return "command " + command.id.text() + " was acknowledged and is not in the ledger";
    }
    return {};
}

std::string LedgerChecker::takeCommand(const Record &command)
{
    ++m_commands;
    if (command.depth > 0) {
        const auto expected = m_follow.find(command.id);
        if (expected == m_follow.end())
            return "nothing causes this follow-up command";
        if (expected->second != command.data)
            return "its data is " + command.data + ", expected " + expected->second;
        m_follow.erase(expected);
    } else if (auto finding = checkSent(command); !finding.empty()) {
        return finding;
    }
    Pending pending{m_model.take(command), 0, false};
    auto &effects = m_effects[command.id];
    for (const auto &key : m_model.changed())
        effects.emplace_back(key, m_model.accounts().at(key));
    m_pending.emplace(command.id, std::move(pending));
    return {};
}

std::string LedgerChecker::checkSent(const Record &command)
{
    // In the order in which they were sent; what is skipped never became durable and so was never acknowledged.
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
    m_recorded.push_back(std::move(sent));
    return {};
}

std::string LedgerChecker::takeEvent(const Record &event)
{
    const auto found = m_pending.find(event.parent);
    if (found == m_pending.end())
        return "no command without a result is its parent";
    auto &pending = found->second;
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
    sampleChanges(event, event.parent);
    return {};
}

std::string LedgerChecker::takeResult(const Record &result)
{
    const auto found = m_pending.find(result.parent);
    if (found == m_pending.end())
        return "a second result, or none that was asked for";
    const auto &pending = found->second;
    const auto outcome = parseOutcome(result.data);
    if (!outcome)
        return outcome.error().text();
    if (outcome->status != pending.expected.status || outcome->errorCode != pending.expected.code)
        return "it is " + result.data + ", expected " + std::string(commandStatusName(pending.expected.status)) + " "
            + pending.expected.code;
    if (pending.events != pending.expected.events.size() || outcome->events.size() != pending.events)
        return "it comes before its events, or without them";
    m_pending.erase(found);
    m_effects.erase(result.parent);
    return {};
}

void LedgerChecker::sampleChanges(const Record &event, const Uuid &command)
{
    for (const auto &[key, account] : m_effects[command]) {
        if (m_chance() % sampleOneIn != 0)
            continue;
        Sample sample{event.position, key, account.document(key), account.balanceSetBy};
        if (m_samples.size() < samplesMax)
            m_samples.push_back(std::move(sample));
        else
            m_samples[m_chance() % samplesMax] = std::move(sample);
    }
}

std::string LedgerChecker::checkViews(Engine &engine)
{
    auto &views = engine.views();
    DocumentListRequest request;
    request.limit = limits::pageRowsMax;
    auto expected = m_model.accounts().begin();
    for (;;) {
        const auto page = views.list("accounts", request);
        if (!page)
            return page.error().text();
        for (const auto &document : page->documents) {
            if (expected == m_model.accounts().end() || expected->first != document.key)
                return "account " + document.key + " is not expected";
            const auto text = expected->second.document(document.key);
            if (document.json != text)
                return "account " + document.key + " is " + document.json + ", expected " + text;
            ++expected;
        }
        if (!page->nextKey)
            break;
        request.afterKey = page->nextKey;
    }
    if (expected != m_model.accounts().end())
        return "account " + expected->first + " is missing";

    for (std::size_t i = 0; i < std::min(samplesChecked, m_samples.size()); ++i) {
        const auto &sample = m_samples[m_chance() % m_samples.size()];
        const auto where = "account " + sample.key + " at " + std::to_string(sample.position.value);
        const auto document = views.get("accounts", sample.key, sample.position);
        if (!document)
            return where + ": " + document.error().text();
        if (document->json != sample.document)
            return where + " is " + document->json + ", expected " + sample.document;
        const auto origins = views.blame("accounts", sample.key, sample.position);
        if (!origins)
            return where + ": " + origins.error().text();
        const auto balance = std::find_if(origins->begin(), origins->end(),
                                          [](const FieldOrigin &origin) { return origin.pointer == "/balance"; });
        if (balance == origins->end() || balance->event != sample.balanceSetBy)
            return where + ": the balance was set by " + sample.balanceSetBy.text();
    }
    return {};
}

} // namespace commander::model
