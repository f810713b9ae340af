// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/bank_day_player.h"

namespace commander::ui {

namespace {
constexpr int helpingMs = 40;
constexpr std::size_t underWayMax = 500; // a slow disk sets the pace, not we
} // namespace

BankDayPlayer::BankDayPlayer(EngineLink &link, QObject *parent) : QObject(parent), m_link(link)
{
    m_timer.setInterval(helpingMs);
    connect(&m_timer, &QTimer::timeout, this, &BankDayPlayer::sendDue);
}

void BankDayPlayer::play(BankDay day, std::chrono::milliseconds duration)
{
    ++m_era;
    m_day.emplace(std::move(day));
    m_duration = std::max(duration, std::chrono::milliseconds(1));
    m_sent = m_recorded = m_answered = 0;
    m_error.reset();
    m_clock.start();
    m_timer.start();
    sendDue();
}

void BankDayPlayer::stop()
{
    if (isPlaying())
        end();
}

void BankDayPlayer::sendDue()
{
    const auto &steps = m_day->steps();
    const auto due = BankDay::length * m_clock.elapsed() / m_duration.count();
    while (isPlaying() && m_sent < steps.size() && steps[m_sent].at <= due && m_sent - m_answered < underWayMax) {
        const std::size_t index = m_sent++;
        m_link.submit(steps[index].draft, this, [this, era = m_era](const Result<CommandReceipt> &receipt) {
            if (era == m_era)
                answered(receipt);
        });
    }
    Q_EMIT progressed();
    if (m_answered == steps.size())
        end();
}

void BankDayPlayer::answered(const Result<CommandReceipt> &receipt)
{
    ++m_answered;
    if (receipt) {
        ++m_recorded;
    } else if (receipt.error().code != ErrorCode::Busy && isPlaying()) {
        m_error = receipt.error();
        end();
    }
}

void BankDayPlayer::end()
{
    m_timer.stop();
    Q_EMIT progressed();
    Q_EMIT finished();
}

} // namespace commander::ui
