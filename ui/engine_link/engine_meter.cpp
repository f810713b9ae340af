// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_link/engine_meter.h"

namespace commander::ui {

namespace {
constexpr int intervalMs = 500;
constexpr qint64 spanMs = 2000;
} // namespace

EngineMeter::EngineMeter(EngineLink &link, QObject *parent) : QObject(parent), m_link(link)
{
    m_clock.start();
    m_timer.setInterval(intervalMs);
    connect(&m_timer, &QTimer::timeout, this, &EngineMeter::measure);
}

void EngineMeter::start()
{
    m_samples.clear(); // a pause is not a slow second
    m_timer.start();
    measure();
}

void EngineMeter::stop()
{
    m_timer.stop();
}

void EngineMeter::measure()
{
    m_status = m_link.status();
    const Sample now{m_clock.elapsed(), m_status.progress.ledger.value, m_status.commands, m_status.commits};
    m_samples.push_back(now);
    while (m_samples.size() > 2 && now.at - m_samples[1].at >= spanMs)
        m_samples.pop_front();
    const Sample &then = m_samples.front();
    m_rates = {};
    if (now.at > then.at) {
        const double seconds = double(now.at - then.at) / 1000.0;
        m_rates.records = double(now.records - then.records) / seconds;
        m_rates.commands = double(now.commands - then.commands) / seconds;
        m_rates.commits = double(now.commits - then.commits) / seconds;
    }
    Q_EMIT measured();
}

} // namespace commander::ui
