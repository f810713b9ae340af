// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/seeded_random.h"

#include "script/helper_messages.h"

#include <QTest>
#include <random>

using namespace commander;
using namespace commander::script;

/// The protocol between engine and script processes believes nothing.
class TestScriptWire : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cutsFrames();
    void refusesFrames();
    void messagesComeBack();
    void refusesWhatIsCutOrLonger();
    void refusesFalseNumbers();
    void survivesAnything();
};

namespace {

/// The payload of a frame.
std::string payloadOf(const std::optional<std::string> &frame)
{
    return frame.value_or("no frame").substr(4);
}

CallMessage someCall()
{
    CallMessage call{HelperMessage::React, "remind", 0, {}, uuid5({}, "source"), {123456789}, 3};
    call.record.id = uuid5({}, "id");
    call.record.parent = uuid5({}, "parent");
    call.record.correlation = uuid5({}, "root");
    call.record.timestamp = Timestamp{-5};
    call.record.key = "k\0ey";
    call.record.action = "written";
    call.record.actor = "console";
    call.record.data = R"({"n":23958446825181076828})";
    call.documents = {{"accounts", "1", *parseJson("{\"b\":1}")}, {"", "2", std::nullopt}};
    return call;
}

AnswerMessage someAnswer(HelperMessage kind)
{
    AnswerMessage answer;
    answer.kind = kind;
    answer.idsMade = 7;
    answer.worn = true;
    answer.events = {{"written", "key", *parseJson(R"({"a":[1.0,{"b":null}]})")}, {"read", "", Json::object()}};
    answer.changes = {{"one", *parseJson("{\"x\":1}")}, {"two", std::nullopt}};
    answer.commands = {{"note", "", *parseJson("{\"t\":\"x\"}"), Timestamp{5}, std::nullopt}};
    answer.data = *parseJson(R"({"z":"ä"})");
    answer.error = {ErrorCode::ScriptTimeout, "what", "where", "remedy", {{"domain.js:7", "in f: x", 4}}};
    return answer;
}

/// One payload of every kind.
std::vector<std::string> allPayloads()
{
    const Json document = *parseJson("{\"d\":1e3}");
    std::vector<std::string> out{
        payloadOf(encode(LoadMessage{{{"domain.json", "{}"}, {"domain.js", "export {}"}}, 200, 2000, 1 << 20})),
        payloadOf(encode(someCall())),
        payloadOf(encodeDocument(&document)),
        payloadOf(encodeDocument(nullptr)),
        payloadOf(encodeLoaded({{"domain.js", 3, 4, "/x", "message", "remedy"}})),
        payloadOf(encode(ReadMessage{"accounts", "1"}))};
    for (const auto kind : {HelperMessage::Decided, HelperMessage::Folded, HelperMessage::Reacted,
                            HelperMessage::Upcasted, HelperMessage::Failed})
        out.push_back(payloadOf(encode(someAnswer(kind))));
    AnswerMessage rejected;
    rejected.kind = HelperMessage::Decided;
    rejected.rejection = Rejection{"no", "never", *parseJson("[1]")};
    out.push_back(payloadOf(encode(rejected)));
    return out;
}

/// Everything that takes it for something it knows.
int takenBy(std::string_view payload)
{
    return int(decodeLoad(payload).has_value()) + int(decodeCall(payload).has_value())
        + int(decodeDocument(payload).has_value()) + int(decodeLoaded(payload).has_value())
        + int(decodeRead(payload).has_value()) + int(decodeAnswer(payload).has_value());
}

} // namespace

void TestScriptWire::cutsFrames()
{
    std::string stream;
    const auto payloads = allPayloads();
    for (const auto &payload : payloads) {
        const auto length = static_cast<std::uint32_t>(payload.size());
        for (int shift = 0; shift < 32; shift += 8)
            stream += static_cast<char>(length >> shift & 0xFF);
        stream += payload;
    }
    for (const std::size_t piece : {std::size_t(1), std::size_t(3), std::size_t(64), stream.size()}) {
        FrameCutter cutter;
        std::vector<std::string> got;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            cutter.add(std::string_view(stream).substr(at, piece));
            while (auto next = cutter.next())
                got.push_back(std::move(*next));
        }
        QVERIFY(!cutter.failed());
        QCOMPARE(got, payloads);
    }
}

void TestScriptWire::refusesFrames()
{
    FrameCutter empty;
    empty.add(std::string(4, '\0'));
    QVERIFY(!empty.next());
    QVERIFY(empty.failed());
    FrameCutter huge;
    huge.add("\xff\xff\xff\x7f");
    QVERIFY(!huge.next());
    QVERIFY(huge.failed());
    huge.add("\x01\0\0\0x"); // a stream that failed stays so
    QVERIFY(!huge.next());
    WireWriter tooLong(1);
    tooLong.text(std::string(frameBytesMax, 'x'));
    QVERIFY(!std::move(tooLong).frame());
    QVERIFY(!encode(ReadMessage{"v", std::string(frameBytesMax, 'x')}));
}

void TestScriptWire::messagesComeBack()
{
    const auto call = decodeCall(payloadOf(encode(someCall())));
    QVERIFY(call);
    const auto sent = someCall();
    QCOMPARE(call->kind, sent.kind);
    QCOMPARE(call->name, sent.name);
    QCOMPARE(call->source, sent.source);
    QCOMPARE(call->now.micros, sent.now.micros);
    QCOMPARE(call->idsMade, sent.idsMade);
    QCOMPARE(call->record.id, sent.record.id);
    QCOMPARE(call->record.timestamp->micros, std::int64_t(-5));
    QCOMPARE(call->record.key, sent.record.key);
    QCOMPARE(call->record.data, sent.record.data);
    QCOMPARE(payloadOf(encode(*call)), payloadOf(encode(sent)));
    const auto load = decodeLoad(allPayloads()[0]);
    QVERIFY(load);
    QCOMPARE(load->files.size(), std::size_t(2));
    QCOMPARE(load->files[1].bytes, std::string("export {}"));
    QVERIFY(decodeDocument(payloadOf(encodeDocument(nullptr))).has_value());
    QVERIFY(!decodeDocument(payloadOf(encodeDocument(nullptr)))->has_value());
    for (const auto kind : {HelperMessage::Decided, HelperMessage::Folded, HelperMessage::Reacted,
                            HelperMessage::Upcasted, HelperMessage::Failed}) {
        const auto answer = decodeAnswer(payloadOf(encode(someAnswer(kind))));
        QVERIFY(answer);
        // Written again it is the same, member by member.
        QCOMPARE(payloadOf(encode(*answer)), payloadOf(encode(someAnswer(kind))));
    }
    const auto failed = decodeAnswer(payloadOf(encode(someAnswer(HelperMessage::Failed))));
    QCOMPARE(failed->error.code, ErrorCode::ScriptTimeout);
    QCOMPARE(failed->error.details.front().column, std::size_t(4));
}

void TestScriptWire::refusesWhatIsCutOrLonger()
{
    for (const auto &payload : allPayloads()) {
        QCOMPARE(takenBy(payload), 1);
        for (std::size_t length = 0; length < payload.size(); ++length)
            QCOMPARE(takenBy(std::string_view(payload).substr(0, length)), 0);
        QCOMPARE(takenBy(payload + '\0'), 0);
        QCOMPARE(takenBy(payload + "x"), 0);
    }
}

void TestScriptWire::refusesFalseNumbers()
{
    // A list that says it has more elements than there are bytes reserves nothing for them.
    WireWriter many(static_cast<std::uint8_t>(HelperMessage::Loaded));
    many.u32(0xFFFFFFFF);
    QVERIFY(!decodeLoaded(payloadOf(std::move(many).frame())));
    WireWriter longText(static_cast<std::uint8_t>(HelperMessage::Read));
    longText.u32(0xFFFFFFF0).u8('x');
    QVERIFY(!decodeRead(payloadOf(std::move(longText).frame())));
    WireWriter flag(static_cast<std::uint8_t>(HelperMessage::Document));
    flag.u8(2);
    QVERIFY(!decodeDocument(payloadOf(std::move(flag).frame())));
    WireWriter noJson(static_cast<std::uint8_t>(HelperMessage::Upcasted));
    noJson.u32(0).u8(0).text("{\"a\":1,\"a\":2}");
    QVERIFY(!decodeAnswer(payloadOf(std::move(noJson).frame())));
    // A script's process can blame its domain only, not the engine.
    auto liar = someAnswer(HelperMessage::Failed);
    liar.error.code = ErrorCode::DiskFull;
    QCOMPARE(decodeAnswer(payloadOf(encode(liar)))->error.code, ErrorCode::DomainFault);
}

void TestScriptWire::survivesAnything()
{
    bool given = false;
    const auto seed = qEnvironmentVariable("COMMANDER_SEED").toULongLong(&given);
    const auto used = given ? seed : std::random_device()();
    qInfo("seed %llu (COMMANDER_SEED repeats it)", static_cast<unsigned long long>(used));
    SeededRandom random(used);
    const auto payloads = allPayloads();
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = payloads[random.below(payloads.size())];
        for (auto changes = 1 + random.below(4); changes > 0; --changes)
            bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        if (random.below(4) == 0)
            bytes.resize(random.below(bytes.size() + 1));
        QVERIFY(takenBy(bytes) <= 1);
        FrameCutter cutter;
        cutter.add(bytes);
        while (cutter.next()) { }
    }
}

QTEST_GUILESS_MAIN(TestScriptWire)
#include "tst_script_wire.moc"
