// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "home/bank_day.h"

#include <optional>
#include <QElapsedTimer>
#include <QTimer>

namespace commander::ui {

/// Sends a planned day to the engine, hours in a minute, in small helpings so that one can watch it happen.
class BankDayPlayer : public QObject {
    Q_OBJECT
public:
    explicit BankDayPlayer(EngineLink &link, QObject *parent = nullptr);

    /// The whole day takes `duration`.
    void play(BankDay day, std::chrono::milliseconds duration);
    void stop();

    [[nodiscard]] bool isPlaying() const { return m_timer.isActive(); }
    [[nodiscard]] std::size_t total() const { return m_day ? m_day->steps().size() : 0; }
    [[nodiscard]] std::size_t sent() const { return m_sent; }
    [[nodiscard]] std::size_t recorded() const { return m_recorded; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; } ///< why it stopped early

Q_SIGNALS:
    void progressed();
    void finished(); ///< all sent and answered, stopped, or failed

private:
    void sendDue();
    void answered(const Result<CommandReceipt> &receipt);
    void end();

    EngineLink &m_link;
    std::optional<BankDay> m_day;
    std::chrono::milliseconds m_duration{1};
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::size_t m_sent = 0;
    std::size_t m_recorded = 0;
    std::size_t m_answered = 0;
    std::uint64_t m_era = 0; ///< answers of an earlier play do not count
    std::optional<Error> m_error;
};

} // namespace commander::ui
