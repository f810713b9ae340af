// SPDX-License-Identifier: GPL-3.0-or-later
#include "updates/update_hub.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <QtTest>
#include <random>

using namespace commander;
using namespace std::chrono_literals;

namespace {

/// What a subscriber saw, with waiting for a condition on it.
class Diary {
public:
    std::function<void(const Progress &)> writer()
    {
        return [this](const Progress &progress) { note(progress); };
    }
    void note(const Progress &progress)
    {
        const std::scoped_lock lock(m_mutex);
        m_entries.push_back(progress);
        m_times.push_back(std::chrono::steady_clock::now());
        m_changed.notify_all();
    }
    template <class Condition> bool waitUntil(Condition condition)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 60s, [&] { return condition(m_entries); });
    }
    std::deque<Progress> entries() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_entries;
    }
    std::deque<std::chrono::steady_clock::time_point> times() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_times;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Progress> m_entries;
    std::deque<std::chrono::steady_clock::time_point> m_times;
};

/// A door that one thread waits at until another opens it.
class Gate {
public:
    void open()
    {
        const std::scoped_lock lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    bool pass()
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 60s, [this] { return m_open; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = false;
};

auto reached(Position ledger)
{
    return
        [ledger](const std::deque<Progress> &entries) { return !entries.empty() && entries.back().ledger == ledger; };
}

} // namespace

class tst_UpdateHub : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void positionsOnlyGrow()
    {
        UpdateHub hub;
        QCOMPARE(hub.progress(), Progress{});
        hub.ledgerAt({7});
        hub.ledgerAt({5});
        hub.indexedAt({4});
        hub.indexedAt({3});
        hub.viewedAt({6});
        QCOMPARE(hub.progress(), (Progress{{7}, {4}, {6}}));
    }

    void derivedPartsNeverLeadTheLedger()
    {
        UpdateHub hub;
        hub.ledgerAt({7});
        hub.indexedAt({9});
        QCOMPARE(hub.progress(), (Progress{{9}, {9}, {0}}));
    }

    void firstCallComesAtOnce()
    {
        UpdateHub hub;
        hub.ledgerAt({3});
        Diary diary;
        const auto subscription = hub.subscribe(1h, diary.writer());
        QVERIFY(diary.waitUntil([](const auto &entries) { return entries.size() == 1; }));
        QCOMPARE(diary.entries().front(), (Progress{{3}, {0}, {0}}));
    }

    void firstCallComesWithoutProgress()
    {
        UpdateHub hub;
        Diary diary;
        const auto subscription = hub.subscribe(1h, diary.writer());
        QVERIFY(diary.waitUntil([](const auto &entries) { return entries.size() == 1; }));
    }

    void reportsAreGatheredPerInterval()
    {
        UpdateHub hub;
        Diary diary;
        const auto interval = 30ms;
        const auto subscription = hub.subscribe(interval, diary.writer());
        for (std::uint64_t position = 1; position <= 20'000; ++position)
            hub.ledgerAt({position});
        QVERIFY(diary.waitUntil(reached({20'000})));
        const auto times = diary.times();
        for (std::size_t i = 1; i < times.size(); ++i)
            QVERIFY2(times[i] - times[i - 1] >= interval, "called again before the interval was over");
    }

    void nothingNewMeansNoCall()
    {
        UpdateHub hub;
        Diary diary;
        Diary marker;
        const auto subscription = hub.subscribe(0ms, diary.writer());
        hub.ledgerAt({1});
        QVERIFY(diary.waitUntil(reached({1})));
        const auto calls = diary.entries().size();
        hub.ledgerAt({1});
        // The other subscriber's first call shows that the thread has been round again.
        const auto other = hub.subscribe(0ms, marker.writer());
        QVERIFY(marker.waitUntil(reached({1})));
        QCOMPARE(diary.entries().size(), calls);
    }

    void slowSubscriberSeesTheLatestState()
    {
        UpdateHub hub;
        Diary diary;
        Gate entered;
        Gate leave;
        const auto subscription = hub.subscribe(0ms, [&](const Progress &progress) {
            entered.open();
            QVERIFY(leave.pass());
            diary.note(progress);
        });
        QVERIFY(entered.pass());
        for (std::uint64_t position = 1; position <= 1000; ++position)
            hub.ledgerAt({position}); // does not wait for the subscriber
        leave.open();
        QVERIFY(diary.waitUntil(reached({1000})));
        QCOMPARE(diary.entries().size(), std::size_t(2));
    }

    void longIntervalDoesNotDelayOthers()
    {
        UpdateHub hub;
        Diary rare;
        Diary often;
        const auto first = hub.subscribe(1h, rare.writer());
        const auto second = hub.subscribe(0ms, often.writer());
        QVERIFY(rare.waitUntil([](const auto &entries) { return entries.size() == 1; }));
        for (std::uint64_t position = 1; position <= 50; ++position) {
            hub.viewedAt({position});
            QVERIFY(often.waitUntil(
                [&](const auto &entries) { return !entries.empty() && entries.back().viewed.value == position; }));
        }
        QCOMPARE(rare.entries().size(), std::size_t(1));
    }

    void unsubscribingWaitsForTheRunningCall()
    {
        UpdateHub hub;
        Gate entered;
        Gate leave;
        std::atomic<bool> finished = false;
        auto subscription = hub.subscribe(0ms, [&](const Progress &) {
            entered.open();
            QVERIFY(leave.pass());
            finished = true;
        });
        QVERIFY(entered.pass());
        std::jthread opener([&leave] { leave.open(); });
        subscription.reset();
        QVERIFY(finished);
        finished = false;
        hub.ledgerAt({1});
        Diary diary;
        const auto other = hub.subscribe(0ms, diary.writer());
        QVERIFY(diary.waitUntil(reached({1})));
        QVERIFY(!finished);
    }

    void unsubscribingWithinTheCall()
    {
        UpdateHub hub;
        Gate subscribed;
        Diary diary;
        std::unique_ptr<Subscription> subscription;
        subscription = hub.subscribe(0ms, [&](const Progress &progress) {
            QVERIFY(subscribed.pass());
            subscription.reset();
            diary.note(progress);
        });
        subscribed.open();
        QVERIFY(diary.waitUntil([](const auto &entries) { return entries.size() == 1; }));
        hub.ledgerAt({1});
        Diary marker;
        const auto other = hub.subscribe(0ms, marker.writer());
        QVERIFY(marker.waitUntil(reached({1})));
        QCOMPARE(diary.entries().size(), std::size_t(1));
    }

    void callbackMayOwnSubscriptions()
    {
        // What the callback captures is destroyed with the callback, on the hub's thread, and unsubscribes there.
        UpdateHub hub;
        Gate subscribed;
        Gate called;
        std::unique_ptr<Subscription> subscription;
        auto owned = std::shared_ptr<Subscription>(hub.subscribe(0ms, [](const Progress &) {}));
        subscription = hub.subscribe(0ms, [&subscription, &subscribed, &called, owned](const Progress &) {
            QVERIFY(subscribed.pass());
            subscription.reset();
            called.open();
        });
        owned.reset();
        subscribed.open();
        QVERIFY(called.pass());
        Diary diary;
        const auto other = hub.subscribe(0ms, diary.writer());
        hub.ledgerAt({1});
        QVERIFY(diary.waitUntil(reached({1})));
    }

    void subscribingWithinTheCall()
    {
        UpdateHub hub;
        Diary diary;
        std::mutex mutex;
        std::unique_ptr<Subscription> inner;
        const auto outer = hub.subscribe(0ms, [&](const Progress &) {
            const std::scoped_lock lock(mutex);
            if (!inner)
                inner = hub.subscribe(0ms, diary.writer());
        });
        QVERIFY(diary.waitUntil([](const auto &entries) { return !entries.empty(); }));
        const std::scoped_lock lock(mutex);
        inner.reset();
    }

    void subscriptionOutlivesTheHub()
    {
        Diary diary;
        auto hub = std::make_unique<UpdateHub>();
        auto subscription = hub->subscribe(0ms, diary.writer());
        QVERIFY(diary.waitUntil([](const auto &entries) { return entries.size() == 1; }));
        hub.reset();
        subscription.reset();
    }

    void manyThreadsAtOnce()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        constexpr std::uint64_t last = 30'000;
        UpdateHub hub;
        Diary steady;
        const auto steadySubscription = hub.subscribe(1ms, steady.writer());
        std::atomic<std::uint64_t> calls = 0;
        std::atomic<bool> wrong = false;
        {
            std::vector<std::jthread> threads;
            const auto report = [&hub](void (UpdateHub::*at)(Position)) {
                for (std::uint64_t position = 1; position <= last; ++position)
                    (hub.*at)({position});
            };
            threads.emplace_back([&] { report(&UpdateHub::ledgerAt); });
            threads.emplace_back([&] { report(&UpdateHub::ledgerAt); });
            threads.emplace_back([&] { report(&UpdateHub::indexedAt); });
            threads.emplace_back([&] { report(&UpdateHub::viewedAt); });
            for (unsigned i = 0; i < 3; ++i) {
                threads.emplace_back([&hub, &calls, &wrong, seed, i] {
                    std::mt19937 random(seed + i);
                    for (int round = 0; round < 200; ++round) {
                        // Alive only while the subscription is: a call after the end would touch a dead object.
                        auto alive = std::make_unique<std::atomic<bool>>(true);
                        auto seen = std::make_unique<Progress>();
                        const auto subscription = hub.subscribe(
                            std::chrono::milliseconds(random() % 2),
                            [&, a = alive.get(), s = seen.get()](const Progress &p) {
                                if (!*a || p.ledger < s->ledger || p.indexed < s->indexed || p.viewed < s->viewed
                                    || p.indexed > p.ledger || p.viewed > p.ledger)
                                    wrong = true;
                                *s = p;
                                ++calls;
                            });
                        for (unsigned spin = random() % 64; spin > 0; --spin)
                            std::this_thread::yield();
                    }
                });
            }
        }
        QVERIFY(!wrong);
        QVERIFY(steady.waitUntil([](const auto &entries) {
            return entries.back() == Progress{{last}, {last}, {last}};
        }));
        qInfo("%llu short-lived calls", static_cast<unsigned long long>(calls.load()));
    }

    void reportsAreCheap()
    {
        UpdateHub hub;
        Diary diary;
        const auto subscription = hub.subscribe(16ms, diary.writer());
        std::uint64_t position = 0;
        QBENCHMARK
        {
            for (int i = 0; i < 1000; ++i)
                hub.ledgerAt({++position});
        }
    }
};

QTEST_GUILESS_MAIN(tst_UpdateHub)
#include "tst_update_hub.moc"
