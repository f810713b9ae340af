// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/ledger_watch.h"

#include <commander/limits.h>

namespace commander {

LedgerWatch::LedgerWatch(Ledger &ledger, std::function<void(Position)> onHead)
    : m_onHead(std::move(onHead)), m_follower(ledger, "cmd-watch", limits::followerBatchMax,
                                              [this](std::span<const RecordPtr> records) { return take(records); })
{
}

Result<void> LedgerWatch::start(Position after)
{
    return m_follower.start(after);
}

LedgerWatch::Counts LedgerWatch::counts() const
{
    return {m_commands.load(), m_events.load(), m_succeeded.load(), m_rejected.load(), m_failed.load()};
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
            if (record->action == commandStatusName(CommandStatus::Succeeded))
                ++m_succeeded;
            else if (record->action == commandStatusName(CommandStatus::Rejected))
                ++m_rejected;
            else
                ++m_failed;
            break;
        }
    }
    m_onHead(records.back()->position);
    return {};
}

} // namespace commander
