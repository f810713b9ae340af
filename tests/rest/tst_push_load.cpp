// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/push_clients.h"
#include "rest/rest_fixture.h"
#include "support/result_macros.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <random>

#include <sys/resource.h>

using namespace commander;

namespace {

using Kind = PushClients::Kind;
using Reads = PushClients::Reads;
using TimePoint = PushClients::TimePoint;

const std::string blanks(20'000, ' ');

double residentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / (1024 * 1024);
}

double processorSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Records commands one after the other and notes when each was asked for.
class Recorded {
public:
    Recorded(ServedEngine &served, int count, bool large)
    {
        for (int i = 0; i < count; ++i) {
            CommandDraft draft;
            draft.action = "open-account";
            draft.data = "{\"account\":\"a" + std::to_string(i) + "\"," + (large ? blanks : std::string())
                + "\"owner\":\"Ann\"}";
            draft.actor = "load";
            const auto begin = std::chrono::steady_clock::now();
            const auto receipt = served.engine().commands().submitAndWait(std::move(draft));
            if (!receipt)
                qFatal("%s", receipt.error().text().c_str());
            m_commands.emplace_back(receipt->command->position.value, begin);
        }
    }
    [[nodiscard]] std::uint64_t last() const { return m_commands.back().first; }
    [[nodiscard]] std::size_t size() const { return m_commands.size(); }
    /// Every command once and in order, from the first on: empty, or what is wrong.
    [[nodiscard]] QString fault(const std::vector<PushClients::Arrival> &arrivals) const
    {
        if (arrivals.size() != m_commands.size())
            return QStringLiteral("%1 arrivals of %2").arg(arrivals.size()).arg(m_commands.size());
        for (std::size_t i = 0; i < arrivals.size(); ++i) {
            if (arrivals[i].position != m_commands[i].first)
                return QStringLiteral("%1 instead of %2").arg(arrivals[i].position).arg(m_commands[i].first);
        }
        return {};
    }
    /// From asking to arriving, of all these clients together.
    [[nodiscard]] double milliseconds(const PushClients &clients, const std::vector<std::size_t> &which,
                                      double part) const
    {
        std::vector<double> all;
        for (const auto client : which) {
            const auto arrivals = clients.arrivals(client);
            for (std::size_t i = 0; i < std::min(arrivals.size(), m_commands.size()); ++i)
                all.push_back(
                    std::chrono::duration<double, std::milli>(arrivals[i].time - m_commands[i].second).count());
        }
        if (all.empty())
            return 0;
        const auto at = all.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(all.size() - 1));
        std::nth_element(all.begin(), at, all.end());
        return *at;
    }

private:
    std::vector<std::pair<std::uint64_t, TimePoint>> m_commands;
};

class PushLoadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(PushClients::allowDescriptors(8192), "the system does not allow this process 8192 open files");
    }

    void twoThousandIdleAndTwoHundredBusy()
    {
        constexpr std::size_t idle = 2000;
        constexpr std::size_t busy = 200;
        constexpr int commands = 500;
        ServedEngine served;
        PushClients clients(served.port());
        const auto before = residentMegabytes();
        QElapsedTimer time;
        time.start();
        // Asked about every record, and told of none.
        for (std::size_t i = 0; i < idle; ++i)
            clients.add(i % 2 ? Kind::WebSocket : Kind::ServerSentEvents, "/updates?filter=action%20%3D%20never");
        QVERIFY(clients.waitForStreams(idle, std::chrono::seconds(60)));
        qInfo("%zu idle clients: connected in %lld ms, %.1f KiB each (both ends)", idle, time.elapsed(),
              (residentMegabytes() - before) * 1024 / idle);
        const auto processor = processorSeconds();
        time.restart();
        QVERIFY(QTest::qWaitFor([&time] { return time.elapsed() >= 1000; }, 10'000));
        qInfo("idle for a second: %.0f ms of processor time", (processorSeconds() - processor) * 1000);

        std::vector<std::size_t> followers;
        for (std::size_t i = 0; i < busy; ++i)
            followers.push_back(clients.add(i % 2 ? Kind::WebSocket : Kind::ServerSentEvents, "/commands/updates"));
        QVERIFY(clients.waitForStreams(idle + busy, std::chrono::seconds(60)));
        QCOMPARE(served.server().status().streams, std::uint64_t{idle + busy});
        const auto used = processorSeconds();
        time.restart();
        const Recorded recorded(served, commands, false);
        for (const auto client : followers)
            QVERIFY(clients.waitForPosition(client, recorded.last(), std::chrono::seconds(60)));
        qInfo("%d commands to %zu of %zu clients in %lld ms, %.2f s of processor time, both ends and the engine",
              commands, busy, idle + busy, time.elapsed(), processorSeconds() - used);
        qInfo("from asking to arriving: p50 %.1f ms, p99 %.1f ms", recorded.milliseconds(clients, followers, 0.5),
              recorded.milliseconds(clients, followers, 0.99));
        for (const auto client : followers) {
            const auto fault = recorded.fault(clients.arrivals(client));
            QVERIFY2(fault.isEmpty(), qPrintable(fault));
        }
        QVERIFY(clients.arrivals(0).empty());
    }

    /// The same work twice in one run, the second time with clients that never read.
    void whoDoesNotReadSlowsNobody()
    {
        constexpr int commands = 400; // 8 MB for each client
        constexpr std::size_t readers = 50;
        constexpr std::size_t others = 50;
        double quick = 0;
        double grown = 0;
        double p99 = 0;
        for (const bool stalled : {false, true}) {
            ServedEngine served;
            PushClients clients(served.port());
            std::vector<std::size_t> which;
            for (std::size_t i = 0; i < readers; ++i)
                which.push_back(clients.add(i % 2 ? Kind::WebSocket : Kind::ServerSentEvents, "/commands/updates"));
            for (std::size_t i = 0; stalled && i < others; ++i)
                clients.add(i % 2 ? Kind::WebSocket : Kind::ServerSentEvents, "/commands/updates", Reads::Never);
            QVERIFY(clients.waitForStreams(readers, std::chrono::seconds(60)));
            QTRY_COMPARE(served.server().status().streams, std::uint64_t{readers + (stalled ? others : 0)});
            const auto before = residentMegabytes();
            const auto processor = processorSeconds();
            const Recorded recorded(served, commands, true);
            for (const auto client : which) {
                QVERIFY(clients.waitForPosition(client, recorded.last(), std::chrono::seconds(60)));
                const auto fault = recorded.fault(clients.arrivals(client));
                QVERIFY2(fault.isEmpty(), qPrintable(fault));
            }
            p99 = recorded.milliseconds(clients, which, 0.99);
            qInfo("%s: p50 %.1f ms, p99 %.1f ms, %.0f MiB more, %.2f s of processor time",
                  stalled ? "with 50 that do not read" : "all read", recorded.milliseconds(clients, which, 0.5), p99,
                  residentMegabytes() - before, processorSeconds() - processor);
            if (!stalled) {
                quick = p99;
                grown = residentMegabytes() - before;
            } else {
                // 64 KiB each and one record too many, not the 8 MB that they have not read.
                QVERIFY2(residentMegabytes() - before - grown < 100, "see the figures above");
            }
        }
        QVERIFY2(p99 < 5 * quick + 200, "see the figures above");
    }

    void thoseWhoVanishLeaveNothing()
    {
        ServedEngine served;
        PushClients clients(served.port());
        constexpr std::size_t vanish = 500;
        constexpr std::size_t stay = 20;
        std::vector<std::size_t> staying;
        for (std::size_t i = 0; i < stay; ++i)
            staying.push_back(clients.add(i % 2 ? Kind::WebSocket : Kind::ServerSentEvents, "/commands/updates"));
        std::vector<std::size_t> leaving;
        for (std::size_t i = 0; i < vanish; ++i)
            leaving.push_back(clients.add(i % 2 ? Kind::WebSocket : Kind::ServerSentEvents, "/updates?from=start"));
        QVERIFY(clients.waitForStreams(stay + vanish, std::chrono::seconds(60)));
        std::jthread leaver([&] {
            for (const auto client : leaving)
                clients.drop(client);
        });
        const Recorded recorded(served, 500, false);
        leaver.join();
        for (const auto client : staying) {
            QVERIFY(clients.waitForPosition(client, recorded.last(), std::chrono::seconds(60)));
            const auto fault = recorded.fault(clients.arrivals(client));
            QVERIFY2(fault.isEmpty(), qPrintable(fault));
        }
        QTRY_COMPARE_WITH_TIMEOUT(served.server().status().streams, std::uint64_t{stay}, 20'000);
    }

    void manyResumeUnderLoadWithoutGapOrRepeat()
    {
        ServedEngine served;
        PushClients clients(served.port());
        constexpr std::size_t followers = 40;
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        std::vector<std::vector<std::size_t>> lives(followers); // each follower's connections, one after the other
        const auto connect = [&](std::size_t follower) {
            auto &life = lives[follower];
            std::string from = "from=start";
            for (auto one = life.rbegin(); one != life.rend(); ++one) {
                if (const auto id = clients.lastId(*one); !id.empty()) {
                    from = "lastEventId=" + id;
                    break;
                }
            }
            life.push_back(
                clients.add(random() % 2 ? Kind::WebSocket : Kind::ServerSentEvents, "/commands/updates?" + from));
        };
        for (std::size_t i = 0; i < followers; ++i)
            connect(i);
        std::unique_ptr<Recorded> recorded;
        std::atomic<bool> done = false;
        std::jthread load([&] {
            recorded = std::make_unique<Recorded>(served, 1500, false);
            done = true;
        });
        std::size_t resumed = 0;
        while (!done) {
            const auto follower = random() % followers;
            clients.drop(lives[follower].back());
            connect(follower);
            ++resumed;
        }
        load.join();
        qInfo("%zu times resumed", resumed);
        for (const auto &life : lives) {
            // What came last may have come on an earlier connection already.
            const auto sawLast = [&](std::size_t client) {
                const auto part = clients.arrivals(client);
                return !part.empty() && part.back().position == recorded->last();
            };
            QVERIFY(std::ranges::any_of(life, sawLast)
                    || clients.waitForPosition(life.back(), recorded->last(), std::chrono::seconds(60)));
            std::vector<PushClients::Arrival> all;
            for (const auto client : life) {
                const auto part = clients.arrivals(client);
                all.insert(all.end(), part.begin(), part.end());
            }
            const auto fault = recorded->fault(all);
            QVERIFY2(fault.isEmpty(), qPrintable(fault));
        }
    }
};

} // namespace

QTEST_GUILESS_MAIN(PushLoadTest)
#include "tst_push_load.moc"
