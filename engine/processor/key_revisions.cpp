// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/key_revisions.h"

#include <commander/json.h>
#include <commander/ledger.h>
#include <commander/limits.h>

#include <algorithm>

namespace commander {

Result<std::uint64_t> LedgerEventCounter::count(const std::string &topic, const std::string &key, Position last,
                                                std::stop_token stop)
{
    std::uint64_t events = 0;
    Offset next;
    for (;;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "stopped");
        const auto records = m_ledger.read({topic, 0}, next, limits::followerBatchMax);
        if (!records)
            return fail(records.error());
        if (records->empty())
            return events;
        for (const auto &record : *records) {
            if (record->position > last)
                return events;
            if (record->kind == RecordKind::Event && record->key == key)
                ++events;
        }
        next = records->back()->offset.next();
    }
}

CommandOutcome revisionConflictOf(const Record &command, const ExpectedRevision &expected, std::uint64_t actual)
{
    CommandOutcome outcome;
    outcome.status = CommandStatus::Rejected;
    outcome.errorCode = revisionConflict;
    outcome.errorMessage
        = "the key " + command.key + " is at revision " + std::to_string(actual) + ", expected was " + expected.text();
    Json details;
    if (expected.kind == ExpectedRevision::Kind::Exactly)
        details.set("expected", Json(static_cast<std::int64_t>(expected.number)));
    else
        details.set("expected", Json(expected.text()));
    details.set("actual", Json(static_cast<std::int64_t>(actual)));
    outcome.errorDetails = writeJson(details);
    return outcome;
}

std::string KeyRevisions::nameOf(const std::string &topic, const std::string &key)
{
    std::string name = topic;
    name += '\0';
    return name += key;
}

Result<std::uint64_t> KeyRevisions::revision(const std::string &topic, const std::string &key)
{
    auto name = nameOf(topic, key);
    auto found = m_counts.find(name);
    if (found == m_counts.end()) {
        const auto past = m_past.count(topic, key, m_committed, m_stop);
        if (!past)
            return past;
        const auto decided = std::count_if(m_uncommitted.begin(), m_uncommitted.end(),
                                           [&name](const Decided &one) { return one.name == name; });
        if (m_counts.size() >= limits::revisionsMax)
            m_counts.clear(); // counted again when they are asked for again
        found = m_counts.emplace(std::move(name), *past + static_cast<std::uint64_t>(decided)).first;
    }
    auto revision = found->second;
    for (auto i = m_stepBegin; m_step && i < m_step->size(); ++i) {
        const auto &record = (*m_step)[i];
        if (record.kind == RecordKind::Event && record.topic == topic && record.key == key)
            ++revision;
    }
    return revision;
}

void KeyRevisions::keep(std::uint64_t batch)
{
    for (auto i = m_stepBegin; i < m_step->size(); ++i) {
        const auto &record = (*m_step)[i];
        if (record.kind != RecordKind::Event)
            continue;
        m_uncommitted.push_back({batch, nameOf(record.topic, record.key)});
        if (m_counts.empty())
            continue;
        if (const auto found = m_counts.find(m_uncommitted.back().name); found != m_counts.end())
            ++found->second;
    }
    m_step = nullptr;
}

void KeyRevisions::committed(std::uint64_t batch, Position last)
{
    while (!m_uncommitted.empty() && m_uncommitted.front().batch <= batch)
        m_uncommitted.pop_front();
    m_committed = std::max(m_committed, last);
}

} // namespace commander
