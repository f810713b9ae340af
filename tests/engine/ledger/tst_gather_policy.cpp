// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/append_worker.h"
#include "ledger/gather_policy.h"
#include "support/record_factory.h"

#include <QtTest>

#include <future>

using namespace commander;
using namespace std::chrono_literals;

namespace {

using Time = GatherPolicy::Clock::time_point;

constexpr auto commitTime = 8ms; // so the window is 2 ms

/// Clients that come back shortly after they were answered, against commits of a fixed length, in a time of our own.
class ClosedLoop {
public:
    ClosedLoop(std::size_t clients, std::chrono::microseconds comeBack) : m_comeBack(comeBack)
    {
        // Half of them and one are in the first commit, the others come while it runs: the two halves that take turns.
        for (std::size_t i = 0; i < clients; ++i)
            m_arrivals.push_back(m_now + (i <= clients / 2 ? 0ms : commitTime / 2));
    }

    /// One commit; returns how many it carried.
    std::size_t commit()
    {
        if (m_waiting == 0) {
            m_now = std::max(m_now, m_arrivals.front());
            deliver();
        }
        while (const auto until = m_policy.waitUntil(m_waiting)) {
            if (m_policy.enough() || m_now >= *until)
                break;
            const bool more = !m_arrivals.empty() && m_arrivals.front() <= *until;
            m_now = more ? m_arrivals.front() : *until;
            deliver();
        }
        const auto carried = std::exchange(m_waiting, 0);
        const auto begin = m_now;
        m_now += commitTime;
        deliver();
        m_policy.committed(begin, m_now);
        for (std::size_t i = 0; i < carried; ++i)
            m_arrivals.push_back(m_now + m_comeBack);
        std::sort(m_arrivals.begin(), m_arrivals.end());
        return carried;
    }
    [[nodiscard]] Time now() const { return m_now; }

private:
    void deliver()
    {
        while (!m_arrivals.empty() && m_arrivals.front() <= m_now) {
            m_policy.arrived(m_arrivals.front());
            m_arrivals.erase(m_arrivals.begin());
            ++m_waiting;
        }
    }

    const std::chrono::microseconds m_comeBack;
    GatherPolicy m_policy;
    Time m_now{1s};
    std::vector<Time> m_arrivals; ///< sorted
    std::size_t m_waiting = 0;
};

} // namespace

class TestGatherPolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void unitesHalvesThatTakeTurns()
    {
        ClosedLoop loop(32, 500us);
        QCOMPARE(loop.commit(), std::size_t{17});
        QCOMPARE(loop.commit(), std::size_t{15});
        for (int i = 0; i < 30; ++i)
            (void)loop.commit();
        for (int i = 0; i < 10; ++i)
            QCOMPARE(loop.commit(), std::size_t{32});
    }

    void neverWaitsForOneClient()
    {
        ClosedLoop loop(1, 500us);
        const auto begin = loop.now();
        for (int i = 0; i < 20; ++i)
            QCOMPARE(loop.commit(), std::size_t{1});
        QVERIFY(loop.now() - begin <= 20 * (commitTime + 500us));
    }

    void givesUpWhenNobodyComesBackInTime()
    {
        ClosedLoop loop(32, 5ms); // after the window, before the commit in work is over
        const auto begin = loop.now();
        for (int i = 0; i < 20; ++i)
            (void)loop.commit();
        // Not one commit was made longer: what was at hand at its end went at once into the next.
        QVERIFY(loop.now() - begin <= 20 * commitTime + 5ms);
    }

    void doesNotWaitWhereCommitsAreCheap()
    {
        GatherPolicy policy;
        Time now{1s};
        for (int i = 0; i < 20; ++i) {
            policy.committed(now, now + 200us);
            now += 200us;
            for (int j = 0; j < 8; ++j)
                policy.arrived(now + 10us);
            QVERIFY(!policy.waitUntil(1));
        }
    }

    void doesNotHoldUpALongQueue()
    {
        GatherPolicy policy;
        Time now{1s};
        for (int i = 0; i < 20; ++i) {
            policy.committed(now, now + commitTime);
            now += commitTime;
            for (int j = 0; j < 8; ++j)
                policy.arrived(now + 1ms);
        }
        policy.committed(now, now + commitTime);
        QVERIFY(policy.waitUntil(4));
        QVERIFY(!policy.waitUntil(1000));
    }

    void aStallIsNotTakenForTheUsualCommit()
    {
        GatherPolicy policy;
        Time now{1s};
        policy.committed(now, now + 1ms);
        for (int i = 0; i < 8; ++i)
            policy.arrived(now + 1ms);
        policy.committed(now, now + 2s);
        const auto until = policy.waitUntil(1);
        QVERIFY(until);
        QVERIFY(*until - (now + 2s) <= 1ms);
    }

    /// Whatever the policy says, a stop ends the waiting and everything is answered once.
    void aStopEndsTheWaiting()
    {
        std::atomic<int> answered = 0;
        std::promise<void> twice;
        int commits = 0;
        AppendWorker worker("test-ledger", [&](std::vector<WaitingAppend> &batch) -> Result<void> {
            for (auto &one : batch)
                one.done(Appended{});
            if (++commits == 2)
                twice.set_value();
            return {};
        });
        const auto append = [&] {
            LedgerTransaction transaction;
            transaction.records.push_back(testCommand(1));
            worker.append(std::move(transaction), [&](const Result<Appended> &) { ++answered; });
        };
        append();
        while (answered < 1)
            std::this_thread::yield();
        append();
        twice.get_future().wait();
        append();
        worker.stop();
        QCOMPARE(answered.load(), 3);
    }
};

QTEST_APPLESS_MAIN(TestGatherPolicy)
#include "tst_gather_policy.moc"
