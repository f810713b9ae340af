// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"

#include <QTest>

using namespace commander;

namespace {

const std::string open = R"({"action":"open-account","data":{"account":"1","owner":"Ann","opening_balance":100}})";
const std::string withdraw
    = R"({"id":"33bb75db-6e13-48ee-8a54-b3976d3d065b","action":"withdraw-money","data":{ "account":"1", "amount":60 }})";

} // namespace

class RestPreviewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatWouldHappen()
    {
        ServedEngine served;
        RawClient client(served.port());
        QCOMPARE(client.post("/commands?sync=true", open).status, 201);
        const auto head = served.engine().ledger().head()->position;
        const auto preview = client.post("/commands/preview", withdraw);
        QVERIFY2(preview.status == 200, preview.body.c_str());
        QCOMPARE(preview.field("commander-position"), std::to_string(head.value));
        const auto json = preview.json();
        QCOMPARE(json.integerAt("position"), std::optional(static_cast<std::int64_t>(head.value)));
        const auto &commands = *json.find("commands")->asArray();
        QCOMPARE(commands.size(), std::size_t(1));
        QVERIFY(commands[0].stringAt("status") == "succeeded");
        QVERIFY(preview.body.find(R"("data":{ "account":"1", "amount":60 })") != std::string::npos);
        QVERIFY(preview.body.find(R"({"pointer":"/balance","before":100,"after":40})") != std::string::npos);
        QVERIFY(served.engine().ledger().head()->position == head);

        const auto sent = client.post("/commands?sync=true", withdraw);
        QCOMPARE(sent.status, 201);
        const auto eventId = std::string(commands[0].find("events")->asArray()->front().stringAt("id"));
        QCOMPARE(*sent.json().find("children")->asArray()->front().asString(), eventId);

        const auto again = client.post("/commands/preview", withdraw);
        QCOMPARE(again.status, 409);
        QVERIFY(again.code() == "duplicate-id");
        const auto then = client.post("/commands/preview?at=" + std::to_string(head.value), withdraw);
        QCOMPARE(then.status, 200);
        QVERIFY(then.json().find("commands")->asArray()->front().stringAt("status") == "succeeded");
        const auto before = client.post("/commands/preview?at=0", withdraw);
        QVERIFY(before.json().find("commands")->asArray()->front().stringAt("status") == "rejected");
    }

    void refuses()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto invalid = client.post("/commands/preview", R"({"action":"open-account","data":{}})");
        QCOMPARE(invalid.status, 422);
        QVERIFY(invalid.code() == "schema-invalid");
        QCOMPARE(client.post("/commands/preview", R"({"action":"no-such"})").status, 422);
        QCOMPARE(client.post("/commands/preview", "no").status, 400);
        QCOMPARE(client.post("/commands/preview?at=never", open).status, 400);
        QCOMPARE(client.get("/commands/preview").status, 405);
    }
};

QTEST_GUILESS_MAIN(RestPreviewTest)
#include "tst_rest_preview.moc"
