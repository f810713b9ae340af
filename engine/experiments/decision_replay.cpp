// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/decision_replay.h"

#include <algorithm>

namespace commander {

namespace {

bool has(const std::vector<RecordPtr> &records, const Uuid &id)
{
    return std::any_of(records.begin(), records.end(), [&id](const RecordPtr &record) { return record->id == id; });
}

} // namespace

DecisionReplay::DecisionReplay(Options options)
    : m_options(std::move(options)), m_simulator(m_options.domains, m_options.views)
{
}

Result<void> DecisionReplay::take(const DecisionGroup &group)
{
    if (!group.command)
        return foldRecorded(group);
    return m_options.state == CandidateState::Recorded ? takeRecorded(group) : takeOwn(group);
}

Result<void> DecisionReplay::finish()
{
    return decideAdded({~std::uint64_t{0}});
}

Result<void> DecisionReplay::foldRecorded(const DecisionGroup &group)
{
    for (const auto &event : group.events) {
        if (auto folded = m_options.views.fold(*event); !folded)
            return folded;
    }
    return {};
}

Result<void> DecisionReplay::takeRecorded(const DecisionGroup &group)
{
    const auto records = m_simulator.decide(*group.command, group.result->id);
    if (!records)
        return fail(records.error());
    if (auto told = m_options.onDecided({group.command.get(), &group, &*records}); !told)
        return told;
    return foldRecorded(group);
}

/// The command as it stands here; nothing when it does not.
std::optional<Record> DecisionReplay::resolve(const DecisionGroup &group)
{
    auto command = *group.command;
    // A follow-up command is here only when the decision that caused it came to it here as well.
    if (command.depth > 0 && command.position > m_options.from) {
        const auto expected = m_expected.extract(command.id);
        if (expected.empty())
            return std::nullopt;
        static_cast<RecordDraft &>(command) = expected.mapped();
    }
    const auto edit = m_options.edits.changed.find(command.id);
    return edit == m_options.edits.changed.end() ? std::optional(std::move(command)) : edit->second;
}

Result<void> DecisionReplay::takeOwn(const DecisionGroup &group)
{
    if (auto added = decideAdded(group.command->position); !added)
        return added;
    const auto command = resolve(group);
    if (!command)
        return m_options.onDecided({group.command.get(), &group, nullptr});
    if (auto decided = decide(*command, &group); !decided)
        return decided;
    return decideQueue();
}

Result<void> DecisionReplay::decideAdded(Position before)
{
    const auto &added = m_options.edits.added;
    while (m_nextAdded < added.size() && added[m_nextAdded].position < before) {
        if (auto decided = decide(added[m_nextAdded++], nullptr); !decided)
            return decided;
        if (auto decided = decideQueue(); !decided)
            return decided;
    }
    return {};
}

Result<void> DecisionReplay::decideQueue()
{
    while (!m_queue.empty()) {
        const auto command = std::move(m_queue.front());
        m_queue.pop_front();
        if (auto decided = decide(command, nullptr); !decided)
            return decided;
    }
    return {};
}

Result<void> DecisionReplay::decide(const Record &command, const DecisionGroup *recorded)
{
    const auto records = m_simulator.decide(command, recorded ? recorded->result->id : usualResultId(command.id));
    if (!records)
        return fail(records.error());
    if (auto told = m_options.onDecided({&command, recorded, &*records}); !told)
        return told;
    for (const auto &record : *records) {
        if (record.kind == RecordKind::Event) {
            if (auto folded = m_options.views.fold(simulatedRecord(record, command.recordedAt)); !folded)
                return folded;
        } else if (record.kind == RecordKind::Command) {
            if (recorded && has(recorded->followUps, record.id)) {
                m_expected.emplace(record.id, record);
            } else if (isDueAt(record, command.recordedAt)) {
                // Decided next: where it would have come among commands that came from outside, nobody knows.
                m_queue.push_back(simulatedRecord(record, command.recordedAt));
                m_queue.back().position = command.position;
            }
        }
    }
    return {};
}

} // namespace commander
