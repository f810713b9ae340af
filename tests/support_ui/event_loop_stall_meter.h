// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <vector>

namespace commander::test {

/// Beats as fast as the event loop turns and remembers how long each turn took: for so long nothing else could have
/// been handled. `processor` is what this thread itself worked in that time; the rest of `wall` it waited, or another
/// process had the processor.
class EventLoopStallMeter : public QObject {
    Q_OBJECT
public:
    struct Turn {
        std::chrono::microseconds wall;
        std::chrono::microseconds processor;
    };
    explicit EventLoopStallMeter(QObject *parent = nullptr);
    void start();
    void stop();
    /// Lets the event loop run, without the naps that QTest::qWait() takes.
    static void spin(std::chrono::milliseconds time);

    [[nodiscard]] Turn worst() const; ///< of each, not of one turn
    [[nodiscard]] int wallOver(std::chrono::microseconds limit) const;
    [[nodiscard]] int processorOver(std::chrono::microseconds limit) const;
    [[nodiscard]] int turns() const { return int(m_turns.size()); }

private:
    void beat();

    QTimer m_timer;
    QElapsedTimer m_clock;
    std::chrono::microseconds m_processorThen{0};
    std::vector<Turn> m_turns;
};

} // namespace commander::test
