// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/decision_replay.h"

#include "system/system_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace commander {

namespace {

/// The engine brings the domain of these; candidates do without it.
constexpr std::array enginesOwn{system::releaseCommand,   system::expireCommand,     system::cancelCommand,
                                system::replayDeadLetter, system::discardDeadLetter, system::resumeSequence};

bool has(std::span<const std::string_view> names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

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
    const auto records = decideAs(*group.command, group);
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

bool DecisionReplay::isForAHandler(const DecisionGroup &recorded) const
{
    const auto &action = recorded.command->action;
    if (!recorded.handled || action == system::installDomain)
        return false;
    return m_options.domains.findCommand(action) || !has(enginesOwn, action);
}

// At the time at which it was decided. What no handler decided is not for a handler to decide here.
Result<std::vector<RecordDraft>> DecisionReplay::decideAs(const Record &command, const DecisionGroup &recorded)
{
    if (isForAHandler(recorded))
        return m_simulator.decide(command, recorded.result->id, recorded.decidedAt);
    std::vector<RecordDraft> records;
    for (const auto &event : recorded.events)
        records.push_back(*event);
    records.push_back(*recorded.result);
    return records;
}

Result<void> DecisionReplay::decide(const Record &command, const DecisionGroup *recorded)
{
    const auto records = recorded ? decideAs(command, *recorded)
                                  : m_simulator.decide(command, usualResultId(command.id), command.recordedAt);
    if (!records)
        return fail(records.error());
    if (auto told = m_options.onDecided({&command, recorded, &*records}); !told)
        return told;
    const auto now = recorded ? recorded->decidedAt : command.recordedAt;
    for (const auto &record : *records) {
        if (record.kind == RecordKind::Event) {
            if (auto folded = m_options.views.fold(simulatedRecord(record, now)); !folded)
                return folded;
        } else if (record.kind == RecordKind::Command) {
            if (recorded && has(recorded->followUps, record.id)) {
                m_expected.emplace(record.id, record);
            } else if (isDueAt(record, now)) {
                // Decided next: where it would have come among commands that came from outside, nobody knows.
                m_queue.push_back(simulatedRecord(record, now));
                m_queue.back().position = command.position;
            }
        }
    }
    return {};
}

} // namespace commander
