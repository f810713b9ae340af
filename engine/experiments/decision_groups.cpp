// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/decision_groups.h"

#include "system/system_words.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t readMax = 1024;
constexpr std::size_t commandsMax = 65'536;   ///< remembered; others are looked up in the ledger
constexpr std::size_t commandBytesMax = 1024; ///< larger ones are looked up

bool continues(const Record &before, const Record &record)
{
    switch (record.kind) {
    case RecordKind::Event:
    case RecordKind::Result:
        return before.kind == RecordKind::Event && before.parent == record.parent && !record.parent.isNull();
    case RecordKind::Command:
        return record.depth > 0 && before.kind != RecordKind::Event
            && (before.kind == RecordKind::Result || before.depth > 0);
    }
    return false;
}

} // namespace

Outcome DecisionGroup::outcome() const
{
    Outcome outcome;
    for (const auto &event : events)
        outcome.events.push_back(event.get());
    outcome.result = result.get();
    for (const auto &followUp : followUps)
        outcome.followUps.push_back(followUp.get());
    return outcome;
}

bool DecisionCollector::belongs(const Record &record) const
{
    const auto &open = m_open;
    if (record.kind == RecordKind::Command) {
        return open.result && std::any_of(open.events.begin(), open.events.end(), [&record](const RecordPtr &event) {
                   return event->id == record.parent;
               });
    }
    return !open.result && !open.events.empty() && open.events.front()->parent == record.parent;
}

void DecisionCollector::remember(const RecordPtr &command)
{
    if (m_commands.size() < commandsMax && command->data.size() <= commandBytesMax)
        m_commands.emplace(command->id, command);
}

Result<std::optional<DecisionGroup>> DecisionCollector::take(const RecordPtr &record)
{
    std::optional<DecisionGroup> complete;
    if (!belongs(*record)) {
        auto finished = finish();
        if (!finished)
            return finished;
        complete = std::move(*finished);
    }
    switch (record->kind) {
    case RecordKind::Event:
        m_open.events.push_back(record);
        note(*record);
        break;
    case RecordKind::Result:
        m_open.result = record;
        break;
    case RecordKind::Command:
        if (m_open.result)
            m_open.followUps.push_back(record);
        remember(record);
        break;
    }
    return complete;
}

Result<std::optional<DecisionGroup>> DecisionCollector::finish()
{
    auto group = std::exchange(m_open, {});
    if (!group.result) {
        if (group.events.empty())
            return std::nullopt;
        return group;
    }
    const auto found = m_commands.find(group.result->parent);
    if (found != m_commands.end()) {
        group.command = std::move(found->second);
        m_commands.erase(found);
        judge(group);
        return group;
    }
    auto command = m_ledger.find(group.result->parent);
    if (!command)
        return fail(std::move(command.error()));
    group.command = std::move(*command);
    judge(group);
    return group;
}

void DecisionCollector::note(const Record &event)
{
    if (event.topic != system::eventsTopic)
        return;
    const bool released = event.action == system::commandReleased || event.action == system::deadLetterReplayed;
    if (!released && event.action != system::deadLetterDiscarded)
        return;
    const auto data = parseJson(event.data).value_or(Json());
    if (const auto command = Uuid::parse(data.stringAt("command")))
        m_notes.insert_or_assign(*command, Note{event.time(), released});
}

void DecisionCollector::judge(DecisionGroup &group)
{
    group.decidedAt = group.events.empty() ? group.command->recordedAt : group.events.front()->time();
    if (const auto noted = m_notes.find(group.command->id); noted != m_notes.end()) {
        group.decidedAt = noted->second.time;
        group.handled = noted->second.handled;
        m_notes.erase(noted);
    }
    for (const auto status : {CommandStatus::Expired, CommandStatus::Cancelled})
        group.handled = group.handled && group.result->action != commandStatusName(status);
}

Result<Position> decisionBoundary(Ledger &ledger, Position position)
{
    const auto head = ledger.head();
    if (!head)
        return fail(head.error());
    if (position >= head->position)
        return head->position; // what is appended in one piece is seen in one piece
    while (position.value > 0) {
        const auto pair = ledger.readAt(position, 2);
        if (!pair)
            return fail(pair.error());
        if (pair->size() < 2 || !continues(*pair->front(), *pair->back()))
            break;
        --position.value;
    }
    return position;
}

Result<void> walkRecords(Ledger &ledger, Position from, Position to, std::stop_token stop,
                         const std::function<Result<void>(const RecordPtr &)> &take)
{
    while (from < to) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "stopped");
        const auto records = ledger.readAt(from.next(), std::min<std::uint64_t>(readMax, to.value - from.value));
        if (!records)
            return fail(records.error());
        if (records->empty())
            break;
        for (const auto &record : *records) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "stopped");
            if (auto taken = take(record); !taken)
                return taken;
        }
        from = records->back()->position;
    }
    return {};
}

Result<void> walkDecisions(Ledger &ledger, Position from, Position to, std::stop_token stop,
                           const std::function<Result<void>(const DecisionGroup &)> &take)
{
    DecisionCollector collector(ledger);
    const auto pass = [&take](const Result<std::optional<DecisionGroup>> &group) -> Result<void> {
        if (!group)
            return fail(group.error());
        return *group ? take(**group) : Result<void>();
    };
    auto walked
        = walkRecords(ledger, from, to, stop, [&](const RecordPtr &record) { return pass(collector.take(record)); });
    if (!walked)
        return walked;
    return pass(collector.finish());
}

} // namespace commander
