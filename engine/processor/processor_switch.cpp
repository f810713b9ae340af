// SPDX-License-Identifier: GPL-3.0-or-later
// How the processor goes from one version of a domain to the next: exactly at the command that installs it.
#include "processor/domain_switch.h"
#include "processor/processor.h"

#include <algorithm>
#include <utility>

namespace commander {

Processor::Next Processor::takeSwitch(const RecordPtr &command, std::stop_token stop)
{
    if (const auto next = awaitCommit(stop); next != Next::GoOn)
        return next;
    if (auto prepared = m_options.domainSwitch->prepare(*command, stop); !prepared)
        return switchFailed(prepared.error(), stop);
    Batch batch;
    batch.number = ++m_batches;
    batch.switches = true;
    m_decisions->documents.beginBatch(batch.number);
    if (auto decided = decide(*command, batch); !decided)
        return faultStops(decided.error());
    if (const auto next = submit(std::move(batch), command, stop); next != Next::GoOn)
        return next;
    if (const auto next = awaitCommit(stop); next != Next::GoOn)
        return next;
    if (const auto next = takeOver(stop); next != Next::GoOn)
        return next;
    return m_options.domains() == m_decisions->registry ? Next::GoOn : Next::StartOver;
}

Processor::Next Processor::takeOver(std::stop_token stop)
{
    if (!m_options.domainSwitch)
        return Next::GoOn;
    if (auto taken = m_options.domainSwitch->takeOver(stop); !taken)
        return switchFailed(taken.error(), stop);
    if (std::exchange(m_switchWaits, false))
        setFault({}, false);
    tellSwitched();
    return Next::GoOn;
}

void Processor::tellSwitched()
{
    std::vector<RecordPtr> results;
    {
        const std::scoped_lock lock(m_mutex);
        results = std::exchange(m_switched, {});
        m_status.processedTo = std::max(m_status.processedTo, std::exchange(m_switchedTo, {}));
    }
    if (!results.empty() && m_options.onCommitted)
        m_options.onCommitted(results);
}

// What is in the ledger decides, so starting over does the rest.
Processor::Next Processor::switchFailed(const Error &error, std::stop_token stop)
{
    if (stop.stop_requested())
        return Next::End;
    switch (error.code) {
    case ErrorCode::NotReady:
    case ErrorCode::TimedOut:
    case ErrorCode::Busy:
    case ErrorCode::DiskFull:
        m_switchWaits = true;
        setFault("processor: " + error.text() + " Trying again.", true);
        pause(stop);
        return Next::StartOver;
    default:
        return faultStops(error);
    }
}

} // namespace commander
