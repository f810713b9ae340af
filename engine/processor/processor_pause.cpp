// SPDX-License-Identifier: GPL-3.0-or-later
// How the processor pauses: at the command that says so, until one that resumes it is in the ledger; and, for a moment,
// before it tries something again.
#include "processor/processor.h"

#include "system/system_words.h"

#include <commander/limits.h>

#include <algorithm>
#include <utility>

namespace commander {

namespace {

constexpr std::chrono::hours cursorWait{1}; ///< wake() ends it
constexpr std::chrono::milliseconds pauseMin{10};
constexpr std::chrono::milliseconds pauseMax{1000};

bool resumesProcessor(const Record &command)
{
    if (command.action != system::resumeConsumer)
        return false;
    const auto data = parseJson(command.data);
    return data && data->stringAt("consumer") == system::processorConsumer;
}

} // namespace

// The resuming command lies behind all that waits, so it is looked for ahead; it is decided when its turn comes, and
// the ledger alone says that everything up to it may be decided. A restart looks again from where the processor stands.
Processor::Next Processor::waitWhilePaused(Offset from, std::stop_token stop)
{
    auto cursor = m_options.ledger.follow(std::vector<TopicStart>{{{std::string(commandsTopic), 0}, from}});
    if (!cursor)
        return faultStops(cursor.error());
    {
        const std::scoped_lock lock(m_mutex);
        m_cursor = std::move(*cursor);
    }
    setPaused(true);
    while (!stop.stop_requested()) {
        const auto commands = m_cursor->next(limits::processorBatchMax, cursorWait);
        if (!commands)
            return faultStops(commands.error());
        if (std::any_of(commands->begin(), commands->end(), [](const auto &one) { return resumesProcessor(*one); })) {
            setPaused(false);
            return Next::GoOn;
        }
    }
    return Next::End;
}

void Processor::setPaused(bool paused)
{
    const std::scoped_lock lock(m_mutex);
    m_status.paused = paused;
}

void Processor::setFault(std::string fault, bool retrying)
{
    const std::scoped_lock lock(m_mutex);
    m_status.fault = std::move(fault);
    m_retrying = retrying;
}

void Processor::pause(std::stop_token stop)
{
    m_pause = std::clamp<std::chrono::milliseconds>(m_pause * 2, pauseMin, pauseMax);
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, stop, m_pause, [] { return false; });
}

} // namespace commander
