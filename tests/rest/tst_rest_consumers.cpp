// SPDX-License-Identifier: GPL-3.0-or-later
// Consumers over HTTP: listed, paused, resumed, built again; and nobody waits for one that rests.
#include "rest/rest_fixture.h"

#include <QTest>

#include <set>

using namespace commander;

namespace {

/// The member of one consumer, as it stands.
std::string stateOf(RawClient &client, const std::string &name)
{
    return std::string(client.get("/consumers/" + name).json().stringAt("state"));
}

class RestConsumersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theyAreListed()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto answer = client.get("/consumers");
        QCOMPARE(answer.status, 200);
        QVERIFY(!answer.field("commander-position").empty());
        const auto json = answer.json();
        std::set<std::string> kinds;
        for (const auto &one : *json.find("consumers")->asArray()) {
            kinds.insert(std::string(one.stringAt("kind")));
            QVERIFY(one.find("position") && one.find("lag") && one.find("canPause") && one.find("canReset"));
            QCOMPARE(std::string(one.stringAt("state")), std::string("running"));
        }
        for (const auto *const kind : {"processor", "domain", "view", "index", "watch"})
            QVERIFY2(kinds.contains(kind), kind);
        QCOMPARE(client.get("/consumers/nobody").status, 404);
        QVERIFY(client.get("/metrics").body.find(R"(commander_consumer_lag{consumer="processor"})")
                != std::string::npos);
    }

    void aPausedDomainAnswersAccepted()
    {
        ServedEngine served;
        RawClient client(served.port());
        const std::string open = R"({"action":"open-account","data":{"account":"7","owner":"Ann"}})";
        const auto paused = client.post("/consumers/domain:bank/pause", R"({"reason":"mending"})",
                                        "Content-Type: application/json\r\n");
        QCOMPARE(paused.status, 200);
        QCOMPARE(std::string(paused.json().stringAt("state")), std::string("paused"));
        QCOMPARE(std::string(paused.json().stringAt("reason")), std::string("mending"));
        const auto waiting = client.post("/commands", open, "Prefer: wait=1\r\n");
        QCOMPARE(waiting.status, 202); // time is over: no error
        QCOMPARE(std::string(waiting.json().stringAt("status")), std::string("accepted"));
        const std::string customer
            = R"({"action":"create-customer","data":{"first_name":"A","last_name":"B","address":{"zip":1}}})";
        QCOMPARE(client.post("/commands?sync=true", customer).status, 201);
        const auto again = client.post("/consumers/domain:bank/pause", "");
        QCOMPARE(again.status, 409);
        QCOMPARE(again.code(), std::string("conflict"));
        QCOMPARE(client.post("/consumers/domain:bank/resume", "").status, 200);
        const auto result = client.get(waiting.field("location"), "Prefer: wait=10\r\n");
        QCOMPARE(std::string(result.json().stringAt("status")), std::string("succeeded"));
        // Who did it is in the ledger.
        const auto commands = client.get("/commands?action=pause-consumer");
        QVERIFY(commands.body.find(R"("actor":"api")") != std::string::npos);
    }

    void aPausedProcessorAnswersAccepted()
    {
        ServedEngine served;
        RawClient client(served.port());
        QCOMPARE(client.post("/consumers/processor/pause", "").status, 200);
        QCOMPARE(stateOf(client, "processor"), std::string("paused"));
        const auto waiting = client.post(
            "/commands", R"({"action":"open-account","data":{"account":"7","owner":"Ann"}})", "Prefer: wait=1\r\n");
        QCOMPARE(waiting.status, 202);
        QCOMPARE(client.post("/consumers/index/pause", "").status, 409);
        QCOMPARE(client.post("/consumers/processor/resume", "").status, 200);
        const auto result = client.get(waiting.field("location"), "Prefer: wait=10\r\n");
        QCOMPARE(std::string(result.json().stringAt("status")), std::string("succeeded"));
    }

    void aViewAndTheIndexAreBuiltAgain()
    {
        ServedEngine served;
        RawClient client(served.port());
        served.run("open-account", R"({"account":"7","owner":"Ann"})");
        for (const auto *const name : {"view:accounts", "index"}) {
            QCOMPARE(client.post("/consumers/" + std::string(name) + "/reset", "").status, 202);
            QTRY_VERIFY(!client.get("/consumers/" + std::string(name)).json().find("rebuilt"));
        }
        QTRY_COMPARE(client.get("/accounts/7").status, 200);
        QTRY_COMPARE(client.get("/events?key=7&total=exact").json().integerAt("total"), std::int64_t{1});
        QCOMPARE(client.post("/consumers/watch/reset", "").status, 409);
        QCOMPARE(client.post("/consumers/view:accounts/skip", R"({"reason":"no"})").status, 409);
        QCOMPARE(client.post("/consumers/view:accounts/skip", "").status, 400);
        QCOMPARE(client.post("/consumers/view:accounts/pause", "").status, 409); // decides
        QCOMPARE(client.post("/consumers/view:accounts/pause", "[1]").status, 400);
        QCOMPARE(client.post("/consumers/view:accounts/pause", R"({"why":"x"})").status, 400);
        QCOMPARE(client.post("/consumers/view:accounts/explode", "").status, 404);
        QCOMPARE(client.get("/consumers/view:accounts/pause").status, 405);
    }

    void updatesGoOnWithoutAPausedView()
    {
        ServedEngine served;
        RawClient client(served.port());
        served.run("open-account", R"({"account":"7","owner":"Ann"})");
        // One that decides nothing: the bank has such a view.
        std::string name;
        const auto json = client.get("/consumers").json();
        for (const auto &one : *json.find("consumers")->asArray()) {
            if (one.stringAt("kind") == "view" && writeJson(*one.find("canPause")) == "true")
                name = one.stringAt("name");
        }
        QVERIFY2(!name.empty(), "no sample view can be paused");
        QCOMPARE(client.post("/consumers/" + name + "/pause", "").status, 200);
        StreamClient stream(served.port(), "/updates?from=now");
        QCOMPARE(stream.head().status, 200);
        for (int i = 0; i < 3; ++i) {
            served.run("deposit-money", R"({"account":"7","amount":1})");
            for (std::size_t records = 0; records < 3;) {
                const auto event = stream.next();
                QVERIFY2(event, "the stream stands still");
                records += event->event == "change" ? 0 : 1;
            }
        }
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestConsumersTest)
#include "tst_rest_consumers.moc"
