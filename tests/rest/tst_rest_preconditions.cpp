// SPDX-License-Identifier: GPL-3.0-or-later
// What a client expects of a key, and commands that are sent again, over HTTP.
#include "rest/rest_fixture.h"

#include <commander/command_terms.h>

#include <QTest>

using namespace commander;

namespace {

const std::string open = R"({"action":"open-account","data":{"account":"7","owner":"Ann"}})";
const std::string deposit = R"({"action":"deposit-money","data":{"account":"7","amount":1}})";

std::string depositExpecting(const std::string &raw)
{
    return R"({"action":"deposit-money","data":{"account":"7","amount":1},"expectedRevision":)" + raw + "}";
}

class RestPreconditionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headersAndFieldSayTheSame()
    {
        ServedEngine served;
        RawClient client(served.port());
        QCOMPARE(client.post("/commands?sync=true", open, "If-None-Match: *\r\n").status, 201);
        const auto again = client.post("/commands?sync=true", open, "If-None-Match: *\r\n");
        QCOMPARE(again.status, 412);
        QCOMPARE(again.code(), std::string("revision-conflict"));
        const auto json = again.json();
        QVERIFY(json.find("rejection"));
        QCOMPARE(writeJson(*json.find("rejection")->find("details")), std::string(R"({"expected":"none","actual":1})"));
        QVERIFY(!json.stringAt("commandId").empty());
        QVERIFY(json.find("result") && json.find("command"));

        QCOMPARE(client.post("/commands?sync=true", deposit, "If-Match: \"1\"\r\n").status, 201);
        QCOMPARE(client.post("/commands?sync=true", deposit, "If-Match: \"1\"\r\n").status, 412);
        QCOMPARE(client.post("/commands?sync=true", deposit, "If-Match: *\r\n").status, 201);
        QCOMPARE(client.post("/commands?sync=true", depositExpecting("3")).status, 201);
        QCOMPARE(client.post("/commands?sync=true", depositExpecting("3")).status, 412);
        QCOMPARE(client.post("/commands?sync=true", depositExpecting(R"("exists")")).status, 201);
        QCOMPARE(client.post("/commands?sync=true", depositExpecting(R"("none")")).status, 412);
        QCOMPARE(client.post("/commands?sync=true", depositExpecting("5"), "If-Match: \"5\"\r\n").status, 201);
        // Without waiting, the result tells.
        const auto sent = client.post("/commands", depositExpecting("1"));
        QCOMPARE(sent.status, 202);
        const auto result = client.get(sent.field("location"), "Prefer: wait=10\r\n");
        QCOMPARE(std::string(result.json().stringAt("status")), std::string("rejected"));
        // It is in the record, and hashed with it.
        const auto id = Uuid::parse(sent.json().stringAt("id"));
        const auto command = served.engine().records().find(*id);
        QCOMPARE(command.value()->headers, std::string(R"({"expected_revision":1})"));
    }

    void aPreviewExpectsToo()
    {
        ServedEngine served;
        RawClient client(served.port());
        QCOMPARE(client.post("/commands?sync=true", open).status, 201);
        const auto good = client.post("/commands/preview", depositExpecting("1"));
        QCOMPARE(good.status, 200);
        QVERIFY(good.body.find("revision-conflict") == std::string::npos);
        const auto stale = client.post("/commands/preview", deposit, "If-Match: \"2\"\r\n");
        QCOMPARE(stale.status, 200);
        QVERIFY(stale.body.find("revision-conflict") != std::string::npos);
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("status");
        const auto body = [](const char *raw) { return QString::fromStdString(depositExpecting(raw)); };
        QTest::newRow("a text with a number") << body(R"("3")") << "" << 422;
        QTest::newRow("negative") << body("-1") << "" << 422;
        QTest::newRow("fraction") << body("1.5") << "" << 422;
        QTest::newRow("another word") << body(R"("some")") << "" << 422;
        QTest::newRow("weak tag") << QString::fromStdString(deposit) << "If-Match: W/\"3\"\r\n" << 400;
        QTest::newRow("no quotes") << QString::fromStdString(deposit) << "If-Match: 3\r\n" << 400;
        QTest::newRow("a list") << QString::fromStdString(deposit) << "If-Match: \"3\", \"4\"\r\n" << 400;
        QTest::newRow("none but") << QString::fromStdString(deposit) << "If-None-Match: \"3\"\r\n" << 400;
        QTest::newRow("both") << QString::fromStdString(deposit) << "If-Match: *\r\nIf-None-Match: *\r\n" << 400;
        QTest::newRow("they differ") << body("3") << "If-Match: \"4\"\r\n" << 400;
        QTest::newRow("for many") << QString::fromStdString("[" + deposit + "]") << "If-Match: \"4\"\r\n" << 400;
        QTest::newRow("without a key")
            << R"({"action":"resume-sequence","data":{"sequence":"bank/7","domain":"bank"},"expectedRevision":1})"
            << "" << 400;
    }

    void nonsenseIsRefused()
    {
        QFETCH(const QString, body);
        QFETCH(const QString, header);
        QFETCH(const int, status);
        ServedEngine served({}, {makeBankDomain()});
        RawClient client(served.port());
        const auto head = served.engine().ledger().head()->position;
        const auto answer = client.post("/commands", body.toStdString(), header.toStdString());
        QCOMPARE(answer.status, status);
        QVERIFY(answer.field("content-type").starts_with("application/problem+json"));
        QCOMPARE(served.engine().ledger().head()->position, head);
    }

    void aCommandIsSentAgain()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto early = client.post("/commands?sync=true", deposit);
        QCOMPARE(early.status, 409);
        const std::string oldId(early.json().stringAt("commandId"));
        QCOMPARE(client.post("/commands?sync=true", open).status, 201);

        const auto again = client.post("/commands/" + oldId + "/retry?sync=true", "");
        QCOMPARE(again.status, 201);
        const auto command = again.json();
        QCOMPARE(std::string(command.stringAt("parent")), oldId);
        QCOMPARE(std::string(command.stringAt("correlation")), oldId);
        QVERIFY(command.stringAt("id") != oldId);
        QVERIFY(again.body.find(R"("data":{"account":"7","amount":1})") != std::string::npos);
        QCOMPARE(again.field("location"), "/commands/" + std::string(command.stringAt("id")));

        // It has succeeded now: twice only when it is forced.
        const auto path = "/commands/" + std::string(command.stringAt("id")) + "/retry?sync=true";
        const auto refused = client.post(path, "{}");
        QCOMPARE(refused.status, 409);
        QCOMPARE(refused.code(), std::string("conflict"));
        QCOMPARE(client.post(path, R"({"force":true})").status, 201);
        QCOMPARE(client.post(path, R"({"force":true,"expectedRevision":1})").status, 412);
        QCOMPARE(client.post(path, R"({"force":true})", "If-Match: \"3\"\r\n").status, 201);

        // The same key, the same answer.
        const auto once = client.post(path, R"({"force":true})", "Idempotency-Key: again-1\r\n");
        QCOMPARE(once.status, 201);
        const auto twice = client.post(path, R"({"force":true})", "Idempotency-Key: again-1\r\n");
        QCOMPARE(twice.field("idempotency-replayed"), std::string("true"));
        QCOMPARE(std::string(twice.json().stringAt("id")), std::string(once.json().stringAt("id")));

        QCOMPARE(client.post("/commands/33bb75db-6e13-48ee-8a54-b3976d3d065b/retry", "").status, 404);
        QCOMPARE(client.post("/commands/nonsense/retry", "").status, 404);
        QCOMPARE(client.post(path, R"({"force":1})").status, 400);
        QCOMPARE(client.post(path, R"({"data":{}})").status, 400);
    }

    void whatIsNotDecidedIsNotSentAgain()
    {
        ServedEngine served;
        RawClient client(served.port());
        CommandDraft draft;
        draft.action = "deposit-money";
        draft.data = R"({"account":"7","amount":1})";
        draft.notBefore = Timestamp::parse("2999-01-01T00:00:00Z").value();
        const auto waiting = served.engine().commands().submitAndWait(std::move(draft));
        QVERIFY(waiting);
        const auto refused = client.post("/commands/" + waiting->command->id.text() + "/retry", R"({"force":true})");
        QCOMPARE(refused.status, 409);
        QCOMPARE(refused.code(), std::string("conflict"));
    }

    void anExpectationIsKept()
    {
        ServedEngine served;
        RawClient client(served.port());
        QCOMPARE(client.post("/commands?sync=true", open).status, 201);
        const auto stale = client.post("/commands?sync=true", depositExpecting("5"));
        QCOMPARE(stale.status, 412);
        const auto path = "/commands/" + std::string(stale.json().stringAt("commandId")) + "/retry?sync=true";
        QCOMPARE(client.post(path, "").status, 412);
        QCOMPARE(client.post(path, R"({"expectedRevision":1})").status, 201);
        QCOMPARE(client.post(path, R"({"expectedRevision":"any"})").status, 201);
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestPreconditionsTest)
#include "tst_rest_preconditions.moc"
