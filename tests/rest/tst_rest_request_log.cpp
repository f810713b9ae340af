// SPDX-License-Identifier: GPL-3.0-or-later
// The access log, from within the process and over the network.
#include "rest/guarded_server.h"
#include "support/result_macros.h"

#include <QTest>

#include <set>

using namespace commander;

namespace {

const std::string deposit = R"({"action":"deposit-money","data":{"account":"1","amount":1}})";

class RestRequestLogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyRequestIsInTheLog()
    {
        Guarded guarded;
        const auto log = guarded.served->server().requests();
        QCOMPARE(log->newest(), std::uint64_t{0});
        QCOMPARE(log->oldest(), std::uint64_t{0});
        QVERIFY(log->after(0, 10).empty());
        RawClient client(guarded.served->port());
        const auto recorded = client.post("/commands?sync=true", deposit, guarded.as("submit"));
        QCOMPARE(recorded.status, 201);
        const auto id = std::string(recorded.json().stringAt("id"));
        QCOMPARE(client.get("/commands/" + id, guarded.as("read")).status, 200);
        QCOMPARE(client.get("/nowhere?token=abc&x=1&%74icket=def", guarded.as("read")).status, 404);
        client.send("garbage\r\n\r\n");
        QCOMPARE(client.receive().status, 400);
        {
            StreamClient stream(guarded.served->port(), "/updates?from=now");
            QCOMPARE(stream.head().status, 401);
        }
        QTRY_COMPARE(log->newest(), std::uint64_t{5});
        const auto entries = log->after(0, 100);
        QCOMPARE(entries.size(), std::size_t{5});
        QCOMPARE(entries[0].method, std::string("POST"));
        QCOMPARE(entries[0].target, std::string("/commands?sync=true"));
        QCOMPARE(entries[0].status, std::uint16_t{201});
        QCOMPARE(entries[0].token, std::string("submit"));
        QCOMPARE(entries[0].command, id);
        QCOMPARE(entries[0].client, std::string("127.0.0.1"));
        QVERIFY(entries[0].bytes > recorded.body.size());
        QVERIFY(entries[0].micros > 0);
        QVERIFY(entries[0].kind == RequestEntry::Kind::Answered);
        QCOMPARE(entries[1].command, id);
        QCOMPARE(entries[2].target, std::string("/nowhere?token=[secret]&x=1&%74icket=[secret]"));
        QVERIFY(entries[2].kind == RequestEntry::Kind::Refused);
        QCOMPARE(entries[2].code, std::string("not-found"));
        QCOMPARE(entries[3].status, std::uint16_t{400});
        QCOMPARE(entries[3].method, std::string());
        QCOMPARE(entries[4].code, std::string("token-required"));
        std::set<std::uint64_t> requests;
        for (const auto &entry : entries) {
            requests.insert(entry.request);
            QVERIFY(requestEntryJson(entry).find("cmdr_") == std::string::npos);
            QVERIFY(parseJson(requestEntryJson(entry)).has_value());
        }
        QCOMPARE(requests.size(), entries.size());
    }

    void aStreamIsToldOfTwice()
    {
        Guarded guarded;
        const auto log = guarded.served->server().requests();
        {
            RawClient client(guarded.served->port());
            client.send("GET /updates HTTP/1.1\r\n" + client.host() + guarded.as("read") + "\r\n");
            QCOMPARE(client.receive().status, 200);
            QTRY_COMPARE(log->newest(), std::uint64_t{1});
        }
        QTRY_COMPARE(log->newest(), std::uint64_t{2});
        const auto entries = log->after(0, 10);
        QVERIFY(entries[0].kind == RequestEntry::Kind::StreamBegan);
        QVERIFY(entries[1].kind == RequestEntry::Kind::StreamEnded);
        QCOMPARE(entries[0].request, entries[1].request);
        QVERIFY(entries[1].bytes >= entries[0].bytes && entries[0].bytes > 0);
        QCOMPARE(entries[1].token, std::string("read"));
    }

    void theLogIsBounded()
    {
        RestOptions options;
        options.requestLogMax = 10;
        ServedEngine served(options);
        const auto log = served.server().requests();
        RawClient client(served.port());
        for (int i = 0; i < 25; ++i)
            QCOMPARE(client.get("/health/live?n=" + std::to_string(i)).status, 200);
        QTRY_COMPARE(log->newest(), std::uint64_t{25});
        QCOMPARE(log->oldest(), std::uint64_t{16});
        const auto rest = log->after(3, 100);
        QCOMPARE(rest.size(), std::size_t{10});
        QCOMPARE(rest.front().sequence, std::uint64_t{16});
        QCOMPARE(rest.front().target, std::string("/health/live?n=15"));
        const auto back = log->before(20, 3);
        QCOMPARE(back.size(), std::size_t{3});
        QCOMPARE(back.front().sequence, std::uint64_t{19});
        QVERIFY(log->after(25, 1).empty());
        QVERIFY(log->before(16, 1).empty());
        client.send("GET /" + std::string(4000, 'a') + " HTTP/1.1\r\n" + client.host() + "\r\n");
        QCOMPARE(client.receive().status, 404);
        QTRY_COMPARE(log->newest(), std::uint64_t{26});
        QVERIFY(log->after(25, 1).front().target.size() == 512);
    }

    void theLogOverTheNetwork()
    {
        Guarded guarded;
        RawClient client(guarded.served->port());
        for (int i = 0; i < 7; ++i)
            QCOMPARE(client.get("/commands?limit=" + std::to_string(i + 1), guarded.as("read")).status, 200);
        QCOMPARE(client.get("/nowhere", guarded.as("read")).status, 404);
        const auto audit = guarded.as("audit");
        const auto first = client.get("/requests?limit=3&text=/commands", audit);
        QCOMPARE(first.status, 200);
        const auto firstPage = first.json();
        QCOMPARE(firstPage.find("requests")->asArray()->size(), std::size_t{3});
        QCOMPARE(firstPage.find("requests")->asArray()->front().stringAt("target"),
                 std::string_view("/commands?limit=7"));
        QVERIFY(first.field("link").find("rel=\"next\"") != std::string::npos);
        const auto second
            = client
                  .get("/requests?limit=100&text=/commands&cursor=" + std::string(firstPage.stringAt("cursor")), audit)
                  .json();
        QCOMPARE(second.find("requests")->asArray()->size(), std::size_t{4});
        QCOMPARE(client.get("/requests?status=404", audit).json().find("requests")->asArray()->size(), std::size_t{1});
        QCOMPARE(client.get("/requests?status=many", audit).status, 400);
        QCOMPARE(client.get("/requests?status=600", audit).status, 400);
        QCOMPARE(client.get("/requests?cursor=none", audit).status, 400);

        const auto whole = [&](const std::string &type) {
            RawClient reader(guarded.served->port());
            reader.send("GET /requests HTTP/1.0\r\n" + reader.host() + audit + "Accept: " + type + "\r\n\r\n");
            std::string all;
            for (auto some = reader.receiveSome(); !some.empty(); some = reader.receiveSome())
                all += some;
            return all;
        };
        const auto csv = whole("text/csv");
        QVERIFY(csv.find("sequence,request,time,kind,method,target,status,code,") != std::string::npos);
        QVERIFY(csv.find("/commands?limit=7") != std::string::npos);
        const auto lines = whole("application/x-ndjson");
        QVERIFY(lines.find("\n{\"sequence\":") != std::string::npos);
        QVERIFY(lines.find("\"target\":\"/commands?limit=1\"") != std::string::npos);
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestRequestLogTest)
#include "tst_rest_request_log.moc"
