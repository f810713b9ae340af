// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <algorithm>

using namespace commander;

namespace {

const std::string talkId = "33bb75db-6e13-48ee-8a54-b3976d3d065b";
const std::string talkData = R"({"from_account": "12345", "to_account": "54321", "amount": 10000})";
const std::string talkCommand = R"({"id": "33bb75db-6e13-48ee-8a54-b3976d3d065b", "action": "transfer-money",
 "data": {"from_account": "12345", "to_account": "54321", "amount": 10000},
 "timestamp": "2016-05-20T14:33:28.902-00:00"})";

void openAccounts(RawClient &client)
{
    for (const auto *account : {"12345", "54321"}) {
        const auto answer = client.post("/commands?sync=true",
                                        "{\"action\":\"open-account\",\"data\":{\"account\":\"" + std::string(account)
                                            + "\",\"owner\":\"Ann\",\"opening_balance\":50000}}");
        QCOMPARE(answer.status, 201);
    }
}

QString text(const std::string &bytes)
{
    return QString::fromStdString(bytes);
}

class RestCommandsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServedEngine> m_served; ///< for the tests that record nothing

private Q_SLOTS:
    void initTestCase() { m_served = std::make_unique<ServedEngine>(); }
    void cleanupTestCase() { m_served.reset(); }

    void theTalk()
    {
        ServedEngine served;
        RawClient client(served.port());
        openAccounts(client);
        const auto sent = client.post("/commands?sync=true", talkCommand);
        QCOMPARE(sent.status, 201);
        QCOMPARE(text(sent.field("location")), text("/commands/" + talkId));
        QVERIFY(sent.body.find("\"data\":" + talkData) != std::string::npos);
        const auto command = sent.json();
        QCOMPARE(text(std::string(command.stringAt("status"))), QStringLiteral("succeeded"));
        QCOMPARE(text(std::string(command.stringAt("timestamp"))), QStringLiteral("2016-05-20T14:33:28.902Z"));
        QCOMPARE(command.find("children")->asArray()->size(), std::size_t{1});
        const std::string eventId = *command.find("children")->asArray()->front().asString();

        const auto event = client.get("/events/" + eventId);
        QCOMPARE(event.status, 200);
        QVERIFY(event.json().stringAt("parent") == talkId);
        QVERIFY(event.json().stringAt("action") == "money-transferred");
        QCOMPARE(event.json().find("data")->integerAt("amount"), std::optional<std::int64_t>(10000));
        QVERIFY(event.json().stringAt("correlation") == talkId);

        const auto read = client.get("/commands/" + talkId);
        QCOMPARE(read.status, 200);
        QVERIFY(read.body.find("\"data\":" + talkData) != std::string::npos);
        QVERIFY(read.json().find("result")->stringAt("parent") == talkId);
        QCOMPARE(client.get("/commands/" + talkId + "/result").status, 200);
        const auto events = client.get("/commands/" + talkId + "/events");
        QVERIFY(events.json().find("events")->asArray()->front().stringAt("id") == eventId);

        const auto position = sent.field("commander-position");
        const auto account = client.get("/accounts/54321?atLeast=" + position);
        QCOMPARE(account.status, 200);
        QCOMPARE(account.json().integerAt("balance"), std::optional<std::int64_t>(60000));
        const auto document = client.get("/views/accounts/12345?atLeast=" + position);
        QCOMPARE(document.json().find("document")->integerAt("balance"), std::optional<std::int64_t>(40000));
        QVERIFY(document.json().stringAt("event") == eventId);

        for (const auto *format : {"json", "dot", "mermaid"}) {
            const auto lineage = client.get("/commands/" + talkId + "/lineage?format=" + format);
            QCOMPARE(lineage.status, 200);
            QVERIFY(lineage.body.find("money-transferred") != std::string::npos);
        }
        QCOMPARE(client.get("/commands/" + talkId + "/lineage?format=png").status, 400);
        QCOMPARE(client.get("/events/" + talkId).status, 404);
    }

    void bytesAreKept()
    {
        ServedEngine served;
        RawClient client(served.port());
        const std::string data
            = "{ \"account\":\"a\\u0031\", \"opening_balance\" : 100,\r\n\t\"owner\":\"\xc3\xa4\\\\\\\"\" }";
        const auto sent = client.post("/commands?sync=true", "{\"data\":" + data + ",\"action\":\"open-account\"}");
        QVERIFY2(sent.status == 201, sent.body.c_str());
        QVERIFY(sent.body.find("\"data\":" + data + ",") != std::string::npos);
        const auto read = client.get(sent.field("location"));
        QVERIFY(read.body.find("\"data\":" + data + ",") != std::string::npos);
    }

    void waitingAndNotWaiting()
    {
        ServedEngine served;
        RawClient client(served.port());
        const std::string open = R"({"action":"open-account","data":{"account":"1","owner":"Ann"}})";
        const auto async = client.post("/commands", open);
        QCOMPARE(async.status, 202);
        QVERIFY(async.json().stringAt("status") == "accepted");
        QVERIFY(!async.field("commander-position").empty());
        const auto waited = client.get(async.field("location"), "Prefer: wait=10\r\n");
        QCOMPARE(text(std::string(waited.json().stringAt("status"))), QStringLiteral("succeeded"));
        QVERIFY(waited.field("preference-applied") == "wait=10");

        const auto again = client.post("/commands", open, "Prefer: wait=10\r\n");
        QCOMPARE(again.status, 409);
        QVERIFY(again.field("content-type") == "application/problem+json");
        QVERIFY(again.code() == "command-rejected");
        const auto problem = again.json();
        QVERIFY(problem.find("rejection")->stringAt("code") == "account-exists");
        QVERIFY(problem.find("result")->stringAt("status") == "rejected");
        QVERIFY(!problem.stringAt("commandId").empty());
        QVERIFY(again.field("location") == "/commands/" + std::string(problem.stringAt("commandId")));
        QVERIFY(again.field("preference-applied") == "wait=10");
    }

    void sameIdSameAnswer()
    {
        ServedEngine served;
        RawClient client(served.port());
        openAccounts(client);
        const auto first = client.post("/commands?sync=true", talkCommand);
        const auto second = client.post("/commands?sync=true", talkCommand);
        QCOMPARE(first.status, 201);
        QVERIFY(first.field("idempotency-replayed").empty());
        QCOMPARE(second.status, 201);
        QVERIFY(second.field("idempotency-replayed") == "true");
        QCOMPARE(text(second.body), text(first.body));

        auto other = talkCommand;
        other.replace(other.find("10000"), 5, "10001");
        const auto reused = client.post("/commands", other);
        QCOMPARE(reused.status, 422);
        QVERIFY(reused.code() == "idempotency-key-reused");
        QVERIFY(reused.json().stringAt("commandId") == talkId);

        const std::string deposit = R"({"action":"deposit-money","data":{"account":"12345","amount":1}})";
        const auto keyed = client.post("/commands", deposit, "Idempotency-Key: order-17\r\n");
        const auto keyedAgain = client.post("/commands", deposit, "Idempotency-Key: \"order-17\"\r\n");
        QCOMPARE(keyed.status, 202);
        QVERIFY(keyed.json().stringAt("id") == keyedAgain.json().stringAt("id"));
        QVERIFY(keyedAgain.field("idempotency-replayed") == "true");
        QCOMPARE(client.post("/commands", talkCommand, "Idempotency-Key: order-17\r\n").status, 400);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *name, const char *body, int status, const char *code) {
            QTest::newRow(name) << QString::fromUtf8(body) << status << QString::fromUtf8(code);
        };
        row("not JSON", "nonsense", 400, "invalid-json");
        row("nothing", "", 400, "invalid-json");
        row("a string", "\"a\"", 400, "invalid-json");
        row("duplicate key in data", R"({"action":"deposit-money","data":{"account":"1","account":"2","amount":1}})",
            422, "duplicate-key");
        row("unknown action", R"({"action":"fly","data":{}})", 422, "unknown-action");
        row("schema", R"({"action":"deposit-money","data":{"account":"1","amount":-1}})", 422, "schema-invalid");
        row("no data", R"({"action":"deposit-money"})", 422, "schema-invalid");
        row("bad id", R"({"id":"1","action":"deposit-money","data":{"account":"1","amount":1}})", 422,
            "schema-invalid");
    }
    void refusals()
    {
        QFETCH(QString, body);
        QFETCH(int, status);
        QFETCH(QString, code);
        RawClient client(m_served->port());
        const auto answer = client.post("/commands", body.toStdString());
        QCOMPARE(answer.status, status);
        QCOMPARE(text(answer.code()), code);
        QCOMPARE(text(answer.field("content-type")), QStringLiteral("application/problem+json"));
        QVERIFY(answer.json().stringAt("type") == "/problems/" + answer.code());
        // The page that the type leads to.
        const auto page = client.get(std::string(answer.json().stringAt("type")));
        QCOMPARE(page.status, 200);
        QVERIFY(page.field("content-type").starts_with("text/html"));
    }

    void manyAtOnce()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto answer = client.post("/commands?sync=true", R"([
            {"action":"open-account","data":{"account":"1","owner":"Ann","opening_balance":5}},
            {"action":"withdraw-money","data":{"account":"1","amount":9}},
            {"action":"fly"},
            {"action":"deposit-money","data":{"account":"1","amount":1}}])");
        QCOMPARE(answer.status, 202);
        const auto items = answer.json();
        QCOMPARE(items.asArray()->size(), std::size_t{4});
        QVERIFY((*items.asArray())[0].stringAt("status") == "succeeded");
        QVERIFY((*items.asArray())[1].stringAt("code") == "command-rejected");
        QVERIFY((*items.asArray())[2].stringAt("code") == "unknown-action");
        QVERIFY((*items.asArray())[3].stringAt("status") == "succeeded");

        const auto lines = client.post("/commands",
                                       "{\"action\":\"deposit-money\",\"data\":{\"account\":\"1\",\"amount\":1}}\n\n"
                                       "nonsense\n",
                                       "Content-Type: application/x-ndjson\r\n");
        QCOMPARE(lines.status, 202);
        QVERIFY(lines.field("content-type") == "application/x-ndjson");
        QCOMPARE(std::count(lines.body.begin(), lines.body.end(), '\n'), std::ptrdiff_t{2});
        QCOMPARE(client.post("/commands", "[]").status, 400);
        QCOMPARE(client.post("/commands", "[{\"action\":\"fly\"}]").status, 422);
    }

    void listsArePaged()
    {
        ServedEngine served;
        RawClient client(served.port());
        std::string batch = "[";
        for (int i = 0; i < 25; ++i) {
            batch += (i ? "," : "") + std::string("{\"action\":\"open-account\",\"data\":{\"account\":\"a")
                + std::to_string(i) + "\",\"owner\":\"Ann\"}}";
        }
        QCOMPARE(client.post("/commands?sync=true", batch + "]").status, 202);
        QTRY_VERIFY(served.engine().updates().progress().viewed == served.engine().updates().progress().ledger);
        QTRY_VERIFY(served.engine().updates().progress().indexed.value == 75);

        for (const std::string path :
             {"/commands?limit=10&order=oldest", "/events?limit=10", "/records?limit=10&kind=event",
              "/views/accounts?limit=10", "/accounts?limit=10"}) {
            std::vector<std::string> seen;
            std::string next = path;
            int pages = 0;
            while (!next.empty() && ++pages < 10) {
                const auto answer = client.get(next);
                QVERIFY2(answer.status == 200, answer.body.c_str());
                const auto json = answer.json();
                const auto *items = json.asArray();
                for (const auto *member : {"commands", "events", "records", "documents"}) {
                    if (const auto *list = json.find(member))
                        items = list->asArray();
                }
                QVERIFY(items && items->size() <= 10);
                for (const auto &item : *items)
                    seen.push_back(writeJson(item));
                const auto links = answer.field("link");
                const auto end = links.find(">; rel=\"next\"");
                next = end == std::string::npos ? "" : links.substr(1, end - 1);
            }
            QCOMPARE(seen.size(), std::size_t{25});
            std::sort(seen.begin(), seen.end());
            QVERIFY(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
        }
        const auto filtered = client.get("/commands?action=open-account&status=succeeded&limit=3&total=exact&offset=2");
        QVERIFY2(filtered.status == 200, filtered.body.c_str());
        QCOMPARE(filtered.json().integerAt("total"), std::optional<std::int64_t>(25));
        QCOMPARE(filtered.json().integerAt("offset"), std::optional<std::int64_t>(2));
        QCOMPARE(client.get("/commands?key=a3").json().find("commands")->asArray()->size(), std::size_t{1});
        QCOMPARE(client.get("/commands?status=rejected").json().find("commands")->asArray()->size(), std::size_t{0});
        const auto sizeOf = [&client](const std::string &path, const char *member) {
            return client.get(path).json().find(member)->asArray()->size();
        };
        QCOMPARE(sizeOf("/commands?filter=status%20%3D%20succeeded%20and%20key%20in%20(a3,a4)", "commands"),
                 std::size_t{2});
        QCOMPARE(sizeOf("/events?filter=data.account%20~%20'%5Ea1%3F%5B12%5D$'", "events"), std::size_t{4});
        QCOMPARE(sizeOf("/records?filter=%231..%235", "records"), std::size_t{5});
        QCOMPARE(sizeOf("/records?filter=recorded%20%3C%20now-1h", "records"), std::size_t{0});
        const auto wrong = client.get("/commands?filter=key%20%3D%20a3%20and%20(");
        QCOMPARE(wrong.status, 400);
        QVERIFY(wrong.code() == "invalid-filter");
        const auto problem = wrong.json();
        const auto *const errors = problem.find("errors");
        QVERIFY(errors && errors->asArray() && errors->asArray()->size() == 1);
        QCOMPARE(errors->asArray()->front().integerAt("column"), std::optional<std::int64_t>(15));
        QCOMPARE(client.get("/commands?limit=5000").status, 400);
        QCOMPARE(client.get("/commands?cursor=xyz").status, 400);
        QCOMPARE(client.get("/commands?status=odd").status, 400);
        QCOMPARE(client.get("/topics").json().find("topics")->asArray()->size(), std::size_t{3});
        const auto topic = client.get("/topics/bank-events/records?limit=10&offset=20");
        QCOMPARE(topic.json().find("records")->asArray()->size(), std::size_t{5});
        QCOMPARE(client.get("/topics/no-such/records").status, 404);
    }

    void viewsThroughTime()
    {
        ServedEngine served;
        RawClient client(served.port());
        openAccounts(client);
        const auto before
            = client.post("/commands?sync=true", R"({"action":"deposit-money","data":{"account":"12345","amount":1}})");
        const auto after
            = client.post("/commands?sync=true", R"({"action":"deposit-money","data":{"account":"12345","amount":2}})");
        const auto p1 = before.field("commander-position");
        const auto p2 = after.field("commander-position");
        const auto now = client.get("/accounts/12345?atLeast=" + p2);
        QCOMPARE(now.json().integerAt("balance"), std::optional<std::int64_t>(50003));
        QVERIFY(!now.field("etag").empty());
        QCOMPARE(client.get("/accounts/12345", "If-None-Match: " + now.field("etag") + "\r\n").status, 304);
        QCOMPARE(client.get("/accounts/12345?at=" + p1).json().integerAt("balance"),
                 std::optional<std::int64_t>(50001));
        const auto stamp = std::string(before.json().find("result")->stringAt("timestamp"));
        QCOMPARE(client.get("/accounts/12345?at=" + stamp).status, 200);
        QCOMPARE(client.get("/accounts/12345?at=2001-01-01T00:00:00Z").status, 404);
        QCOMPARE(client.get("/accounts/12345?at=soon").status, 400);
        QCOMPARE(client.get("/accounts/none").status, 404);
        QCOMPARE(client.get("/views/none").status, 404);
        QCOMPARE(client.get("/views/none/1").status, 404);

        const auto stale = client.get("/accounts/12345?atLeast=1000000", "Prefer: wait=1\r\n");
        QCOMPARE(stale.status, 200);
        QVERIFY(stale.field("commander-stale") == "true");

        const auto history = client.get("/views/accounts/12345/history");
        QVERIFY2(history.status == 200, history.body.c_str());
        QCOMPARE(history.json().find("changes")->asArray()->size(), std::size_t{3});
        const auto blame = client.get("/views/accounts/12345/blame");
        QVERIFY2(blame.body.find("money-deposited") != std::string::npos, blame.body.c_str());
        const auto diff = client.get("/views/accounts/12345/diff?from=" + p1 + "&to=" + p2);
        QVERIFY2(diff.body.find("\"before\":50001,\"after\":50003") != std::string::npos, diff.body.c_str());
        QCOMPARE(client.get("/views/accounts/12345/diff").status, 400);
        QVERIFY(client.get("/views").body.find("\"statements\"") != std::string::npos);
    }

    void services()
    {
        ServedEngine served;
        RawClient client(served.port());
        openAccounts(client);
        QTRY_COMPARE(client.get("/health/ready").status, 200);
        QCOMPARE(client.get("/health").status, 200);
        QCOMPARE(client.get("/health/live").status, 200);
        const auto head = client.get("/ledger/head");
        QVERIFY(*head.json().integerAt("position") >= 6);
        QCOMPARE(head.json().stringAt("hash").size(), std::size_t{64});
        const auto metrics = client.get("/metrics");
        QVERIFY(metrics.body.find("\ncommander_commands_total 2\n") != std::string::npos);
        const auto domains = client.get("/domains");
        QVERIFY(domains.body.find("\"transfer-money\"") != std::string::npos);
        QCOMPARE(client.get("/domains/bank").status, 200);
        QCOMPARE(client.get("/domains/none").status, 404);
        QCOMPARE(client.get("/").status, 200);
        QVERIFY(served.server().status().requests > 5);
        QVERIFY(served.server().status().listening);
    }

    void anOrdinaryHttpClientGetsAlong()
    {
        ServedEngine served;
        QNetworkAccessManager network;
        const auto run = [](QNetworkReply *reply) {
            QEventLoop loop;
            QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
            if (!reply->isFinished())
                loop.exec();
            const auto status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            const auto body = reply->readAll();
            reply->deleteLater();
            return std::pair(status, body);
        };
        QNetworkRequest request(QUrl(served.url(QStringLiteral("/commands?sync=true"))));
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        const auto [status, body] = run(network.post(
            request,
            QByteArrayLiteral(R"({"action":"create-customer","data":{"first_name":"Ann","last_name":"Lee"}})")));
        QVERIFY2(status == 201, body.constData());
        const auto [listStatus, list]
            = run(network.get(QNetworkRequest(QUrl(served.url(QStringLiteral("/customers"))))));
        QCOMPARE(listStatus, 200);
        QVERIFY(list.startsWith('['));
        for (int i = 0; i < 20; ++i)
            QCOMPARE(run(network.get(QNetworkRequest(QUrl(served.url(QStringLiteral("/health/live")))))).first, 200);
        QCOMPARE(run(network.get(QNetworkRequest(QUrl(served.url(QStringLiteral("/nowhere")))))).first, 404);
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestCommandsTest)
#include "tst_rest_commands.moc"
