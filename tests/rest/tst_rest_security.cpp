// SPDX-License-Identifier: GPL-3.0-or-later
// The security checklist against the whole server, row by row; each test row begins with the number of the checklist's
// step. Elsewhere: the gate's syntax in every cut (tst_request_gate), tokens and tickets (5: tst_rest_access), rates
// and places (10: tst_rest_limits), encryption and addresses (3: tst_rest_tls), streams (11: tst_rest_streams).
#include "rest_fixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace commander;

namespace {

const std::string deposit = R"({"action":"deposit-money","data":{"account":"1","amount":1}})";

std::string manyFields(int count)
{
    std::string fields;
    for (int i = 0; i < count; ++i)
        fields += "X-" + std::to_string(i) + ": 1\r\n";
    return fields;
}

std::string get(const std::string &target, const std::string &fields = {})
{
    return "GET " + target + " HTTP/1.1\r\nHost: HOST\r\n" + fields + "\r\n";
}

std::string post(const std::string &fields, const std::string &body)
{
    return "POST /commands HTTP/1.1\r\nHost: HOST\r\n" + fields + "\r\n" + body;
}

/// With a length and a type that fit.
std::string command(const std::string &body)
{
    return post("Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n", body);
}

std::string data(const std::string &value)
{
    return R"({"action":"deposit-money","data":{"account":"1","amount":1,"more":)" + value + "}}";
}

std::string nested(std::size_t depth)
{
    return std::string(depth, '[') + std::string(depth, ']');
}

struct Row {
    std::string name;
    std::string bytes; ///< HOST stands for the server's
    int status;
    std::string code; ///< of the problem; empty: an answer that is none
    bool closes = true;
};

std::vector<Row> rows()
{
    const std::string json = "Content-Type: application/json\r\n";
    return {
        // 1: size
        {"1 request line over 8 KiB", get('/' + std::string(8200, 'a')), 414, "uri-too-long"},
        {"1 request line without end", std::string(9000, 'a'), 414, "uri-too-long"},
        {"1 field over 8 KiB", get("/", "X: " + std::string(8200, 'a') + "\r\n"), 431, "header-too-large"},
        {"1 head over 32 KiB",
         get("/",
             "A: " + std::string(8000, 'a') + "\r\nB: " + std::string(8000, 'a') + "\r\nC: " + std::string(8000, 'a')
                 + "\r\nD: " + std::string(8000, 'a') + "\r\nE: " + std::string(1000, 'a') + "\r\n"),
         431, "header-too-large"},
        {"1 65 fields", get("/", manyFields(64)), 431, "header-too-large"},
        // 2: syntax, and where a message ends
        {"2 line feed alone", "GET / HTTP/1.1\nHost: HOST\n\n", 400, "bad-request"},
        {"2 folded field", get("/", "X: 1\r\n 2\r\n"), 400, "bad-request"},
        {"2 blank before the colon", post("Content-Length : 5\r\n", "GET /"), 400, "bad-request"},
        {"2 NUL", get("/", "X: a" + std::string(1, '\0') + "\r\n"), 400, "bad-request"},
        {"2 bare CR in a value", get("/", "X: a\rSet-Cookie: b\r\n"), 400, "bad-request"},
        {"2 no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad-request"},
        {"2 two Hosts", "GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n", 400, "bad-request"},
        {"2 absolute form", get("http://evil.example/"), 400, "bad-request"},
        {"2 length in letters", post(json + "Content-Length: abc\r\n", "{}"), 400, "bad-request"},
        {"2 length with a sign", post(json + "Content-Length: +2\r\n", "{}"), 400, "bad-request"},
        {"2 negative length", post(json + "Content-Length: -1\r\n", "{}"), 400, "bad-request"},
        {"2 list of lengths", post(json + "Content-Length: 2, 2\r\n", "{}"), 400, "bad-request"},
        {"2 two lengths, smuggling", post(json + "Content-Length: 2\r\nContent-Length: 40\r\n", "{}"), 400,
         "bad-request"},
        {"2 length and chunks, smuggling",
         post(json + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nGET /records HTTP/1.1\r\n"), 400,
         "bad-request"},
        {"2 two encodings, smuggling",
         post(json + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"), 400, "bad-request"},
        {"2 encoding xchunked", post(json + "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501,
         "transfer-encoding-not-implemented"},
        {"2 gzip and chunks", post(json + "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501,
         "transfer-encoding-not-implemented"},
        {"2 chunk size zz", post(json + "Transfer-Encoding: chunked\r\n", "zz\r\n"), 400, "bad-request"},
        {"2 chunk size beyond all numbers", post(json + "Transfer-Encoding: chunked\r\n", "7fffffffffffffff\r\n"), 413,
         "body-too-large"},
        {"2 trailer field", post(json + "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\nX: 1\r\n\r\n"), 400,
         "bad-request"},
        {"2 HTTP/2.0", "GET / HTTP/2.0\r\nHost: HOST\r\n\r\n", 505, "http-version-not-supported"},
        {"2 unknown method", "BREW / HTTP/1.1\r\nHost: HOST\r\n\r\n", 501, "method-not-implemented"},
        // 3: DNS rebinding. The browser sends the attacker's name, which now leads here.
        {"3 foreign name", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, "host-not-allowed"},
        {"3 foreign name, our port", "GET / HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n", 403, "host-not-allowed"},
        {"3 our name as a part", "GET / HTTP/1.1\r\nHost: localhost.evil.example:PORT\r\n\r\n", 403,
         "host-not-allowed"},
        {"3 our name before an @", "GET / HTTP/1.1\r\nHost: localhost:PORT@evil.example\r\n\r\n", 403,
         "host-not-allowed"},
        {"3 name with a dot", "GET / HTTP/1.1\r\nHost: localhost.:PORT\r\n\r\n", 403, "host-not-allowed"},
        {"3 all addresses", "GET / HTTP/1.1\r\nHost: 0.0.0.0:PORT\r\n\r\n", 403, "host-not-allowed"},
        {"3 another port", "GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n", 403, "host-not-allowed"},
        {"3 rebound, on a write",
         "POST /commands HTTP/1.1\r\nHost: evil.example:PORT\r\nOrigin: http://evil.example:PORT\r\n" + json
             + "Content-Length: 2\r\n\r\n{}",
         403, "host-not-allowed"},
        // 4: pages of other sites
        {"4 foreign origin", get("/commands", "Origin: https://evil.example\r\n"), 403, "origin-not-allowed"},
        {"4 origin null", get("/commands", "Origin: null\r\n"), 403, "origin-not-allowed"},
        {"4 our address, another port", get("/commands", "Origin: http://localhost:1\r\n"), 403, "origin-not-allowed"},
        {"4 our address, another scheme", get("/commands", "Origin: https://localhost:PORT\r\n"), 403,
         "origin-not-allowed"},
        {"4 cross-site without origin", get("/commands", "Sec-Fetch-Site: cross-site\r\n"), 403, "origin-not-allowed"},
        {"4 cross-site form",
         post(
             "Origin: https://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n",
             "{}"),
         403, "origin-not-allowed"},
        {"4 cross-site POST of text/plain",
         post("Origin: https://evil.example\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n", "{}"), 403,
         "origin-not-allowed"},
        {"4 preflight", "OPTIONS /commands HTTP/1.1\r\nHost: HOST\r\nOrigin: https://evil.example\r\n\r\n", 403,
         "origin-not-allowed"},
        {"4 WebSocket of another site",
         get("/updates",
             "Origin: https://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
             "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
         403, "origin-not-allowed"},
        // 6: path and media
        {"6 unknown path", get("/nowhere"), 404, "not-found", false},
        {"6 wrong method", "DELETE /commands HTTP/1.1\r\nHost: HOST\r\n\r\n", 405, "method-not-allowed", false},
        {"6 path that climbs", get("/../../etc/passwd"), 404, "not-found", false},
        {"6 path that climbs, escaped", get("/%2e%2e/%2e%2e/etc/passwd"), 404, "not-found", false},
        {"6 escaped slash", get("/commands%2fupdates"), 404, "not-found", false},
        {"6 escaped slash in a page's name", get("/problems/..%2f..%2fetc%2fpasswd"), 404, "not-found", false},
        {"6 twofold slash", get("//commands"), 404, "not-found", false},
        {"6 slash at the end", get("/commands/"), 404, "not-found", false},
        {"6 backslash", get("/..\\commands"), 404, "not-found", false},
        {"6 escaped NUL", get("/commands%00"), 400, "bad-request"},
        {"6 half an escape", get("/%e"), 400, "bad-request"},
        {"6 escaped twice", get("/%2563ommands"), 404, "not-found", false},
        {"6 capitals", get("/COMMANDS"), 404, "not-found", false},
        {"6 overlong UTF-8", get("/views/%c0%ae%c0%ae"), 404, "unknown-view", false},
        {"6 header injection by a path", get("/views/a%0d%0aSet-Cookie:%20a=b"), 404, "unknown-view", false},
        {"6 header injection by a topic", get("/topics/a%0d%0aSet-Cookie:%20a=b/records"), 404, "not-found", false},
        {"6 markup in a name", get("/problems/%3Cscript%3E"), 404, "not-found", false},
        {"6 simple POST", post("Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"), 415,
         "unsupported-media-type"},
        {"6 no type", post("Content-Length: 2\r\n", "{}"), 415, "unsupported-media-type"},
        {"6 two types", post(json + "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"), 415,
         "unsupported-media-type"},
        {"6 compressed", post(json + "Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"), 415,
         "unsupported-media-type"},
        {"6 no such representation", get("/commands", "Accept: image/png\r\n"), 406, "not-acceptable", false},
        // 7: the body
        {"7 no length", post(json, {}), 411, "length-required"},
        {"7 too long, declared", post(json + "Content-Length: 1048577\r\n", {}), 413, "body-too-large"},
        {"7 too long, declared beyond all numbers", post(json + "Content-Length: 99999999999999999999\r\n", {}), 413,
         "body-too-large"},
        {"7 too long, counted",
         post(json + "Transfer-Encoding: chunked\r\n", "ffff0\r\n" + std::string(0xffff0, ' ') + "\r\nffff0\r\n"), 413,
         "body-too-large"},
        {"7 too long, with 100-continue", post(json + "Content-Length: 1048577\r\nExpect: 100-continue\r\n", {}), 413,
         "body-too-large"},
        {"7 another expectation", post(json + "Content-Length: 2\r\nExpect: wonders\r\n", "{}"), 417,
         "expectation-failed"},
        // 8: JSON
        {"8 not JSON", command("{"), 400, "invalid-json", false},
        {"8 nothing", command(""), 400, "invalid-json", false},
        {"8 depth 65", command(data(nested(63))), 400, "invalid-json", false},
        {"8 depth of a bomb", command(data(nested(100'000))), 400, "invalid-json", false},
        {"8 never closed", command(std::string(100'000, '[')), 400, "invalid-json", false},
        {"8 duplicate member", command(data(R"({"a":1,"a":2})")), 422, "duplicate-key", false},
        {"8 duplicate member, escaped", command(data("{\"a\":1,\"\\u0061\":2}")), 422, "duplicate-key", false},
        {"8 bad UTF-8", command(data("\"\xff\"")), 400, "invalid-json", false},
        {"8 overlong UTF-8", command(data("\"\xc0\xaf\"")), 400, "invalid-json", false},
        {"8 encoded surrogate", command(data("\"\xed\xa0\x80\"")), 400, "invalid-json", false},
        {"8 lone surrogate", command(data("\"\\ud800\"")), 400, "invalid-json", false},
        {"8 byte order mark", command("\xef\xbb\xbf" + deposit), 400, "invalid-json", false},
        {"8 control character", command(data("\"a\x01\"")), 400, "invalid-json", false},
        {"8 NaN", command(data("NaN")), 400, "invalid-json", false},
        {"8 hexadecimal", command(data("0x1")), 400, "invalid-json", false},
        {"8 leading zero", command(data("01")), 400, "invalid-json", false},
        {"8 comment", command(data("1/**/")), 400, "invalid-json", false},
        {"8 two values", command(deposit + "{}"), 400, "invalid-json", false},
        // 9: the command
        {"9 schema", command(R"({"action":"deposit-money","data":{"account":1}})"), 422, "schema-invalid", false},
        {"9 unknown action", command(R"({"action":"launch","data":{}})"), 422, "unknown-action", false},
        {"9 unknown member", command(R"({"action":"deposit-money","admin":true})"), 422, "schema-invalid", false},
        // 11: streams
        {"11 beyond the ledger", get("/updates", "Last-Event-ID: 999999\r\n"), 409, "cursor-ahead", false},
        {"11 not a position", get("/updates", "Last-Event-ID: one\r\n"), 400, "invalid-argument", false},
        {"11 negative", get("/updates", "Last-Event-ID: -1\r\n"), 400, "invalid-argument", false},
        {"11 beyond all numbers", get("/updates", "Last-Event-ID: 18446744073709551616\r\n"), 400, "invalid-argument",
         false},
    };
}

class RestSecurityTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServedEngine> m_served;

    [[nodiscard]] std::string addressed(std::string bytes) const
    {
        const auto port = std::to_string(m_served->port());
        for (const auto &[word, value] : {std::pair{std::string("HOST"), "127.0.0.1:" + port}, {"PORT", port}}) {
            for (auto at = bytes.find(word); at != std::string::npos; at = bytes.find(word, at + value.size()))
                bytes.replace(at, word.size(), value);
        }
        return bytes;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_served = std::make_unique<ServedEngine>();
        m_served->run("open-account", R"({"account":"1","owner":"Ann"})");
    }
    void cleanupTestCase() { m_served.reset(); }

    void checklist_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<bool>("closes");
        for (const auto &row : rows())
            QTest::newRow(row.name.c_str()) << row.bytes << row.status << row.code << row.closes;
    }
    void checklist()
    {
        QFETCH(std::string, bytes);
        QFETCH(int, status);
        QFETCH(std::string, code);
        QFETCH(bool, closes);
        const auto before = m_served->engine().ledger().head().value().position;
        RawClient client(m_served->port());
        client.send(addressed(bytes));
        const auto answer = client.receive();
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.code(), code);
        QCOMPARE(answer.field("content-type"), std::string("application/problem+json"));
        QCOMPARE(answer.json().integerAt("status"), std::optional<std::int64_t>(status));
        QCOMPARE(answer.field("access-control-allow-origin"), std::string());
        QCOMPARE(answer.field("set-cookie"), std::string());
        QCOMPARE(answer.field("cache-control"), std::string("no-store"));
        QCOMPARE(answer.field("x-content-type-options"), std::string("nosniff"));
        QCOMPARE(answer.field("content-security-policy"), std::string("default-src 'none'; frame-ancestors 'none'"));
        QCOMPARE(answer.field("cross-origin-resource-policy"), std::string("same-origin"));
        QCOMPARE(answer.field("server"), std::string());
        if (closes)
            QVERIFY(client.closes()); // and nothing behind it was taken for another request
        else
            QCOMPARE(client.get("/health/live").status, 200);
        QCOMPARE(m_served->engine().ledger().head().value().position, before);
    }

    void whatIsSmuggledIsNeverAnswered()
    {
        RawClient client(m_served->port());
        const std::string inner
            = addressed("POST /commands HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\n"
                        "Content-Length: 2\r\n\r\n{}");
        client.send(addressed("GET /health/live HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\nContent-Length: "
                              + std::to_string(inner.size()) + "\r\n\r\n")
                    + inner);
        QCOMPARE(client.receive().status, 400);
        QCOMPARE(client.receive(false, 1000).status, 0);
    }

    void depthThatIsAllowed()
    {
        RawClient client(m_served->port());
        const auto answer = client.post("/commands", data(nested(62)));
        QVERIFY2(answer.status == 202 || answer.code() == "schema-invalid", answer.body.c_str());
    }

    void preflightOfAnAllowedOrigin()
    {
        RestOptions options;
        options.allowedOrigins = {"https://good.example"};
        ServedEngine served(options);
        RawClient client(served.port());
        client.send("OPTIONS /commands HTTP/1.1\r\n" + client.host()
                    + "Origin: https://good.example\r\nAccess-Control-Request-Method: POST\r\n"
                      "Access-Control-Request-Headers: authorization, content-type\r\n\r\n");
        const auto preflight = client.receive();
        QCOMPARE(preflight.status, 204);
        QCOMPARE(preflight.field("access-control-allow-origin"), std::string("https://good.example"));
        QCOMPARE(preflight.field("vary"), std::string("Origin"));
        QCOMPARE(preflight.field("access-control-allow-credentials"), std::string());
        QVERIFY(preflight.field("access-control-allow-headers").find("Authorization") != std::string::npos);
        // A page has to be able to read why it was refused.
        const auto refused = client.get("/nowhere", "Origin: https://good.example\r\n");
        QCOMPARE(refused.status, 404);
        QCOMPARE(refused.field("access-control-allow-origin"), std::string("https://good.example"));
        for (const auto *near : {"https://good.example.evil.example", "https://good.example:444", "http://good.example",
                                 "https://evil.good.example", "https://GOOD.example"})
            QCOMPARE(RawClient(served.port()).get("/commands", std::string("Origin: ") + near + "\r\n").status, 403);
    }

    void slowSendersDoNotHoldUpTheOthers()
    {
        // 1: heads that drip, bodies that stop, and connections that say nothing, all at the same time.
        constexpr std::size_t each = 60;
        std::vector<std::unique_ptr<RawClient>> dripping;
        std::vector<std::unique_ptr<RawClient>> stopping;
        std::vector<std::unique_ptr<RawClient>> silent;
        for (std::size_t i = 0; i < each; ++i) {
            dripping.push_back(std::make_unique<RawClient>(m_served->port()));
            stopping.push_back(std::make_unique<RawClient>(m_served->port()));
            stopping.back()->send(addressed(post("Content-Type: application/json\r\nContent-Length: 100\r\n", "{")));
            silent.push_back(std::make_unique<RawClient>(m_served->port()));
        }
        QElapsedTimer timer;
        timer.start();
        RawClient honest(m_served->port());
        const auto head = addressed(get("/commands"));
        std::size_t sent = 0;
        qint64 slowest = 0;
        const auto closed = [](const auto &clients) {
            return std::count_if(clients.begin(), clients.end(), [](const auto &client) {
                client->socket().waitForReadyRead(0);
                return client->socket().state() == QAbstractSocket::UnconnectedState;
            });
        };
        while (timer.elapsed() < 8000 && closed(dripping) < static_cast<std::ptrdiff_t>(each)) {
            if (timer.elapsed() > static_cast<qint64>(sent) * 500 && sent < head.size()) {
                for (const auto &client : dripping) {
                    client->socket().write(&head[sent], 1);
                    client->socket().flush();
                }
                ++sent;
            }
            QElapsedTimer one;
            one.start();
            QCOMPARE(honest.get("/health/live").status, 200);
            slowest = std::max(slowest, one.elapsed());
        }
        QVERIFY2(timer.elapsed() > 4000 && timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(dripping.front()->receive().status, 408);
        QVERIFY2(slowest < 1000, qPrintable(QString::number(slowest)));
        QCOMPARE(stopping.front()->receive(false, 10'000).status, 408);
        QVERIFY(timer.elapsed() > 9000 && timer.elapsed() < 14'000);
        QVERIFY(stopping.back()->closes());
        QVERIFY(silent.front()->closes(20'000)); // without a word: there was no request
        QVERIFY(timer.elapsed() > 14'000 && timer.elapsed() < 26'000);
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestSecurityTest)
#include "tst_rest_security.moc"
