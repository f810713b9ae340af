// SPDX-License-Identifier: GPL-3.0-or-later
// What bodies may say, and in which forms records and documents come back.
#include "rest/rest_fixture.h"

#include "rest/routes/document_projection.h"

#include <commander/command_terms.h>

#include <QTest>

using namespace commander;

namespace {

constexpr auto ceType = "Content-Type: application/cloudevents+json\r\n";
constexpr auto ceAccept = "Accept: application/cloudevents+json\r\n";
/// Digits, spaces and escapes that a lossy type would change.
constexpr auto exactData
    = R"({ "account":"ce", "owner":"A\u006en", "opening_balance":1 , "big":23958446825181076828,"one":1.0})";

std::string cloudEvent(const std::string &id, const std::string &more = {}, const std::string &data = exactData)
{
    return R"({"specversion":"1.0","id":")" + id + R"(","source":"/till/7","type":"open-account")" + more
        + R"(,"data":)" + data + "}";
}

std::string text(const Json &json, std::string_view name)
{
    return std::string(json.stringAt(name));
}

class RestContentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCommandStatesItsTimes()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto later = client.post(
            "/commands",
            R"({"action":"open-account","data":{"account":"l","owner":"Ann"},"notBefore":"2999-01-01T00:00:00.5Z","expiresAt":"2999-01-02T00:00:00Z"})");
        QCOMPARE(later.status, 202);
        QCOMPARE(text(later.json(), "notBefore"), std::string("2999-01-01T00:00:00.500Z"));
        QCOMPARE(text(later.json(), "expiresAt"), std::string("2999-01-02T00:00:00.000Z"));
        const auto record = served.engine().records().find(*Uuid::parse(later.json().stringAt("id")));
        const auto found = record ? record : served.engine().ledger().find(*Uuid::parse(later.json().stringAt("id")));
        QVERIFY(found.has_value());
        const auto terms = parseTerms((*found)->headers);
        QVERIFY(terms && terms->notBefore && terms->expiresAt);
        // It waits, and can be taken back.
        const auto location = later.field("location");
        QCOMPARE(text(client.get(location).json(), "status"), std::string("accepted"));
        QCOMPARE(client
                     .post("/commands?sync=true",
                           R"({"action":"cancel-command","data":{"command":")" + text(later.json(), "id") + R"("}})")
                     .status,
                 201);
        const auto cancelled = client.get(location, "Prefer: wait=10\r\n").json();
        QCOMPARE(text(cancelled, "status"), std::string("cancelled"));
        QCOMPARE(text(cancelled, "notBefore"), std::string("2999-01-01T00:00:00.500Z"));

        const auto late = client.post(
            "/commands?sync=true",
            R"({"action":"open-account","data":{"account":"e","owner":"Ann"},"expiresAt":"2001-01-01T00:00:00Z"})");
        QCOMPARE(late.status, 409);
        QCOMPARE(late.code(), std::string("command-expired"));

        // What was read may be sent again as it is: the same command.
        const auto again = client.post("/commands", later.body);
        QCOMPARE(again.status, 202);
        QCOMPARE(again.field("idempotency-replayed"), std::string("true"));
        for (const auto *wrong : {R"("soon")", "1", R"("2999-01-01")"}) {
            const auto answer = client.post(
                "/commands", R"({"action":"open-account","data":{},"notBefore":)" + std::string(wrong) + "}");
            QVERIFY2(answer.status == 422 && answer.body.find("/notBefore") != std::string::npos, answer.body.c_str());
        }
    }

    void cloudEventsGoInAndOut()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto sent = client.post("/commands?sync=true", cloudEvent("order-1"), std::string(ceType) + ceAccept);
        QVERIFY2(sent.status == 201, sent.body.c_str());
        QCOMPARE(sent.field("content-type"), std::string("application/cloudevents+json"));
        const auto event = sent.json();
        QCOMPARE(text(event, "specversion"), std::string("1.0"));
        QCOMPARE(text(event, "type"), std::string("open-account"));
        QCOMPARE(text(event, "kind"), std::string("command"));
        QCOMPARE(text(event, "subject"), std::string("ce"));
        QCOMPARE(text(event, "status"), std::string("succeeded"));
        QCOMPARE(text(event, "source"), "urn:uuid:" + served.engine().ledger().ledgerId().text());
        QVERIFY2(sent.body.ends_with(std::string("\"data\":") + exactData + "}"), sent.body.c_str());

        // The same event is the same command; another source has another one of the same id.
        const auto again = client.post("/commands", cloudEvent("order-1"), ceType);
        QCOMPARE(again.field("idempotency-replayed"), std::string("true"));
        QCOMPARE(text(again.json(), "id"), text(event, "id"));
        QCOMPARE(client.post("/commands", cloudEvent("order-1", {}, R"({"account":"x","owner":"B"})"), ceType).code(),
                 std::string("idempotency-key-reused"));

        // A UUID is taken as it is, and what was read can be sent again.
        const std::string uuid = "33bb75db-6e13-48ee-8a54-b3976d3d065b";
        const auto terms = client.post("/commands",
                                       cloudEvent(uuid,
                                                  R"(,"time":"2016-05-20T14:33:28.902Z","subject":"any",)"
                                                  R"("notbefore":"2999-01-01T00:00:00Z","expectedrevision":0)",
                                                  R"({"account":"ce2","owner":"Bob"})"),
                                       std::string(ceType) + ceAccept);
        QVERIFY2(terms.status == 202, terms.body.c_str());
        QCOMPARE(text(terms.json(), "id"), uuid);
        QCOMPARE(text(terms.json(), "time"), std::string("2016-05-20T14:33:28.902Z"));
        QCOMPARE(text(terms.json(), "notbefore"), std::string("2999-01-01T00:00:00.000Z"));
        QCOMPARE(text(terms.json(), "expectedrevision"), std::string("0"));
        QCOMPARE(client.post("/commands", terms.body, ceType).field("idempotency-replayed"), std::string("true"));

        // One record, and lists as batches.
        const auto one = client.get("/commands/" + text(event, "id"), ceAccept);
        QCOMPARE(one.field("content-type"), std::string("application/cloudevents+json"));
        QVERIFY(one.body.ends_with(std::string("\"data\":") + exactData + "}"));
        const auto result = client.get("/commands/" + text(event, "id") + "/result", ceAccept);
        QCOMPARE(text(result.json(), "type"), std::string("command-succeeded"));
        // That one waits, which is an event of the engine's own.
        QTRY_COMPARE(client.get("/events?topic=bank-events", ceAccept).json().asArray()->size(), std::size_t{1});
        const auto events = client.get("/events?topic=bank-events", "Accept: application/cloudevents-batch+json\r\n");
        QCOMPARE(events.field("content-type"), std::string("application/cloudevents-batch+json"));
        const auto batch = events.json();
        const auto &opened = batch.asArray()->front();
        QCOMPARE(text(opened, "type"), std::string("account-opened"));
        QCOMPARE(text(opened, "parent"), text(event, "id"));
        QCOMPARE(client.get("/events/" + text(opened, "id"), ceAccept).body + "]", events.body.substr(1));
        const auto records = client.get("/records?limit=2", ceAccept);
        QCOMPARE(records.json().asArray()->size(), std::size_t{2});
        QVERIFY(records.field("link").find("rel=\"next\"") != std::string::npos);
        // Documents are no events.
        QCOMPARE(client.get("/views/accounts", ceAccept).status, 406);
    }

    void aBatchOfCloudEvents()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto answer = client.post("/commands?sync=true",
                                        "[" + cloudEvent("1", {}, R"({"account":"1","owner":"A"})") + ","
                                            + R"({"specversion":"0.3","id":"2","source":"/","type":"open-account"},)"
                                            + cloudEvent("3", {}, R"({"account":"3","owner":"C"})") + "]",
                                        "Content-Type: application/cloudevents-batch+json\r\n");
        QCOMPARE(answer.status, 202);
        const auto receipts = answer.json();
        QCOMPARE(receipts.asArray()->size(), std::size_t{3});
        QCOMPARE(text((*receipts.asArray())[0], "status"), std::string("succeeded"));
        QCOMPARE(text((*receipts.asArray())[1], "code"), std::string("schema-invalid"));
        QCOMPARE(text((*receipts.asArray())[2], "status"), std::string("succeeded"));
    }

    void wrongCloudEvents_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("pointer");
        QTest::newRow("version") << R"({"specversion":"2.0","id":"1","source":"/","type":"x"})"
                                 << "/specversion";
        QTest::newRow("no type") << R"({"specversion":"1.0","id":"1","source":"/"})"
                                 << "/type";
        QTest::newRow("no source") << R"({"specversion":"1.0","id":"1","type":"x"})"
                                   << "/source";
        QTest::newRow("no id") << R"({"specversion":"1.0","source":"/","type":"x"})"
                               << "/id";
        QTest::newRow("binary") << R"({"specversion":"1.0","id":"1","source":"/","type":"x","data_base64":"AA=="})"
                                << "/data_base64";
        QTest::newRow("no JSON")
            << R"({"specversion":"1.0","id":"1","source":"/","type":"x","datacontenttype":"text/xml"})"
            << "/datacontenttype";
        QTest::newRow("an event") << R"({"specversion":"1.0","id":"1","source":"/","type":"x","kind":"event"})"
                                  << "/kind";
        QTest::newRow("time") << R"({"specversion":"1.0","id":"1","source":"/","type":"x","time":"noon"})"
                              << "/time";
    }
    void wrongCloudEvents()
    {
        QFETCH(QString, body);
        QFETCH(QString, pointer);
        ServedEngine served;
        RawClient client(served.port());
        const auto answer = client.post("/commands", body.toStdString(), ceType);
        QVERIFY2(answer.status == 422, answer.body.c_str());
        QVERIFY2(answer.body.find('"' + pointer.toStdString() + '"') != std::string::npos, answer.body.c_str());
    }

    void previewsTakeCloudEvents()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto preview = client.post("/commands/preview", cloudEvent("p"), ceType);
        QVERIFY2(preview.status == 200, preview.body.c_str());
        QVERIFY(preview.body.find("account-opened") != std::string::npos);
    }

    void fieldsAreChosen()
    {
        const std::string json = R"({"a":{"b":1.0,"c":[10,{"d":2},30]},"e":null,"f/g":"x","big":23958446825181076828})";
        const auto chosen
            = [&json](const std::vector<std::string> &pointers) { return rest::Projection(pointers).of(json).value(); };
        QCOMPARE(chosen({}), json);
        QCOMPARE(chosen({"/big", "/a/b"}), std::string(R"({"a":{"b":1.0},"big":23958446825181076828})"));
        QCOMPARE(chosen({"/a/c/1/d"}), std::string(R"({"a":{"c":[{"d":2}]}})"));
        QCOMPARE(chosen({"/a/c/0", "/a/c/2"}), std::string(R"({"a":{"c":[10,30]}})"));
        QCOMPARE(chosen({"/a/b", "/a"}), std::string(R"({"a":{"b":1.0,"c":[10,{"d":2},30]}})"));
        QCOMPARE(chosen({"/f~1g", "/e"}), std::string(R"({"e":null,"f/g":"x"})"));
        QCOMPARE(chosen({"/e/x", "/none"}), std::string("{}"));

        ServedEngine served;
        served.run("open-account", R"({"account":"1","owner":"Ann","opening_balance":5})");
        RawClient client(served.port());
        QCOMPARE(client.get("/accounts/1?atLeast=3&fields=/owner").body, std::string(R"({"owner":"Ann"})"));
        QCOMPARE(client.get("/accounts?fields=/balance,/owner").body, std::string(R"([{"owner":"Ann","balance":5}])"));
        const auto page = client.get("/views/accounts?fields=/balance&total=exact").json();
        QCOMPARE(writeJson(*page.find("documents")->asArray()->front().find("document")),
                 std::string(R"({"balance":5})"));
        QCOMPARE(page.integerAt("total").value_or(-1), 1);
        QCOMPARE(RawClient(served.port()).get("/accounts?fields=/balance", "Accept: application/x-ndjson\r\n").status,
                 200);
        QCOMPARE(client.get("/accounts/1?fields=balance").status, 400);
        QCOMPARE(client.get("/views/accounts?total=about").status, 400);
    }

    void pagesLeadBothWays()
    {
        ServedEngine served;
        for (int i = 0; i < 7; ++i)
            served.run("open-account", R"({"account":")" + std::to_string(i) + R"(","owner":"Ann"})");
        RawClient client(served.port());
        QTRY_COMPARE(client.get("/events?total=exact").json().integerAt("total").value_or(0), 7);
        const auto link = [](const Answer &answer, const std::string &relation) {
            const auto links = answer.field("link");
            const auto end = links.find(">; rel=\"" + relation + '"');
            if (end == std::string::npos)
                return std::string();
            const auto begin = links.rfind('<', end) + 1;
            return links.substr(begin, end - begin);
        };
        for (const std::string order : {"newest", "oldest"}) {
            std::vector<std::string> there;
            std::string path = "/events?limit=3&order=" + order;
            std::string last;
            while (!path.empty()) {
                const auto page = client.get(path);
                QCOMPARE(page.status, 200);
                if (!page.json().find("events")->asArray()->empty())
                    there.push_back(writeJson(*page.json().find("events")));
                last = link(page, "prev");
                path = link(page, "next");
            }
            QCOMPARE(there.size(), std::size_t{3});
            std::vector<std::string> back;
            while (!last.empty()) {
                const auto page = client.get(last);
                QCOMPARE(page.status, 200);
                if (!page.json().find("events")->asArray()->empty())
                    back.push_back(writeJson(*page.json().find("events")));
                QVERIFY(!link(page, "next").empty());
                last = link(page, "prev");
            }
            std::reverse(back.begin(), back.end());
            there.pop_back();
            QCOMPARE(back, there);
        }
        const auto counted = client.get("/events?limit=3&offset=4");
        QVERIFY(link(counted, "prev").ends_with("offset=1"));
        // A page before another is no stream.
        const auto prev = link(client.get(link(client.get("/events?limit=3"), "next")), "prev");
        QCOMPARE(client.get(prev, "Accept: application/x-ndjson\r\n").status, 400);
    }

    void chainsInParts()
    {
        ServedEngine served;
        served.run("open-account", R"({"account":"<1>","owner":"Ann"})");
        RawClient client(served.port());
        QTRY_COMPARE(client.get("/events").json().find("events")->asArray()->size(), std::size_t{1});
        const auto event = text(client.get("/events").json().find("events")->asArray()->front(), "id");
        const auto kinds = [&](const std::string &query) {
            const auto answer = client.get("/events/" + event + "/lineage" + query).json();
            std::string all;
            for (const auto &node : *answer.find("nodes")->asArray())
                all += text(node, "kind") + ' ';
            return all + std::to_string(answer.integerAt("focus").value_or(-1));
        };
        const auto whole = kinds("");
        QVERIFY2(whole.starts_with("command "), whole.c_str());
        QCOMPARE(kinds("?direction=up,down&depth=9"), kinds("?depth=9"));
        QCOMPARE(kinds("?direction=up"), std::string("command event 1"));
        QCOMPARE(kinds("?depth=0"), std::string("event 0"));
        const auto down = kinds("?direction=down");
        QVERIFY2(down.starts_with("event change") && down.ends_with(" 0"), down.c_str());
        QCOMPARE(client.get("/events/" + event + "/lineage?direction=left").status, 400);
        const auto svg = client.get("/events/" + event + "/lineage?format=svg");
        QCOMPARE(svg.field("content-type"), std::string("image/svg+xml"));
        QVERIFY(svg.body.starts_with("<svg xmlns=") && svg.body.ends_with("</svg>\n"));
        QVERIFY(svg.body.find("account-opened") != std::string::npos);
        QVERIFY(svg.body.find(">key &lt;1&gt;<") != std::string::npos);
        QCOMPARE(client.get("/events/" + event + "/lineage?format=png").status, 400);
    }

    void resultsHaveTags()
    {
        ServedEngine served;
        RawClient client(served.port());
        const auto sent
            = client.post("/commands?sync=true", R"({"action":"open-account","data":{"account":"1","owner":"A"}})");
        const auto path = "/commands/" + text(sent.json(), "id") + "/result";
        const auto tag = client.get(path).field("etag");
        QVERIFY(!tag.empty());
        QCOMPARE(client.get(path, "If-None-Match: " + tag + "\r\n").status, 304);
        const auto domain = client.get("/domains/bank").field("etag");
        QCOMPARE(client.get("/domains/bank", "If-None-Match: " + domain + "\r\n").status, 304);
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestContentTest)
#include "tst_rest_content.moc"
