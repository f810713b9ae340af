// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"

#include "support/result_macros.h"

#include <QRandomGenerator>
#include <QTest>

#include <malloc.h>
#include <random>
#include <thread>

using namespace commander;

namespace {

std::uint64_t positionOf(const SentEvent &event)
{
    return std::strtoull(event.id.c_str(), nullptr, 10);
}

/// In use by the whole process; an allocator that does not tell says 0.
double heapBytes()
{
    const auto heap = ::mallinfo2();
    return static_cast<double>(heap.uordblks) + static_cast<double>(heap.hblkhd);
}

/// Sends deposits until told to stop.
class Load {
public:
    explicit Load(ServedEngine &served, std::size_t count)
        : m_thread([&engine = served.engine(), count](std::stop_token stop) {
              for (std::size_t i = 0; i < count && !stop.stop_requested(); ++i) {
                  CommandDraft draft;
                  draft.action = "deposit-money";
                  draft.data = R"({"account":"1","amount":1})";
                  draft.actor = "load";
                  if (!engine.commands().submitAndWait(std::move(draft)))
                      return;
              }
          })
    {
    }
    void finish() { m_thread.join(); }

private:
    std::jthread m_thread;
};

class RestStreamsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void framesAsTheContractSays()
    {
        ServedEngine served;
        StreamClient all(served.port(), "/updates");
        QCOMPARE(all.head().status, 200);
        QVERIFY(all.head().field("content-type") == "text/event-stream");
        StreamClient events(served.port(), "/events/updates?from=start");
        StreamClient results(served.port(), "/results/updates");
        served.run("open-account", "{\"account\":\"1\",\n\"owner\":\"Ann\"}");
        const auto command = all.next();
        QVERIFY(command && command->event == "command" && command->id == "1");
        QVERIFY(command->data.find("\"data\":{\"account\":\"1\", \"owner\":\"Ann\"}") != std::string::npos);
        const auto event = all.next();
        QVERIFY(event && event->event == "event" && event->id == "2");
        QVERIFY_RESULT(checkJson(event->data));
        const auto change = all.next();
        QVERIFY(change && change->event == "change" && change->id.starts_with("2:1"));
        QVERIFY(parseJson(change->data)->find("created")->asBool().value());
        std::optional<SentEvent> result = all.next();
        for (int n = 2; result && result->event == "change"; ++n) {
            QCOMPARE(QString::fromStdString(result->id), QStringLiteral("2:%1").arg(n));
            result = all.next();
        }
        QVERIFY(result && result->event == "result" && result->id == "3");
        const auto onlyEvent = events.next();
        QVERIFY(onlyEvent && onlyEvent->event == "event" && onlyEvent->data == event->data);
        const auto onlyResult = results.next();
        QVERIFY(onlyResult && onlyResult->event == "result");
        QVERIFY(!events.next(200));
        QCOMPARE(served.server().status().streams, std::uint64_t{3});
    }

    void beginsWhereAsked()
    {
        ServedEngine served;
        served.run("open-account", R"({"account":"1","owner":"Ann"})");
        for (int i = 0; i < 5; ++i)
            served.run("deposit-money", R"({"account":"1","amount":1})");
        QTRY_COMPARE(served.engine().updates().progress().viewed.value, std::uint64_t{18});
        const auto first = [&served](const std::string &query, const std::string &last = {}) {
            StreamClient stream(served.port(), "/updates?" + query, last);
            if (stream.head().status != 200)
                return std::to_string(stream.head().status);
            const auto event = stream.next();
            return event ? event->id : std::string("nothing");
        };
        QCOMPARE(first("from=start"), std::string("1"));
        QCOMPARE(first("from=5"), std::string("5"));
        QCOMPARE(first("from=2001-01-01T00:00:00Z"), std::string("1"));
        QCOMPARE(first("", "5"), std::string("5:1")); // the event's changes come after it
        QCOMPARE(first("lastEventId=4"), std::string("5"));
        QCOMPARE(first("", "0"), std::string("1"));
        QCOMPARE(first("", "5:0"), std::string("5"));
        QCOMPARE(first("kind=command", "4:0"), std::string("4"));
        QCOMPARE(first("kind=command", "4"), std::string("7"));
        QCOMPARE(first("action=account-opened", "1"), std::string("2"));
        QCOMPARE(first("from=start&filter=kind%20%3D%20event%20and%20not%20data.account%20%3D%20%22none%22"),
                 std::string("2"));
        QCOMPARE(first("filter=kind%20%3D"), std::string("400"));
        QCOMPARE(first("filter=status%20%3D%20rejected"), std::string("400")); // of a command alone it is not known
        QCOMPARE(first("", "99"), std::string("409"));
        QCOMPARE(first("from=99"), std::string("409"));
        QCOMPARE(first("", "x"), std::string("400"));
        QCOMPARE(first("from=never"), std::string("400"));
        QCOMPARE(first("status=rejected"), std::string("400"));
        RawClient client(served.port());
        client.send("GET /updates HTTP/1.1\r\n" + client.host() + "Last-Event-ID: 99\r\n\r\n");
        QVERIFY(client.receive().code() == "cursor-ahead");
        // A client that was sent nothing yet has a place to come back to.
        RawClient fresh(served.port());
        fresh.send("GET /updates HTTP/1.1\r\n" + fresh.host() + "\r\n");
        QCOMPARE(fresh.receive().status, 200);
        QCOMPARE(QString::fromStdString(fresh.receiveSome()), QStringLiteral("retry: 2000\nid: 19:0\n\n"));
        // After "P:k" comes the rest of P, whatever it is.
        StreamClient changes(served.port(), "/updates", "5:1");
        const auto rest = changes.next();
        QVERIFY(rest && (rest->id == "5:2" || rest->id == "6"));
    }

    void reconnectingLosesAndRepeatsNothing()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        ServedEngine served;
        served.run("open-account", R"({"account":"1","owner":"Ann"})");
        constexpr std::size_t commands = 700;
        Load load(served, commands);

        std::vector<std::string> ids;
        std::string last;
        const std::uint64_t wanted = 3 + commands * 3;
        int connections = 0;
        while (ids.empty() || positionOf({ids.back(), {}, {}}) < wanted) {
            StreamClient stream(served.port(), last.empty() ? "/updates?from=start" : "/updates", last);
            QCOMPARE(stream.head().status, 200);
            ++connections;
            const auto stopAfter = 1 + random() % 200;
            for (std::size_t i = 0; i < stopAfter; ++i) {
                const auto event = stream.next();
                QVERIFY(event);
                ids.push_back(event->id);
                last = event->id;
                if (positionOf(*event) == wanted)
                    break;
            }
        }
        load.finish();
        qInfo("%d connections, %zu events", connections, ids.size());
        // What a client that never left would have seen.
        std::vector<std::string> expected;
        for (std::uint64_t position = 1; position <= wanted; ++position) {
            expected.push_back(std::to_string(position));
            const auto changes = served.engine().views().changesAt(Position{position});
            QVERIFY_RESULT(changes);
            for (std::size_t i = 1; i <= changes->size(); ++i)
                expected.push_back(std::to_string(position) + ':' + std::to_string(i));
        }
        QCOMPARE(ids.size(), expected.size());
        QVERIFY(ids == expected);
    }

    void aClientThatDoesNotReadCostsLittleAndMissesNothing()
    {
        ServedEngine served;
        const std::string blanks(20'000, ' '); // data is kept byte for byte, so these are sent too
        StreamClient slow(served.port(), "/commands/updates?from=start");
        slow.raw().socket().setReadBufferSize(1024);
        QCOMPARE(slow.head().status, 200);
        constexpr int commands = 600; // 12 MB, more than the kernel's buffers hold
        for (int i = 0; i < commands; ++i) {
            CommandDraft draft;
            draft.action = "open-account";
            draft.data = "{\"account\":\"a" + std::to_string(i) + "\"," + blanks + "\"owner\":\"Ann\"}";
            draft.actor = "load";
            QVERIFY_RESULT(served.engine().commands().submitAndWait(std::move(draft)));
        }
        // Others are served meanwhile.
        StreamClient quick(served.port(), "/commands/updates?from=start");
        for (int i = 0; i < commands; ++i)
            QVERIFY(quick.next());
        std::uint64_t last = 0;
        for (int i = 0; i < commands; ++i) {
            const auto event = slow.next();
            QVERIFY(event);
            QVERIFY(positionOf(*event) > last);
            last = positionOf(*event);
            QVERIFY(event->data.find("\"a" + std::to_string(i) + "\"") != std::string::npos);
        }
    }

    void clientsThatDoNotReadTakeLittleMemory()
    {
        ServedEngine served;
        const std::string blanks(20'000, ' ');
        constexpr int commands = 600; // 12 MB, more than the kernel's buffers hold
        for (int i = 0; i < commands; ++i) {
            CommandDraft draft;
            draft.action = "open-account";
            draft.data = "{\"account\":\"a" + std::to_string(i) + "\"," + blanks + "\"owner\":\"Ann\"}";
            draft.actor = "load";
            QVERIFY_RESULT(served.engine().commands().submitAndWait(std::move(draft)));
        }
        const auto readAll = [&served] {
            StreamClient quick(served.port(), "/commands/updates?from=start");
            for (int i = 0; i < commands; ++i)
                QVERIFY(quick.next());
        };
        std::vector<std::unique_ptr<StreamClient>> slow;
        const auto addSlow = [&served, &slow, &readAll] {
            slow.push_back(std::make_unique<StreamClient>(served.port(), "/commands/updates?from=start"));
            slow.back()->raw().socket().setReadBufferSize(1024);
            readAll();
        };
        addSlow(); // what is kept for all clients, as long as there is one, is there now
        const auto before = heapBytes();
        for (int i = 0; i < 8; ++i)
            addSlow();
        const auto grown = heapBytes() - before;
        QVERIFY2(grown < 16.0 * 1024 * 1024, qPrintable(QString::number(grown)));
    }

    void manyClientsSeeTheSame()
    {
        ServedEngine served;
        served.run("open-account", R"({"account":"1","owner":"Ann"})");
        std::vector<std::unique_ptr<StreamClient>> clients;
        for (int i = 0; i < 50; ++i)
            clients.push_back(std::make_unique<StreamClient>(served.port(), i % 2 ? "/updates" : "/events/updates"));
        for (const auto &client : clients)
            QCOMPARE(client->head().status, 200);
        QTRY_COMPARE(served.server().status().streams, std::uint64_t{50});
        for (int i = 0; i < 20; ++i)
            served.run("deposit-money", R"({"account":"1","amount":1})");
        for (const auto &client : clients) {
            int events = 0;
            std::uint64_t last = 3;
            while (events < 20) {
                const auto event = client->next();
                QVERIFY(event);
                QVERIFY(positionOf(*event) >= last);
                last = positionOf(*event);
                events += event->event == "event";
            }
        }
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestStreamsTest)
#include "tst_rest_streams.moc"
