// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTcpServer>
#include <QTest>

#include <random>

using namespace commander;

namespace {

const std::string deposit = R"({"action":"deposit-money","data":{"account":"1","amount":1}})";

class RestConnectionsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServedEngine> m_served;

private Q_SLOTS:
    void initTestCase()
    {
        RestOptions options;
        options.allowedOrigins = {"https://good.example"};
        options.bodyBytesMax = 4096;
        m_served = std::make_unique<ServedEngine>(options);
        m_served->run("open-account", R"({"account":"1","owner":"Ann"})");
    }
    void cleanupTestCase() { m_served.reset(); }

    void securityHeadersAreOnEveryAnswer()
    {
        RawClient client(m_served->port());
        for (const auto *path : {"/health/live", "/nowhere", "/commands/1", "/problems/not-found"}) {
            const auto answer = client.get(path);
            QVERIFY(answer.status > 0);
            QVERIFY(answer.field("cache-control") == "no-store");
            QVERIFY(answer.field("x-content-type-options") == "nosniff");
            QVERIFY(answer.field("content-security-policy") == "default-src 'none'; frame-ancestors 'none'");
            QVERIFY(answer.field("cross-origin-resource-policy") == "same-origin");
            QVERIFY(answer.field("server").empty());
        }
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("head");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::addColumn<bool>("closes");
        const auto row = [](const char *name, const char *head, int status, const char *code, bool closes) {
            QTest::newRow(name) << QString::fromUtf8(head) << status << QString::fromUtf8(code) << closes;
        };
        row("garbage", "hello\r\n\r\n", 400, "bad-request", true);
        row("foreign host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, "host-not-allowed", true);
        row("foreign origin", "GET /commands HTTP/1.1\r\nHost: HOST\r\nOrigin: http://evil.example\r\n\r\n", 403,
            "origin-not-allowed", true);
        row("foreign origin, preflight",
            "OPTIONS /commands HTTP/1.1\r\nHost: HOST\r\nOrigin: http://evil.example\r\n\r\n", 403,
            "origin-not-allowed", true);
        row("unknown path", "GET /nowhere HTTP/1.1\r\nHost: HOST\r\n\r\n", 404, "not-found", false);
        row("wrong verb", "DELETE /commands HTTP/1.1\r\nHost: HOST\r\n\r\n", 405, "method-not-allowed", false);
        row("no media type", "POST /commands HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\n\r\n{}", 415,
            "unsupported-media-type", true);
        row("form", "POST /commands HTTP/1.1\r\nHost: HOST\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
            415, "unsupported-media-type", true);
        row("compressed",
            "POST /commands HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Encoding: "
            "gzip\r\nContent-Length: 2\r\n\r\n{}",
            415, "unsupported-media-type", true);
        row("too large",
            "POST /commands HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n",
            413, "body-too-large", true);
        row("smuggling",
            "POST /commands HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: "
            "5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
            400, "bad-request", true);
        row("HTTP/9.9", "GET / HTTP/9.9\r\n\r\n", 505, "http-version-not-supported", true);
    }
    void refusals()
    {
        QFETCH(QString, head);
        QFETCH(int, status);
        QFETCH(QString, code);
        QFETCH(bool, closes);
        RawClient client(m_served->port());
        head.replace(QStringLiteral("HOST"), QStringLiteral("127.0.0.1:%1").arg(m_served->port()));
        client.send(head.toStdString());
        const auto answer = client.receive();
        QCOMPARE(answer.status, status);
        QCOMPARE(QString::fromStdString(answer.code()), code);
        QVERIFY(answer.field("content-type") == "application/problem+json");
        QCOMPARE(answer.field("access-control-allow-origin"), std::string());
        if (status == 405)
            QVERIFY(answer.field("allow") == "POST, GET, HEAD, OPTIONS");
        if (closes) {
            QVERIFY(answer.field("connection") == "close");
            QVERIFY(client.closes());
        } else {
            QCOMPARE(client.get("/health/live").status, 200);
        }
    }

    void crossOrigin()
    {
        RawClient client(m_served->port());
        const auto allowed = client.get("/health/live", "Origin: https://good.example\r\n");
        QCOMPARE(allowed.status, 200);
        QVERIFY(allowed.field("access-control-allow-origin") == "https://good.example");
        QVERIFY(allowed.field("vary") == "Origin");
        client.send("OPTIONS /commands HTTP/1.1\r\n" + client.host()
                    + "Origin: https://good.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
        const auto preflight = client.receive();
        QCOMPARE(preflight.status, 204);
        QVERIFY(preflight.field("access-control-allow-methods").find("POST") != std::string::npos);
        QVERIFY(preflight.field("access-control-allow-headers").find("Content-Type") != std::string::npos);
        const auto own
            = client.get("/health/live", "Origin: http://localhost:" + std::to_string(m_served->port()) + "\r\n");
        QCOMPARE(own.status, 200);
    }

    void headHasTheHeadOnly()
    {
        RawClient client(m_served->port());
        client.send("HEAD /domains HTTP/1.1\r\n" + client.host() + "\r\nGET /health/live HTTP/1.1\r\n" + client.host()
                    + "\r\n");
        const auto head = client.receive(true);
        QCOMPARE(head.status, 200);
        QVERIFY(std::atoi(head.field("content-length").c_str()) > 100);
        QVERIFY(client.receive().body == R"({"status":"live"})");
        client.send("HEAD /nowhere HTTP/1.1\r\n" + client.host() + "\r\nGET /health/live HTTP/1.1\r\n" + client.host()
                    + "\r\n");
        QCOMPARE(client.receive(true).status, 404);
        QCOMPARE(client.receive().status, 200);
    }

    void pipelinedAnswersKeepTheirOrder()
    {
        RawClient client(m_served->port());
        std::string bytes;
        const std::string post = "POST /commands?sync=true HTTP/1.1\r\n" + client.host()
            + "Content-Type: application/json\r\nContent-Length: " + std::to_string(deposit.size()) + "\r\n\r\n"
            + deposit;
        for (int i = 0; i < 20; ++i)
            bytes += post + "GET /health/live HTTP/1.1\r\n" + client.host() + "\r\n";
        client.send(bytes);
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(client.receive().status, 201);
            QCOMPARE(client.receive().status, 200);
        }
    }

    void connectionsEndAsAsked()
    {
        RawClient client(m_served->port());
        const auto answer = client.get("/health/live", "Connection: close\r\n");
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.field("connection") == "close");
        QVERIFY(client.closes());
        RawClient old(m_served->port());
        old.send("GET /health/live HTTP/1.0\r\n" + old.host() + "\r\n");
        QCOMPARE(old.receive().status, 200);
        QVERIFY(old.closes());
    }

    void expectContinue()
    {
        RawClient client(m_served->port());
        client.send("POST /commands HTTP/1.1\r\n" + client.host() + "Content-Type: application/json\r\nContent-Length: "
                    + std::to_string(deposit.size()) + "\r\nExpect: 100-continue\r\n\r\n");
        QCOMPARE(client.receive().status, 100);
        client.send(deposit);
        QCOMPARE(client.receive().status, 202);
    }

    void chunkedBody()
    {
        RawClient client(m_served->port());
        client.send("POST /commands HTTP/1.1\r\n" + client.host()
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
        client.send("3b\r\n" + deposit.substr(1) + "\r\n0\r\n\r\n");
        QCOMPARE(client.receive().status, 202);
    }

    void largeRefusedBodyStillGetsItsAnswer()
    {
        RawClient client(m_served->port());
        // The server answers before it has read this; the answer must not be lost to a reset.
        client.send("POST /commands HTTP/1.1\r\n" + client.host()
                    + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
                    + std::string(1'000'000, 'x'));
        QCOMPARE(client.receive().status, 413);
    }

    void slowHeadTimesOut()
    {
        RawClient slow(m_served->port());
        slow.send("GET /health");
        QElapsedTimer timer;
        timer.start();
        const auto answer = slow.receive();
        QCOMPARE(answer.status, 408);
        QVERIFY(timer.elapsed() > 4000 && timer.elapsed() < 8000);
        QVERIFY(slow.closes());
    }

    void clientsThatLeaveAreNotMissed()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        std::vector<std::unique_ptr<RawClient>> staying;
        for (int i = 0; i < 500; ++i) {
            auto client = std::make_unique<RawClient>(m_served->port());
            const std::string path = i % 3 == 0 ? "/commands?sync=true" : i % 3 == 1 ? "/commands" : "";
            if (path.empty())
                client->send("GET " + std::string(i % 2 ? "/commands?limit=50" : "/updates?from=start")
                             + " HTTP/1.1\r\n" + client->host() + "\r\n");
            else
                client->send("POST " + path + " HTTP/1.1\r\n" + client->host()
                             + "Content-Type: application/json\r\nContent-Length: " + std::to_string(deposit.size())
                             + "\r\n\r\n" + deposit);
            // Some leave at once, some a little later, in the middle of their answer.
            staying.push_back(std::move(client));
            while (!staying.empty() && random() % 4 != 0) {
                const auto leaver = random() % staying.size();
                if (random() % 2)
                    staying[leaver]->abort();
                staying.erase(staying.begin() + static_cast<std::ptrdiff_t>(leaver));
            }
        }
        staying.clear();
        // Until the server has seen them go they count, and others may be told to come again a little later.
        QTRY_COMPARE(RawClient(m_served->port()).post("/commands?sync=true", deposit).status, 201);
        QTRY_COMPARE(m_served->server().status().streams, std::uint64_t{0});
    }

    void takenPortIsToldOrPassedOver()
    {
        RestOptions options;
        options.port = m_served->port();
        const auto taken = RestServer::start(m_served->engine(), options);
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::IoError);
        options.portsToTry = 20;
        const auto next = RestServer::start(m_served->engine(), options);
        QVERIFY(next.has_value());
        QVERIFY((*next)->status().baseUrl != "http://127.0.0.1:" + std::to_string(m_served->port()));
    }

    void theListenerComesFromOutside()
    {
        int made = 0;
        RestOptions options;
        options.makeListener = [&made] {
            ++made;
            return std::make_unique<QTcpServer>();
        };
        ServedEngine served(options);
        QVERIFY(made >= 1);
        RawClient client(served.port());
        QCOMPARE(client.get("/health/live").status, 200);
    }

    void closingEndsStreamsAndFinishesRequests()
    {
        auto served = std::make_unique<ServedEngine>();
        StreamClient stream(served->port(), "/updates");
        QCOMPARE(stream.head().status, 200);
        RawClient idle(served->port());
        QCOMPARE(idle.get("/health/live").status, 200);
        QElapsedTimer timer;
        timer.start();
        served.reset();
        QVERIFY(timer.elapsed() < 3000);
        QVERIFY(stream.raw().closes());
        QVERIFY(idle.closes());
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestConnectionsTest)
#include "tst_rest_connections.moc"
