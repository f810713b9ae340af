// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <vector>

namespace commander::test {

/// Beats as fast as the event loop turns and remembers the longest times between two beats: for so long nothing else
/// could have been handled. Start it, do what is to be measured, let the loop run, read worst().
class EventLoopStallMeter : public QObject {
    Q_OBJECT
public:
    explicit EventLoopStallMeter(QObject *parent = nullptr);
    void start();
    void stop();
    [[nodiscard]] std::chrono::microseconds worst() const { return m_worst; }
    /// How many turns took longer than the limit.
    [[nodiscard]] int countOver(std::chrono::microseconds limit) const;
    [[nodiscard]] int turns() const { return int(m_turns.size()); }

private:
    void beat();

    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<std::chrono::microseconds> m_turns;
    std::chrono::microseconds m_worst{0};
};

} // namespace commander::test
