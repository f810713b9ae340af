// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/event_loop_stall_meter.h"

#include <algorithm>
#include <ctime>
#include <QEventLoop>

namespace commander::test {

namespace {

std::chrono::microseconds processorTime()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::microseconds(now.tv_sec * 1'000'000 + now.tv_nsec / 1000);
}

} // namespace

EventLoopStallMeter::EventLoopStallMeter(QObject *parent) : QObject(parent)
{
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &EventLoopStallMeter::beat);
}

void EventLoopStallMeter::start()
{
    m_turns.clear();
    m_processorThen = processorTime();
    m_clock.start();
    m_timer.start();
}

void EventLoopStallMeter::stop()
{
    if (m_timer.isActive())
        beat();
    m_timer.stop();
}

void EventLoopStallMeter::spin(std::chrono::milliseconds time)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}

EventLoopStallMeter::Turn EventLoopStallMeter::worst() const
{
    Turn worst{};
    for (const Turn &turn : m_turns)
        worst = {std::max(worst.wall, turn.wall), std::max(worst.processor, turn.processor)};
    return worst;
}

int EventLoopStallMeter::wallOver(std::chrono::microseconds limit) const
{
    return int(std::count_if(m_turns.begin(), m_turns.end(), [limit](const Turn &turn) { return turn.wall > limit; }));
}

int EventLoopStallMeter::processorOver(std::chrono::microseconds limit) const
{
    return int(
        std::count_if(m_turns.begin(), m_turns.end(), [limit](const Turn &turn) { return turn.processor > limit; }));
}

void EventLoopStallMeter::beat()
{
    const std::chrono::microseconds processor = processorTime();
    m_turns.push_back({std::chrono::microseconds(m_clock.nsecsElapsed() / 1000), processor - m_processorThen});
    m_clock.start();
    m_processorThen = processor;
}

} // namespace commander::test
