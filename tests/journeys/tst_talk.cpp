// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_client.h"
#include "served_workspace.h"

#include <commander/ids.h>
#include <commander/json.h>

using namespace commander;

/// The founding talk's two JSON documents, sent and read back over HTTP as any client would.
class TestTalk : public QObject {
    Q_OBJECT

    /// JSON with ' for ": moc loses the class behind raw strings with quotes.
    static QByteArray quoted(QByteArray text) { return text.replace('\'', '"'); }
    static Json parsed(const QByteArray &body)
    {
        const auto json = parseJson(std::string_view(body.constData(), static_cast<std::size_t>(body.size())));
        return json ? *json : Json();
    }
    static std::string text(const Json &json, std::string_view name) { return std::string(json.stringAt(name)); }

private Q_SLOTS:
    void transferMoney()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        HttpClient http(served.port());
        for (const auto *const account : {"12345", "54321"}) {
            const auto opened = http.post("/commands?sync=true",
                                          quoted("{'action':'open-account','data':{'account':'") + account
                                              + quoted("','owner':'Talk','opening_balance':50000}}"));
            QVERIFY(opened);
            QCOMPARE(opened->status, 201);
        }

        // 1. The command of the talk, as it stands there.
        const QByteArray data = quoted("{'from_account': '12345', 'to_account': '54321', 'amount': 10000}");
        const QByteArray id = "33bb75db-6e13-48ee-8a54-b3976d3d065b";
        const QByteArray command = quoted("{'id': '") + id + quoted("', 'action': 'transfer-money',\n 'data': ") + data
            + quoted(",\n 'timestamp': '2016-05-20T14:33:28.902-00:00'}");
        const auto sent = http.post("/commands?sync=true", command);
        QVERIFY(sent);
        QCOMPARE(sent->status, 201);
        QVERIFY(!sent->field("location").isEmpty());

        // 2. The command comes back with its exact bytes, and the time in UTC.
        const auto read = http.get("/commands/" + id);
        QVERIFY(read);
        QCOMPARE(read->status, 200);
        QVERIFY2(read->body.contains(data), read->body.constData());
        const auto back = parsed(read->body);
        QCOMPARE(text(back, "id"), id.toStdString());
        QCOMPARE(text(back, "action"), std::string("transfer-money"));
        QCOMPARE(text(back, "timestamp"), std::string("2016-05-20T14:33:28.902Z"));
        QCOMPARE(text(back, "status"), std::string("succeeded"));
        const auto *const result = back.find("result");
        QVERIFY(result);
        QCOMPARE(text(*result, "parent"), id.toStdString());
        QCOMPARE(text(*result, "status"), std::string("succeeded"));
        const auto *const events = result->find("events");
        QVERIFY(events && events->asArray() && events->asArray()->size() == 1);

        // 3. The event names its parent and carries the talk's members, the id first.
        const auto event = http.get("/events/" + QByteArray::fromStdString(*events->asArray()->front().asString()));
        QVERIFY(event);
        QCOMPARE(event->status, 200);
        const auto fact = parsed(event->body);
        QCOMPARE(text(fact, "parent"), id.toStdString());
        QCOMPARE(text(fact, "action"), std::string("money-transferred"));
        const auto *const eventData = fact.find("data");
        QVERIFY(eventData && eventData->asObject());
        std::vector<std::string> members;
        for (const auto &[name, value] : *eventData->asObject())
            members.push_back(name);
        QCOMPARE(members, (std::vector<std::string>{"id", "from_account", "to_account", "amount"}));
        QVERIFY(Uuid::parse(eventData->stringAt("id")));
        QCOMPARE(eventData->integerAt("amount").value_or(0), 10000);

        // 4. Both accounts changed.
        QCOMPARE(parsed(http.get("/accounts/12345?atLeast=" + sent->field("commander-position"))->body)
                     .integerAt("balance")
                     .value_or(0),
                 40000);
        QCOMPARE(parsed(http.get("/accounts/54321")->body).integerAt("balance").value_or(0), 60000);

        // 5. The same command again changes nothing.
        const auto again = http.post("/commands", command);
        QVERIFY(again);
        QVERIFY(again->status == 201 || again->status == 202 || again->status == 200);
        QCOMPARE(again->field("idempotency-replayed"), QByteArray("true"));
        QCOMPARE(parsed(http.get("/accounts/54321")->body).integerAt("balance").value_or(0), 60000);
        QCOMPARE(served.stop(), 0);
    }

    void createCustomer()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        HttpClient http(served.port());
        const auto created = http.post(
            "/commands?sync=true",
            quoted("{'action':'create-customer','data':{'first_name':'John','last_name':'Doe','address':{"
                   "'street_number':'1','street_name':'Main St','city':'Fairfax','state':'VA','zip':'22030'}}}"));
        QVERIFY(created);
        QCOMPARE(created->status, 201);
        const auto list = http.get("/customers?atLeast=" + created->field("commander-position"));
        QVERIFY(list);
        const auto customers = parsed(list->body);
        QVERIFY2(customers.asArray() && customers.asArray()->size() == 1, list->body.constData());
        const auto id = text(customers.asArray()->front(), "id");
        const auto one = http.get("/customers/" + QByteArray::fromStdString(id));
        QCOMPARE(one->status, 200);
        QCOMPARE(text(parsed(one->body), "first_name"), std::string("John"));
        QCOMPARE(http.get("/customers/nobody")->status, 404);
        QCOMPARE(served.stop(), 0);
    }
};

QTEST_GUILESS_MAIN(TestTalk)
#include "tst_talk.moc"
