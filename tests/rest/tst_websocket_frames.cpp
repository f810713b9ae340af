// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/socket_client.h"
#include "rest/websocket/client_message.h"
#include "rest/websocket/frame_reader.h"
#include "support/seeded_random.h"

#include <QTest>

#include <random>

using namespace commander;
using namespace commander::rest;

namespace {

/// What comes of bytes that arrive in pieces: the messages as text, and the failure.
std::string verdictOf(const std::string &bytes, const std::function<std::size_t()> &pieceBytes)
{
    FrameReader reader(200);
    std::string verdict;
    for (std::size_t at = 0; at < bytes.size() && reader.state() != FrameReader::State::Failed;) {
        at += reader.feed(std::string_view(bytes).substr(at, std::max<std::size_t>(1, pieceBytes())));
        if (reader.state() == FrameReader::State::Complete) {
            const auto message = reader.take();
            verdict += std::to_string(static_cast<int>(message.opcode)) + '/' + std::to_string(message.code) + '/'
                + message.payload + ';';
        }
    }
    if (reader.state() == FrameReader::State::Failed)
        verdict += std::to_string(reader.failure().code);
    return verdict;
}

std::string verdictOf(const std::string &bytes)
{
    return verdictOf(bytes, [] { return std::size_t{1} << 20; });
}

std::string withHead(std::initializer_list<int> head, const std::string &rest = {})
{
    std::string frame;
    for (const int byte : head)
        frame += static_cast<char>(byte);
    return frame + rest;
}

class WebSocketFramesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void frames_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("verdict");
        const auto row = [](const char *name, const std::string &bytes, const std::string &verdict) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray::fromStdString(verdict);
        };
        row("text", clientFrame(1, "hello"), "1/0/hello;");
        row("empty text", clientFrame(1, ""), "1/0/;");
        row("126 bytes", clientFrame(1, std::string(126, 'a')), "1/0/" + std::string(126, 'a') + ";");
        row("fragments with a ping between",
            clientFrame(1, "Fr\xc3", false) + clientFrame(9, "?")
                + clientFrame(0,
                              "\xa9"
                              "d",
                              false)
                + clientFrame(0, "!"),
            "9/0/?;1/0/Fr\xc3\xa9"
            "d!;");
        row("pong", clientFrame(10, "x"), "10/0/x;");
        row("close",
            clientFrame(8,
                        "\x03\xe8"
                        "bye"),
            "8/1000/bye;");
        row("close without code", clientFrame(8, ""), "8/0/;");
        row("close of an application", clientFrame(8, "\x0f\xa0"), "8/4000/;");
        row("two messages", clientFrame(1, "a") + clientFrame(1, "b"), "1/0/a;1/0/b;");
        row("not masked", clientFrame(1, "hello", true, false), "1002");
        row("reserved bit", withHead({0xc1, 0x80, 0, 0, 0, 0}), "1002");
        row("unknown opcode", withHead({0x83, 0x80, 0, 0, 0, 0}), "1002");
        row("unknown control opcode", withHead({0x8b, 0x80, 0, 0, 0, 0}), "1002");
        row("binary", clientFrame(2, "hello"), "1003");
        row("fragments of a ping", clientFrame(9, "?", false), "1002");
        row("long ping", clientFrame(9, std::string(126, 'a')), "1002");
        row("continues nothing", clientFrame(0, "a"), "1002");
        row("begins within a message", clientFrame(1, "a", false) + clientFrame(1, "b"), "1002");
        row("length not in its shortest form", withHead({0x81, 0xfe, 0, 5, 0, 0, 0, 0}, "hello"), "1002");
        row("long length not in its shortest form", withHead({0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0, 0, 0}),
            "1002");
        row("length with its highest bit", withHead({0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), "1002");
        row("too long", clientFrame(1, std::string(201, 'a')), "1009");
        row("too long in its head", withHead({0x81, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), "1009");
        row("too long in fragments",
            clientFrame(1, std::string(150, 'a'), false) + clientFrame(0, std::string(51, 'a')), "1009");
        row("longest", clientFrame(1, std::string(200, 'a')), "1/0/" + std::string(200, 'a') + ";");
        row("not UTF-8", clientFrame(1, "\xff"), "1007");
        row("surrogate", clientFrame(1, "\xed\xa0\x80"), "1007");
        row("close with one byte", clientFrame(8, "\x03"), "1002");
        row("close with a code that is never sent", clientFrame(8, "\x03\xee"), "1002");
        row("close with no code of anyone", clientFrame(8, "\x01\x01"), "1002");
        row("close with a bad reason", clientFrame(8, "\x03\xe8\xff"), "1007");
        row("behind a failure", clientFrame(2, "a") + clientFrame(1, "b"), "1003");
    }
    void frames()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, verdict);
        const auto text = bytes.toStdString();
        QCOMPARE(QByteArray::fromStdString(verdictOf(text)), verdict);
        QCOMPARE(QByteArray::fromStdString(verdictOf(text, [] { return std::size_t{1}; })), verdict);
        const auto seed = std::random_device{}();
        SeededRandom random(seed);
        for (int round = 0; round < 20; ++round) {
            const auto pieces = verdictOf(text, [&random] { return std::size_t{random.below(9)}; });
            QVERIFY2(QByteArray::fromStdString(pieces) == verdict, qPrintable(QStringLiteral("seed %1").arg(seed)));
        }
    }

    void framesOfTheServer()
    {
        std::string out;
        appendSocketFrame(out, Opcode::Text, "ab");
        QVERIFY(out
                == "\x81\x02"
                   "ab");
        out.clear();
        appendSocketFrameHead(out, Opcode::Text, 300);
        QVERIFY(out == std::string("\x81\x7e\x01\x2c"));
        out.clear();
        appendSocketFrameHead(out, Opcode::Text, 0x10000);
        QVERIFY(out == std::string("\x81\x7f\0\0\0\0\0\x01\0\0", 10));
        out.clear();
        appendCloseFrame(out, 1000, std::string(200, 'a'));
        QCOMPARE(out.size(), std::size_t{2 + 125});
        out.clear();
        appendCloseFrame(out, 0, "ignored");
        QVERIFY(out == std::string("\x88\0", 2));
    }

    void messages_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("meaning");
        const auto row = [](const char *text, const char *meaning) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(meaning);
        };
        row(R"({"type":"subscribe","subscription":"a"})", "subscribe a");
        row(R"({"subscription":"a","type":"subscribe","path":"/updates","from":5,"kind":["event","change"]})",
            "subscribe a /updates from=5 kind=event,change");
        row(R"({"type":"subscribe","subscription":"a","filter":"text = x&y+z"})", "subscribe a filter=text = x&y+z");
        row(R"({"type":"unsubscribe","subscription":"a"})", "unsubscribe a");
        row(R"({"type":"submit","ref":"1","command":{"n": 1.0},"wait":5})", R"(submit 1 {"n": 1.0} 5000)");
        row(R"({"type":"submit","ref":"1","command":{}})", "submit 1 {} 0");
        row(R"({"type":"submit","command":{}})", "error ref");
        row(R"({"type":"submit","ref":"7"})", "error 7 command");
        row(R"({"type":"submit","ref":"7","command":{},"wait":61})", "error 7 wait");
        row(R"({"type":"submit","ref":"7","command":{},"subscription":"a"})", "error 7 subscription");
        row(R"({"type":"subscribe"})", "error subscription");
        row(R"({"type":"subscribe","subscription":""})", "error subscription");
        row(R"({"type":"subscribe","subscription":5})", "error subscription");
        row(R"({"type":"subscribe","filtre":"x","subscription":"a"})", "error a filtre");
        row(R"({"type":"subscribe","subscription":"a","filter":{}})", "error a filter");
        row(R"({"type":"unsubscribe","subscription":"a","from":"start"})", "error a from");
        row(R"({"type":"dance"})", "close");
        row(R"({"ref":"1"})", "close");
        row(R"([1])", "close");
        row(R"({"type":"subscribe","type":"submit"})", "close");
        row("hello", "close");
    }
    void messages()
    {
        QFETCH(QString, text);
        QFETCH(QString, meaning);
        const auto message = readClientMessage(text.toStdString());
        std::string read;
        if (const auto *subscribe = std::get_if<SubscribeMessage>(&message)) {
            read = "subscribe " + subscribe->subscription + (subscribe->path.empty() ? "" : " " + subscribe->path);
            for (const auto *name : {"from", "filter", "kind"}) {
                std::string values;
                for (const auto &value : subscribe->query.texts(name))
                    values += (values.empty() ? "" : ",") + value;
                if (!values.empty())
                    read.append(" ").append(name).append("=").append(values);
            }
        } else if (const auto *unsubscribe = std::get_if<UnsubscribeMessage>(&message)) {
            read = "unsubscribe " + unsubscribe->subscription;
        } else if (const auto *submit = std::get_if<SubmitMessage>(&message)) {
            read = "submit " + submit->ref + ' ' + submit->command + ' ' + std::to_string(submit->wait.count());
        } else if (const auto *unusable = std::get_if<UnusableMessage>(&message)) {
            read = unusable->close ? "close" : "error ";
            if (!unusable->close) {
                const auto about = unusable->ref + unusable->subscription;
                read += (about.empty() ? "" : about + ' ') + unusable->error.where;
            }
        }
        QCOMPARE(QString::fromStdString(read), meaning);
    }
};

} // namespace

QTEST_GUILESS_MAIN(WebSocketFramesTest)
#include "tst_websocket_frames.moc"
