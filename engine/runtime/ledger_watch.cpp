// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/ledger_watch.h"

#include <commander/limits.h>

namespace commander {

namespace {

/// Offsets have no gaps: doubles the step until nothing is there, then halves it. Logarithmic.
Result<Position> newestCommand(Ledger &ledger)
{
    const TopicPartition source{std::string(commandsTopic), 0};
    Position newest;
    std::uint64_t next = 0; // every command before this offset is there
    std::uint64_t step = 1;
    for (bool growing = true; step > 0; step = growing ? step * 2 : step / 2) {
        const auto records = ledger.read(source, {next + step - 1}, 1);
        if (!records)
            return fail(records.error());
        if (records->empty()) {
            growing = false;
        } else {
            newest = records->front()->position;
            next += step;
        }
    }
    return newest;
}

} // namespace

LedgerWatch::LedgerWatch(Ledger &ledger, std::function<void(Position)> onHead)
    : m_ledger(ledger), m_onHead(std::move(onHead)),
      m_follower(ledger, "cmd-watch", limits::followerBatchMax,
                 [this](std::span<const RecordPtr> records) { return take(records); })
{
}

Result<void> LedgerWatch::start(Position after)
{
    if (m_ledger.traits().totalOrder) {
        const auto newest = newestCommand(m_ledger);
        if (!newest)
            return fail(newest.error());
        m_lastCommand = newest->value;
    }
    m_seen = after.value;
    return m_follower.start(after);
}

LedgerWatch::Counts LedgerWatch::counts() const
{
    return {m_commands.load(), m_events.load(),  m_succeeded.load(), m_rejected.load(),
            m_failed.load(),   m_expired.load(), m_cancelled.load()};
}

std::atomic<std::uint64_t> &LedgerWatch::counterOf(CommandStatus status)
{
    switch (status) {
    case CommandStatus::Succeeded:
        return m_succeeded;
    case CommandStatus::Rejected:
        return m_rejected;
    case CommandStatus::Expired:
        return m_expired;
    case CommandStatus::Cancelled:
        return m_cancelled;
    case CommandStatus::Accepted:
    case CommandStatus::Failed:
        break;
    }
    return m_failed;
}

Result<void> LedgerWatch::take(std::span<const RecordPtr> records)
{
    for (const auto &record : records) {
        switch (record->kind) {
        case RecordKind::Command:
            ++m_commands;
            m_lastCommand = record->position.value;
            break;
        case RecordKind::Event:
            ++m_events;
            break;
        case RecordKind::Result:
            ++counterOf(commandStatusFromName(record->action).value_or(CommandStatus::Failed));
            break;
        }
    }
    m_seen = records.back()->position.value;
    m_onHead(records.back()->position);
    return {};
}

} // namespace commander
