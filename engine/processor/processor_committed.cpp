// SPDX-License-Identifier: GPL-3.0-or-later
// What happens on the ledger's thread when a transaction of the processor is through.
#include "processor/processor.h"

#include <algorithm>
#include <utility>

namespace commander {

void Processor::committed(Result<Appended> appended, std::uint64_t number, Position lastCommand, bool switches)
{
    std::vector<RecordPtr> results;
    std::uint64_t events = 0;
    if (appended) {
        for (const auto &record : appended->records) {
            if (record->kind == RecordKind::Result)
                results.push_back(record);
            else if (record->kind == RecordKind::Event)
                ++events;
        }
        if (!results.empty() && !switches && m_options.onCommitted)
            m_options.onCommitted(results);
    }
    const std::scoped_lock lock(m_mutex);
    if (appended) {
        const auto count = [&results](CommandStatus status) {
            return static_cast<std::uint64_t>(
                std::count_if(results.begin(), results.end(), [name = commandStatusName(status)](const RecordPtr &one) {
                    return one->action == name;
                }));
        };
        if (switches) {
            m_switched = results;
            m_switchedTo = lastCommand;
        } else {
            m_status.processedTo = std::max(m_status.processedTo, lastCommand);
        }
        m_status.events += events;
        m_status.succeeded += count(CommandStatus::Succeeded);
        m_status.rejected += count(CommandStatus::Rejected);
        m_status.failed += count(CommandStatus::Failed);
        m_status.expired += count(CommandStatus::Expired);
        m_status.cancelled += count(CommandStatus::Cancelled);
        if (std::exchange(m_retrying, false))
            m_status.fault.clear();
        if (!appended->records.empty())
            m_commits.push_back({number, appended->records.back()->position});
    } else {
        m_commitError = std::move(appended.error());
        m_cursor->wake();
    }
    m_inFlight = false;
    m_changed.notify_all(); // under the lock: afterwards the processor may be gone
}

} // namespace commander
