// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"

#include <deque>
#include <QElapsedTimer>
#include <QTimer>

namespace commander::ui {

/// Reads the engine's counters twice a second and makes rates of them.
class EngineMeter : public QObject {
    Q_OBJECT
public:
    struct Rates {
        double records = 0; ///< per second, over the last two seconds
        double commands = 0;
        double commits = 0;
    };
    explicit EngineMeter(EngineLink &link, QObject *parent = nullptr);
    void start(); ///< measures at once, then regularly
    void stop();
    [[nodiscard]] const EngineStatus &status() const { return m_status; }
    [[nodiscard]] const Rates &rates() const { return m_rates; }

Q_SIGNALS:
    void measured();

private:
    struct Sample {
        qint64 at;
        std::uint64_t records;
        std::uint64_t commands;
        std::uint64_t commits;
    };
    void measure();

    EngineLink &m_link;
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::deque<Sample> m_samples;
    EngineStatus m_status;
    Rates m_rates;
};

} // namespace commander::ui
