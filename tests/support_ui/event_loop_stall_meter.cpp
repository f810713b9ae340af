// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/event_loop_stall_meter.h"

#include <algorithm>

namespace commander::test {

EventLoopStallMeter::EventLoopStallMeter(QObject *parent) : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &EventLoopStallMeter::beat);
}

void EventLoopStallMeter::start()
{
    m_turns.clear();
    m_worst = {};
    m_clock.start();
    m_timer.start();
}

void EventLoopStallMeter::stop()
{
    if (m_timer.isActive())
        beat();
    m_timer.stop();
}

int EventLoopStallMeter::countOver(std::chrono::microseconds limit) const
{
    return int(std::count_if(m_turns.begin(), m_turns.end(), [limit](auto turn) { return turn > limit; }));
}

void EventLoopStallMeter::beat()
{
    const std::chrono::microseconds turn(m_clock.nsecsElapsed() / 1000);
    m_clock.start();
    m_turns.push_back(turn);
    m_worst = std::max(m_worst, turn);
}

} // namespace commander::test
