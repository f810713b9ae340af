// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/guarded_server.h"
#include "rest/socket_client.h"
#include "support/result_macros.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <random>
#include <set>
#include <thread>

using namespace commander;

namespace {

const std::string openAccount = R"({"account":"1","owner":"Ann"})";
const std::string deposit = R"({"account":"1","amount":1})";

/// Instead of raw strings with an odd number of quotes: moc 6.4 sees no class behind one.
std::string quoted(const std::string &text)
{
    return '"' + text + '"';
}

std::string textOf(const Json &json, std::string_view name)
{
    return std::string(json.stringAt(name));
}

class RestSocketsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void handshake()
    {
        ServedEngine served;
        SocketClient client(served.port(), "/updates", "Sec-WebSocket-Protocol: other, commander.v1\r\n");
        QCOMPARE(client.head().status, 101);
        // The example of RFC 6455.
        QVERIFY(client.head().field("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        QVERIFY(client.head().field("sec-websocket-protocol") == "commander.v1");
        QVERIFY(client.head().field("sec-websocket-extensions").empty());
        const auto first = client.next();
        QVERIFY(first && first->type() == "subscribed" && textOf(first->json(), "subscription") == "main");
        QCOMPARE(served.server().status().streams, std::uint64_t{1});
        client.sendBytes(clientFrame(9, "there?"));
        const auto pong = client.next();
        QVERIFY(pong && pong->opcode == 10 && pong->payload == "there?");
        client.sendBytes(clientFrame(8, "\x03\xe8"));
        QCOMPARE(client.closeCode(), 1000);
        QVERIFY(client.raw().closes());
        QTRY_COMPARE(served.server().status().streams, std::uint64_t{0});
    }

    void refusedHandshakes_data()
    {
        QTest::addColumn<QString>("head");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *name, const char *head, int status, const char *code) {
            QTest::newRow(name) << QString::fromUtf8(head) << status << QString::fromUtf8(code);
        };
        const char *bad = "bad-handshake";
        row("foreign origin", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|Origin: http://evil.example", 403,
            "origin-not-allowed");
        row("origin null", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|Origin: null", 403, "origin-not-allowed");
        row("cross-site", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|Sec-Fetch-Site: cross-site", 403,
            "origin-not-allowed");
        row("foreign host", "GET /updates HTTP/1.1|Host: evil.example|UPGRADE|VERSION|KEY", 403, "host-not-allowed");
        row("no version", "GET /updates HTTP/1.1|HOST|UPGRADE|KEY", 426, "upgrade-required");
        row("old version", "GET /updates HTTP/1.1|HOST|UPGRADE|Sec-WebSocket-Version: 8|KEY", 426, "upgrade-required");
        row("two versions", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|VERSION|KEY", 426, "upgrade-required");
        row("no key", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION", 400, bad);
        row("two keys", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|KEY", 400, bad);
        row("short key", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|Sec-WebSocket-Key: dGhlIA==", 400, bad);
        row("key of 17 bytes",
            "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZaE=", 400, bad);
        row("not in Connection", "GET /updates HTTP/1.1|HOST|Upgrade: websocket|VERSION|KEY", 400, bad);
        row("two Upgrade fields", "GET /updates HTTP/1.1|HOST|UPGRADE|Upgrade: h2c|VERSION|KEY", 400, bad);
        row("HEAD", "HEAD /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY", 400, bad);
        row("HTTP/1.0", "GET /updates HTTP/1.0|HOST|UPGRADE|VERSION|KEY", 400, bad);
        row("with a body", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|Content-Length: 2", 400, bad);
        row("with an empty body", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|Content-Length: 0", 400, bad);
        row("with chunks", "GET /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|Transfer-Encoding: chunked", 400, bad);
        row("POST", "POST /updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY|Content-Length: 0", 405, "method-not-allowed");
        row("unknown path", "GET /nowhere HTTP/1.1|HOST|UPGRADE|VERSION|KEY", 404, "not-found");
        row("unknown view", "GET /views/nothing/updates HTTP/1.1|HOST|UPGRADE|VERSION|KEY", 404, "unknown-view");
        row("bad filter", "GET /updates?filter=%28 HTTP/1.1|HOST|UPGRADE|VERSION|KEY", 400, "invalid-filter");
        row("ahead", "GET /updates?lastEventId=99 HTTP/1.1|HOST|UPGRADE|VERSION|KEY", 409, "cursor-ahead");
    }
    void refusedHandshakes()
    {
        QFETCH(QString, head);
        QFETCH(int, status);
        QFETCH(QString, code);
        static ServedEngine served;
        head.replace(QStringLiteral("HOST"), QStringLiteral("Host: 127.0.0.1:%1").arg(served.port()));
        head.replace(QStringLiteral("UPGRADE"), QStringLiteral("Upgrade: websocket|Connection: Upgrade"));
        head.replace(QStringLiteral("VERSION"), QStringLiteral("Sec-WebSocket-Version: 13"));
        head.replace(QStringLiteral("KEY"), QStringLiteral("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        head.replace(QStringLiteral("|"), QStringLiteral("\r\n"));
        RawClient client(served.port());
        client.send(head.toStdString() + "\r\n\r\n");
        const auto answer = client.receive(head.startsWith(QStringLiteral("HEAD")));
        QCOMPARE(answer.status, status);
        if (!head.startsWith(QStringLiteral("HEAD")))
            QCOMPARE(QString::fromStdString(answer.code()), code);
        QVERIFY(answer.field("access-control-allow-origin").empty());
        QVERIFY(answer.field("sec-websocket-accept").empty());
        QCOMPARE(answer.field("sec-websocket-version"), std::string(status == 426 ? "13" : ""));
    }

    void framesMayComeWithTheHandshake()
    {
        ServedEngine served;
        RawClient client(served.port());
        client.send("GET /updates?subscribe=false HTTP/1.1\r\n" + client.host() + SocketClient::handshake + "\r\n"
                    + clientFrame(9, "early") + clientFrame(8, ""));
        QCOMPARE(client.receive(true).status, 101);
        std::string bytes;
        while (bytes.size() < 9) {
            const auto more = client.receiveSome();
            QVERIFY(!more.empty());
            bytes += more;
        }
        QCOMPARE(QByteArray::fromStdString(bytes),
                 QByteArray("\x8a\x05"
                            "early"
                            "\x88\x00",
                            9));
        QVERIFY(client.closes());
    }

    void rolesAreAskedFor()
    {
        Guarded guarded;
        const auto port = guarded.served->port();
        QCOMPARE(SocketClient(port, "/updates").head().status, 401);
        QCOMPARE(SocketClient(port, "/updates", guarded.as("submit")).head().status, 403);
        const std::string submit
            = R"({"type":"submit","ref":"1","command":{"action":"deposit-money","data":)" + deposit + "}}";
        SocketClient reader(port, "/commands/updates", guarded.as("read"));
        reader.send(submit);
        const auto error = reader.nextOf("error");
        QCOMPARE(error.integerAt("status").value_or(0), std::int64_t{403});
        QCOMPARE(std::string(error.find("problem")->stringAt("code")), std::string("insufficient-scope"));
        SocketClient writer(port, "/updates",
                            Guarded::bearer(guarded.make("both", {AccessRole::Read, AccessRole::Submit})));
        writer.send(submit);
        QCOMPARE(std::string(writer.nextOf("receipt").find("command")->stringAt("actor")), std::string("both"));
        // A browser has a ticket instead.
        RawClient client(port);
        const auto ticket = client.post("/tickets", R"({"path":"/updates"})", guarded.as("read"));
        SocketClient browser(port, "/updates?ticket=" + std::string(ticket.json().stringAt("ticket")));
        QCOMPARE(browser.head().status, 101);
        QVERIFY_RESULT(guarded.tokens->revoke("both"));
        QCOMPARE(writer.closeCode(), 4401);
        reader.send(submit);
        QVERIFY(!reader.nextOf("error").isNull());
    }

    void aPathWithoutUpdatesStaysHttp()
    {
        ServedEngine served;
        SocketClient client(served.port(), "/health/live");
        QVERIFY(client.head().status == 200 || client.head().status == 204);
    }

    /// The same ids, events and bytes as a client of server-sent events gets.
    void sameAsServerSentEvents_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto *path :
             {"/updates?from=start", "/commands/updates?from=start", "/events/updates?from=2",
              "/results/updates?from=start", "/views/accounts/updates?from=start",
              "/updates?from=start&kind=change,result", "/updates?from=start&filter=action%20%3D%20%22deposit-money%22",
              "/updates?lastEventId=2:1"})
            QTest::newRow(path) << QString::fromUtf8(path);
    }
    void sameAsServerSentEvents()
    {
        QFETCH(QString, path);
        ServedEngine served;
        served.run("open-account", "{\"account\":\"1\",\n \"owner\":\"Ann\"}");
        served.run("deposit-money", R"({"account":"1",  "amount": 15})");
        QTRY_COMPARE(served.engine().updates().progress().viewed.value, std::uint64_t{6});
        StreamClient sse(served.port(), path.toStdString());
        SocketClient socket(served.port(), path.toStdString());
        QCOMPARE(sse.head().status, 200);
        QCOMPARE(socket.head().status, 101);
        int messages = 0;
        while (const auto event = sse.next(300)) {
            const auto frame = [&socket] {
                auto next = socket.next();
                return next && next->type() == "subscribed" ? socket.next() : next;
            }();
            QVERIFY(frame);
            QCOMPARE(frame->payload,
                     R"({"type":"message","subscription":"main","id":)" + quoted(event->id) + R"(,"event":)"
                         + quoted(event->event) + R"(,"data":)" + event->data + "}");
            ++messages;
        }
        QVERIFY(messages > 0);
        QVERIFY(!socket.next(100) || messages == 0);
    }

    void viewUpdatesAreOfThatViewAndKey()
    {
        ServedEngine served;
        StreamClient one(served.port(), "/views/accounts/updates?key=2");
        QCOMPARE(one.head().status, 200);
        served.run("open-account", R"({"account":"1","owner":"Ann"})");
        served.run("open-account", R"({"account":"2","owner":"Bob"})");
        const auto change = one.next();
        QVERIFY(change && change->event == "change");
        const auto json = parseJson(change->data).value_or(Json());
        QCOMPARE(textOf(json, "view"), std::string("accounts"));
        QCOMPARE(textOf(json, "key"), std::string("2"));
        RawClient client(served.port());
        QCOMPARE(client.get("/views/nothing/updates").status, 404);
    }

    void severalSubscriptions()
    {
        ServedEngine served;
        served.run("open-account", openAccount);
        SocketClient client(served.port(), "/updates?subscribe=false");
        QCOMPARE(client.head().status, 101);
        client.send(R"({"type":"subscribe","subscription":"all commands","path":"/commands/updates","from":"start"})");
        QCOMPARE(client.nextOf("subscribed").integerAt("from").value_or(0), std::int64_t{1});
        const auto command = client.nextOf("message");
        QCOMPARE(textOf(command, "subscription"), std::string("all commands"));
        QCOMPARE(textOf(command, "event"), std::string("command"));
        client.send(R"({"type":"subscribe","subscription":"r","path":"/results/updates","lastEventId":"2"})");
        QCOMPARE(client.nextOf("subscribed").integerAt("from").value_or(0), std::int64_t{3});
        QCOMPARE(textOf(client.nextOf("message"), "id"), std::string("3"));
        // Names are the client's, one subscription each.
        client.send(R"({"type":"subscribe","subscription":"r"})");
        auto error = client.nextOf("error");
        QCOMPARE(textOf(error, "subscription"), std::string("r"));
        QCOMPARE(error.integerAt("status").value_or(0), std::int64_t{409});
        client.send(R"({"type":"subscribe","subscription":"bad","path":"/commands"})");
        QCOMPARE(textOf(client.nextOf("error"), "subscription"), std::string("bad"));
        client.send(R"({"type":"subscribe","subscription":"bad","filter":"= ="})");
        QCOMPARE(std::string(client.nextOf("error").find("problem")->stringAt("code")), std::string("invalid-filter"));
        client.send(R"({"type":"subscribe","subscription":"bad","lastEventId":"99"})");
        QCOMPARE(std::string(client.nextOf("error").find("problem")->stringAt("code")), std::string("cursor-ahead"));
        // Behind the answer to unsubscribe nothing comes of it any more.
        client.send(R"({"type":"unsubscribe","subscription":"r"})");
        QCOMPARE(textOf(client.nextOf("unsubscribed"), "subscription"), std::string("r"));
        served.run("deposit-money", deposit);
        QCOMPARE(textOf(client.nextOf("message"), "event"), std::string("command"));
        QVERIFY(!client.next(200));
        // Before its first message, a client has the id of the beginning.
        client.send(R"({"type":"subscribe","subscription":"late","path":"/results/updates"})");
        const auto begin = textOf(client.nextOf("subscribed"), "id");
        served.run("deposit-money", deposit);
        SocketClient again(served.port(), "/updates?lastEventId=" + begin);
        QCOMPARE(textOf(again.nextOf("message"), "id"), std::string("7"));
        QCOMPARE(textOf(again.nextOf("message"), "event"), std::string("event"));
        client.send(R"({"type":"unsubscribe","subscription":"r"})");
        QCOMPARE(client.nextOf("error").integerAt("status").value_or(0), std::int64_t{404});
        for (int i = 0; i < 64; ++i)
            client.send(R"({"type":"subscribe","subscription":)" + quoted("s" + std::to_string(i))
                        + R"(,"path":"/results/updates"})");
        error = client.nextOf("error");
        QCOMPARE(std::string(error.find("problem")->stringAt("code")), std::string("limit-exceeded"));
    }

    void submitWithReceipt()
    {
        ServedEngine served;
        SocketClient client(served.port(), "/updates?subscribe=false");
        const std::string command
            = R"({"id":"3f1a1c9e-8f43-4b65-9c1f-0a7a5b1f0001","action":"open-account","data":{"account":"1", "owner":"Ann"}})";
        client.send(R"({"type":"submit","ref":"a","wait":5,"command":)" + command + "}");
        auto frame = client.next();
        QVERIFY(frame && frame->type() == "receipt");
        QVERIFY(frame->payload.find(R"("data":{"account":"1", "owner":"Ann"})") != std::string::npos);
        auto receipt = frame->json();
        QCOMPARE(textOf(receipt, "ref"), std::string("a"));
        QCOMPARE(receipt.integerAt("status").value_or(0), std::int64_t{201});
        QCOMPARE(std::string(receipt.find("command")->stringAt("status")), std::string("succeeded"));
        QVERIFY(!receipt.find("replayed"));
        // The same again: recorded once.
        client.send(R"({"type":"submit","ref":"b","command":)" + command + "}");
        receipt = client.nextOf("receipt");
        QVERIFY(receipt.find("replayed"));
        QCOMPARE(served.engine().updates().progress().ledger.value, std::uint64_t{3});
        // Recorded, and the domain says no.
        client.send(
            R"({"type":"submit","ref":"c","wait":5,"command":{"action":"deposit-money","data":{"account":"9","amount":1}}})");
        receipt = client.nextOf("receipt");
        QCOMPARE(receipt.integerAt("status").value_or(0), std::int64_t{409});
        QCOMPARE(std::string(receipt.find("problem")->stringAt("code")), std::string("command-rejected"));
        // Not recorded.
        for (const auto *wrong : {R"({"action":"dance"})", R"({"action":"open-account","data":{"account":7}})", "5"}) {
            client.send(std::string(R"({"type":"submit","ref":"d","command":)") + wrong + "}");
            const auto error = client.nextOf("error");
            QCOMPARE(textOf(error, "ref"), std::string("d"));
            QVERIFY(error.integerAt("status").value_or(0) >= 400);
        }
        QCOMPARE(served.engine().updates().progress().ledger.value, std::uint64_t{5});
    }

    void manySubmitsAtOnceAreAllAnswered()
    {
        ServedEngine served;
        served.run("open-account", openAccount);
        SocketClient client(served.port(), "/updates?subscribe=false");
        constexpr int commands = 500; // more than may be under way
        std::string frames;
        for (int i = 0; i < commands; ++i) {
            frames += clientFrame(1,
                                  R"({"type":"submit","ref":)" + quoted(std::to_string(i))
                                      + R"(,"wait":5,"command":{"action":"deposit-money","data":)" + deposit + "}}");
        }
        client.sendBytes(frames);
        std::set<std::string> answered;
        for (int i = 0; i < commands; ++i) {
            const auto receipt = client.nextOf("receipt");
            QCOMPARE(receipt.integerAt("status").value_or(0), std::int64_t{201});
            answered.insert(textOf(receipt, "ref"));
        }
        QCOMPARE(answered.size(), std::size_t{commands});
    }

    void whatIsNoMessageCloses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::newRow("binary") << QByteArray::fromStdString(clientFrame(2, "{}")) << 1003;
        QTest::newRow("not UTF-8") << QByteArray::fromStdString(clientFrame(1, "\xff")) << 1007;
        QTest::newRow("unmasked") << QByteArray::fromStdString(clientFrame(1, "{}", true, false)) << 1002;
        QTest::newRow("too long") << QByteArray::fromStdString(clientFrame(1, std::string(65'537, ' '))) << 1009;
        QTest::newRow("no JSON") << QByteArray::fromStdString(clientFrame(1, "hello")) << 1008;
        QTest::newRow("unknown type") << QByteArray::fromStdString(clientFrame(1, R"({"type":"dance"})")) << 1008;
    }
    void whatIsNoMessageCloses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        static ServedEngine served;
        SocketClient client(served.port(), "/updates");
        client.sendBytes(bytes.toStdString());
        QCOMPARE(client.closeCode(), code);
        QVERIFY(client.raw().closes());
        QTRY_COMPARE(served.server().status().streams, std::uint64_t{0});
    }

    void aClientWithoutPongIsDropped()
    {
        RestOptions options;
        options.push.heartbeat = std::chrono::milliseconds(100);
        options.push.pongMax = std::chrono::milliseconds(200);
        ServedEngine served(options);
        SocketClient alive(served.port(), "/updates?from=start");
        SocketClient dead(served.port(), "/updates");
        dead.answerPings(false);
        QVERIFY(alive.next());
        QVERIFY(dead.next());
        QElapsedTimer time;
        time.start();
        while (served.server().status().streams > 1 && time.elapsed() < 10'000)
            QVERIFY(!alive.next(20)); // answers what it is asked
        QCOMPARE(served.server().status().streams, std::uint64_t{1});
        QVERIFY(dead.raw().closes());
        served.run("open-account", openAccount);
        QCOMPARE(textOf(alive.nextOf("message"), "id"), std::string("1"));
    }

    void aClientThatReadsNothingForTooLongIsDropped()
    {
        RestOptions options;
        options.push.heartbeat = std::chrono::milliseconds(50);
        options.push.stallMax = std::chrono::milliseconds(300);
        ServedEngine served(options);
        const std::string blanks(100'000, ' ');
        for (int i = 0; i < 200; ++i) { // 20 MB, more than the kernel's buffers hold
            CommandDraft draft;
            draft.action = "open-account";
            draft.data = "{\"account\":\"a" + std::to_string(i) + "\"," + blanks + "\"owner\":\"Ann\"}";
            draft.actor = "load";
            QVERIFY_RESULT(served.engine().commands().submitAndWait(std::move(draft)));
        }
        SocketClient socket(served.port(), "/commands/updates?from=start");
        socket.raw().socket().setReadBufferSize(1024);
        StreamClient sse(served.port(), "/commands/updates?from=start");
        sse.raw().socket().setReadBufferSize(1024);
        QTRY_COMPARE(served.server().status().streams, std::uint64_t{2});
        QTRY_COMPARE(served.server().status().streams, std::uint64_t{0});
        StreamClient quick(served.port(), "/commands/updates?from=start");
        for (int i = 0; i < 200; ++i)
            QVERIFY(quick.next());
    }

    /// Pings as fast as they can be sent, and no answer is read: the server stops reading, and works for others.
    void aFloodIsNotAnsweredWithoutBound()
    {
        ServedEngine served;
        SocketClient flood(served.port(), "/updates?subscribe=false");
        flood.raw().socket().setReadBufferSize(1024);
        std::string pings;
        for (int i = 0; i < 500; ++i)
            pings += clientFrame(9, std::string(125, 'p'));
        // What the kernel and the server hold is far below this.
        constexpr qint64 bytes = 64 * 1024 * 1024;
        qint64 sent = 0;
        auto &socket = flood.raw().socket();
        while (sent < bytes) {
            socket.write(pings.data(), static_cast<qint64>(pings.size()));
            sent += static_cast<qint64>(pings.size());
            while (socket.bytesToWrite() > 1'000'000) {
                if (!socket.waitForBytesWritten(1000))
                    break;
            }
            if (socket.bytesToWrite() > 1'000'000)
                break; // the server takes no more
        }
        QVERIFY(sent < bytes);
        RawClient other(served.port());
        QCOMPARE(other.get("/ledger/head").status, 200);
    }

    void theServerSaysGoodbye()
    {
        auto served = std::make_unique<ServedEngine>();
        SocketClient client(served->port(), "/updates");
        QVERIFY(client.next());
        served.reset();
        QCOMPARE(client.closeCode(), 1001);
    }

    void resumesUnderLoadWithoutGapOrRepeat()
    {
        ServedEngine served;
        served.run("open-account", openAccount);
        constexpr int commands = 300;
        std::jthread load([&served] {
            for (int i = 0; i < commands; ++i) {
                CommandDraft draft;
                draft.action = "deposit-money";
                draft.data = deposit;
                draft.actor = "load";
                if (!served.engine().commands().submitAndWait(std::move(draft)))
                    return;
            }
        });
        const auto seed = std::random_device{}();
        std::mt19937 random(seed);
        std::vector<std::string> ids;
        std::string last;
        constexpr std::uint64_t end = 3 + 3 * commands;
        while (last.empty() || std::strtoull(last.c_str(), nullptr, 10) < end) {
            SocketClient client(served.port(), "/updates?" + (last.empty() ? "from=start" : "lastEventId=" + last));
            QCOMPARE(client.head().status, 101);
            for (auto n = random() % 60; n > 0 && (last.empty() || std::strtoull(last.c_str(), nullptr, 10) < end);
                 --n) {
                const auto message = client.nextOf("message");
                QVERIFY2(!message.isNull(), qPrintable(QStringLiteral("seed %1").arg(seed)));
                last = textOf(message, "id");
                ids.push_back(last);
            }
            client.raw().abort();
        }
        load.join();
        std::vector<std::string> expected;
        for (std::uint64_t position = 1; position <= end; ++position) {
            expected.push_back(std::to_string(position));
            const auto changes = served.engine().views().changesAt(Position{position});
            QVERIFY_RESULT(changes);
            for (std::size_t i = 1; i <= changes->size(); ++i)
                expected.push_back(std::to_string(position) + ':' + std::to_string(i));
        }
        QVERIFY2(ids == expected, qPrintable(QStringLiteral("seed %1").arg(seed)));
    }
};

} // namespace

QTEST_GUILESS_MAIN(RestSocketsTest)
#include "tst_rest_sockets.moc"
