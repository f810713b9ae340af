// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"
#include "rest/routes/list_streams.h"

#include <QTest>

using namespace commander;

namespace {

constexpr int accounts = 700; ///< more than a stream makes at once

/// A streamed answer, whole; status 0 when it broke off.
struct Streamed {
    Answer head;
    std::string body;
    bool complete = false;
};

Streamed stream(std::uint16_t port, const std::string &path, const std::string &accept)
{
    RawClient client(port);
    client.send("GET " + path + " HTTP/1.1\r\n" + client.host() + "Accept: " + accept + "\r\n\r\n");
    Streamed answer;
    answer.head = client.receive(true);
    std::string bytes;
    for (auto more = client.receiveSome(); !more.empty(); more = client.receiveSome())
        bytes += more;
    // RFC 9112, 7.1: sizes in hexadecimal, the last is zero.
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto end = bytes.find("\r\n", at);
        if (end == std::string::npos)
            break;
        const auto size = std::stoul(bytes.substr(at, end - at), nullptr, 16);
        if (size == 0) {
            answer.complete = bytes.substr(at) == "0\r\n\r\n";
            break;
        }
        answer.body += bytes.substr(end + 2, size);
        at = end + 2 + size + 2;
    }
    return answer;
}

std::vector<std::string> linesOf(const std::string &text, const std::string &end)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto next = text.find(end, at);
        lines.push_back(text.substr(at, next - at));
        at = next == std::string::npos ? text.size() : next + end.size();
    }
    return lines;
}

} // namespace

class RestListsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServedEngine> m_served;

    [[nodiscard]] Streamed get(const std::string &path, const std::string &accept = "application/x-ndjson")
    {
        return stream(m_served->port(), path, accept);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_served = std::make_unique<ServedEngine>();
        RawClient client(m_served->port());
        std::string body;
        for (int i = 0; i < accounts; ++i) {
            body += "{\"action\":\"open-account\",\"data\":{\"account\":\"" + std::to_string(10'000 + i)
                + "\",\"owner\":\"=Ann, \\\"A\\\"\",\"opening_balance\":" + std::to_string(i) + "}}\n";
        }
        RawClient writer(m_served->port());
        writer.send("POST /commands?sync=true HTTP/1.1\r\n" + writer.host()
                    + "Content-Type: application/x-ndjson\r\nContent-Length: " + std::to_string(body.size())
                    + "\r\n\r\n" + body);
        QCOMPARE(writer.receive(false, 60'000).status, 202);
        const auto head = m_served->engine().ledger().head()->position.value;
        QCOMPARE(client.get("/accounts?limit=1&atLeast=" + std::to_string(head)).status, 200);
        QTRY_VERIFY(m_served->engine().updates().progress().indexed.value >= head);
    }
    void cleanupTestCase() { m_served.reset(); }

    void streamsEveryRecordAsLines()
    {
        const auto events = get("/events?order=oldest");
        QCOMPARE(events.head.status, 200);
        QCOMPARE(events.head.field("content-type"), std::string("application/x-ndjson"));
        QCOMPARE(events.head.field("transfer-encoding"), std::string("chunked"));
        QVERIFY(events.complete);
        const auto lines = linesOf(events.body, "\n");
        QCOMPARE(static_cast<int>(lines.size()), accounts);
        std::int64_t last = 0;
        for (const auto &line : lines) {
            const auto event = parseJson(line);
            QVERIFY2(event.has_value(), line.c_str());
            QVERIFY(event->stringAt("action") == "account-opened");
            QVERIFY(*event->integerAt("position") > last);
            last = *event->integerAt("position");
        }
        const auto some = get("/commands?limit=301&filter=data.opening_balance%20%3E%20100");
        QVERIFY(some.complete);
        const auto commands = linesOf(some.body, "\n");
        QCOMPARE(commands.size(), std::size_t{301});
        QVERIFY(parseJson(commands.front())->stringAt("status") == "succeeded");
        QVERIFY(get("/events?action=no-such").complete);
        QVERIFY(get("/events?action=no-such").body.empty());
    }

    void streamsTables()
    {
        const auto records = get("/records?kind=event&fields=/account,/owner", "text/csv");
        QVERIFY(records.complete);
        QVERIFY(records.head.field("content-type").starts_with("text/csv"));
        const auto rows = linesOf(records.body, "\r\n");
        QCOMPARE(static_cast<int>(rows.size()), accounts + 1);
        QVERIFY2(rows.front().ends_with(",/account,/owner"), rows.front().c_str());
        // A spreadsheet would run what begins with an equals sign.
        QVERIFY2(rows[1].ends_with(",10000,\"'=Ann, \"\"A\"\"\""), rows[1].c_str());

        const auto documents = get("/views/accounts?fields=/balance&where=balance<3", "text/csv");
        QVERIFY(documents.complete);
        const auto shown = linesOf(documents.body, "\r\n");
        QCOMPARE(shown.size(), std::size_t{4});
        QCOMPARE(shown.front(), std::string("key,position,event,/balance"));
        QVERIFY(shown[3].starts_with("10002,") && shown[3].ends_with(",2"));
    }

    void streamsDocumentsAsOfOnePosition()
    {
        const auto all = get("/accounts");
        QVERIFY(all.complete);
        QCOMPARE(static_cast<int>(linesOf(all.body, "\n").size()), accounts);
        QVERIFY(parseJson(linesOf(all.body, "\n").front())->stringAt("account") == "10000");
        QVERIFY(!all.head.field("commander-position").empty());
        const auto none = get("/views/accounts?at=0");
        QVERIFY(none.complete);
        QVERIFY(none.body.empty());
    }

    void saysWhatIsWrongAsAProblem()
    {
        for (const auto *path : {"/events?filter=action%20%3D", "/accounts?where=x", "/events?fields=amount",
                                 "/events?limit=x", "/views/no-such-view"}) {
            RawClient client(m_served->port());
            const auto answer = client.get(path, "Accept: text/csv\r\n");
            QVERIFY2(answer.status == 400 || answer.status == 404, path);
            QCOMPARE(answer.field("content-type"), std::string("application/problem+json"));
        }
        RawClient client(m_served->port());
        QCOMPARE(client.get("/events", "Accept: image/png\r\n").status, 406);
        QCOMPARE(client.get("/events/x/lineage", "Accept: text/csv\r\n").status, 400);
    }

    void leavesWhoeverReadsHttp10WithoutChunks()
    {
        RawClient client(m_served->port());
        client.send("GET /events HTTP/1.0\r\n" + client.host() + "Accept: application/x-ndjson\r\n\r\n");
        const auto head = client.receive(true);
        QCOMPARE(head.status, 200);
        QVERIFY(head.field("transfer-encoding").empty());
        QVERIFY(client.receiveSome().starts_with("{"));
    }

    void givesUpWithItsClient()
    {
        {
            RawClient client(m_served->port());
            client.send("GET /records HTTP/1.1\r\n" + client.host() + "Accept: application/x-ndjson\r\n\r\n");
            QVERIFY(!client.receiveSome().empty());
            client.abort();
        }
        RawClient other(m_served->port());
        QCOMPARE(other.get("/health/live").status, 200);
    }

    void choosesWhatIsLikedBest_data()
    {
        QTest::addColumn<QString>("accept");
        QTest::addColumn<QString>("type");
        QTest::newRow("csv") << "text/csv"
                             << "text/csv; charset=utf-8; header=present";
        QTest::newRow("browser") << "text/html,application/xml;q=0.9,*/*;q=0.8"
                                 << "application/json";
        QTest::newRow("lines before json") << "application/x-ndjson, application/json;q=0.5"
                                           << "application/x-ndjson";
        QTest::newRow("json before lines") << "application/x-ndjson;q=0.1, application/json"
                                           << "application/json";
        QTest::newRow("the first of equals") << "application/json, text/csv"
                                             << "application/json";
        QTest::newRow("capitals") << "Application/X-NDJSON"
                                  << "application/x-ndjson";
        QTest::newRow("refused") << "text/csv;q=0, application/json;q=0.1"
                                 << "application/json";
    }
    void choosesWhatIsLikedBest()
    {
        QFETCH(QString, accept);
        QFETCH(QString, type);
        RawClient client(m_served->port());
        client.send("HEAD /events HTTP/1.1\r\n" + client.host() + "Accept: " + accept.toStdString() + "\r\n\r\n");
        QCOMPARE(QString::fromStdString(client.receive(true).field("content-type")), type);
    }
};

QTEST_GUILESS_MAIN(RestListsTest)
#include "tst_rest_lists.moc"
