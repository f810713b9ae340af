// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include <commander/record.h>

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <functional>

using namespace commander;

namespace {

constexpr std::string_view transferData = R"({"from_account": "12345", "to_account": "54321", "amount": 10000})";

Uuid id(const char *text)
{
    return Uuid::parse(text).value();
}
const Uuid commandId = id("33bb75db-6e13-48ee-8a54-b3976d3d065b");
const Uuid eventId = id("d435ed18-4ff7-4cae-a21b-3adb7b06fe58");

template <std::size_t N> std::array<std::uint8_t, N> counting(std::uint8_t first)
{
    std::array<std::uint8_t, N> bytes{};
    for (std::uint8_t &byte : bytes)
        byte = first++;
    return bytes;
}

struct Vector {
    const char *name;
    Record record;
    const char *leaf;
    const char *chain;
};

Record commandRecord()
{
    Record record;
    record.position = {1};
    record.recordedAt = {1'463'754'808'903'000};
    record.timestamp = Timestamp{1'463'754'808'902'000};
    record.id = record.correlation = commandId;
    record.topic = "commands";
    record.key = "12345";
    record.action = "transfer-money";
    record.actor = "console";
    record.data = transferData;
    record.salt = counting<16>(0);
    return record;
}

Record eventRecord()
{
    Record record;
    record.kind = RecordKind::Event;
    record.position = {2};
    record.recordedAt = {1'463'754'808'904'000};
    record.id = eventId;
    record.parent = record.correlation = commandId;
    record.topic = "bank-events";
    record.partition = 3;
    record.offset = {41};
    record.key = "12345";
    record.action = "money-transferred";
    record.schemaVersion = 7;
    record.depth = 2;
    record.actor = "domain:bank";
    record.domainVersion = counting<32>(0);
    record.headers = R"({"trace":"a1"})";
    record.data = transferData;
    record.salt = counting<16>(16);
    return record;
}

Record resultRecord()
{
    Record record;
    record.kind = RecordKind::Result;
    record.position = {3};
    record.recordedAt = {-1};
    record.timestamp = Timestamp{-62'135'596'800'000'000};
    record.id = id("0c1f4a5e-5b7d-5f3a-9a53-3f1f3c1d2e4b");
    record.parent = record.correlation = commandId;
    record.topic = "command-results";
    record.partition = 0xffffffff;
    record.offset = {0xffffffffffffffff};
    record.key = "K\xC3\xB6ln \xE2\x98\x83 \xF0\x9F\x92\xB6";
    record.action = "succeeded";
    record.schemaVersion = 0xffffffff;
    record.depth = 0xffff;
    record.actor = "engine";
    record.domainVersion.fill(0xff);
    record.data = R"({"status":"succeeded","events":["d435ed18-4ff7-4cae-a21b-3adb7b06fe58"]})";
    record.salt.fill(0xff);
    return record;
}

// Printed by ledger_vectors.py. Changing one of these means that ledgers of released versions no longer verify.
const std::vector<Vector> vectors = {
    {"all-defaults", Record{}, "4094cb9778072c1eed7acd29bf49e07dc2f5a43bc40b013b20387107f69fe2e7",
     "e82f54a408b59c3b335813625c93e755a299231dc590039939d0a22a033090dc"},
    {"command", commandRecord(), "0222f42b56e24610680453ffdd8715c57e31bab35908ed2f7b89e7a0e8786fe2",
     "7f83a8dd7612066bc066989e64941e60e75be8ca25a21d08e12efa086ac81f26"},
    {"event", eventRecord(), "2bedf436d539587344e93df6194cfcdbe86ad7ef60422872621e3963052fcd32",
     "b6f7434c3c7733f242395f0aceb0a75936d5225bbb26eccd362e862f47824f28"},
    {"result", resultRecord(), "04a36195ce8edfc57f4841140677b82e4f527a308ff4fad510c899ac34acf141",
     "5e56bc1da5c70caa3570fc3559b71b97a9d490040cd73c4cf5d67b788c9273e8"},
};

} // namespace

class TestRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sha256OfKnownBytes()
    {
        QCOMPARE(toHex(sha256("abc")), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(toHex(sha256("")), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }

    void leafAndChainMatchTheVectors()
    {
        Hash256 chain{};
        for (const Vector &vector : vectors) {
            const Hash256 leaf = recordLeaf(vector.record);
            chain = chainNext(chain, leaf);
            QCOMPARE(bytes(toHex(leaf)), QByteArray(vector.leaf));
            QCOMPARE(bytes(toHex(chain)), QByteArray(vector.chain));
        }
    }

    void vectorsAreWhatTheScriptPrints()
    {
        const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        QVERIFY2(!python.isEmpty(), "python3 is not installed");
        QProcess script;
        script.start(python, {QStringLiteral(LEDGER_VECTORS_SCRIPT)});
        QVERIFY(script.waitForFinished());
        QCOMPARE(script.exitCode(), 0);
        QByteArray expected;
        for (const Vector &vector : vectors)
            expected.append(vector.name).append(' ').append(vector.leaf).append(' ').append(vector.chain).append('\n');
        QCOMPARE(script.readAllStandardOutput(), expected);
    }

    void everyStoredFieldIsHashed()
    {
        using Change = std::function<void(Record &)>;
        const std::vector<std::pair<const char *, Change>> changes = {
            {"kind", [](Record &r) { r.kind = RecordKind::Result; }},
            {"position", [](Record &r) { ++r.position.value; }},
            {"recordedAt", [](Record &r) { ++r.recordedAt.micros; }},
            {"timestamp", [](Record &r) { r.timestamp = Timestamp{0}; }},
            {"id", [](Record &r) { r.id.bytes[15] ^= 1; }},
            {"parent", [](Record &r) { r.parent.bytes[0] ^= 1; }},
            {"correlation", [](Record &r) { r.correlation.bytes[7] ^= 1; }},
            {"topic", [](Record &r) { r.topic += 'x'; }},
            {"partition", [](Record &r) { ++r.partition; }},
            {"offset", [](Record &r) { ++r.offset.value; }},
            {"key", [](Record &r) { r.key.clear(); }},
            {"action", [](Record &r) { r.action += 'x'; }},
            {"schemaVersion", [](Record &r) { ++r.schemaVersion; }},
            {"depth", [](Record &r) { ++r.depth; }},
            {"actor", [](Record &r) { r.actor += 'x'; }},
            {"domainVersion", [](Record &r) { r.domainVersion[31] ^= 1; }},
            {"headers", [](Record &r) { r.headers.clear(); }},
            {"data", [](Record &r) { r.data.back() = ' '; }},
            {"salt", [](Record &r) { r.salt[0] ^= 1; }},
            // A byte that moves over a field's border must show, too.
            {"border",
             [](Record &r) {
                 r.key += r.action.front();
                 r.action.erase(0, 1);
             }},
        };
        const Hash256 original = recordLeaf(eventRecord());
        for (const auto &[name, change] : changes) {
            Record record = eventRecord();
            change(record);
            QVERIFY2(recordLeaf(record) != original, name);
        }
    }

    void outcomesRoundTrip()
    {
        CommandOutcome succeeded;
        succeeded.status = CommandStatus::Succeeded;
        succeeded.events = {eventId, commandId};
        const std::string succeededText = R"({"status":"succeeded","events":["d435ed18-4ff7-4cae-a21b-3adb7b06fe58",)"
                                          R"("33bb75db-6e13-48ee-8a54-b3976d3d065b"]})";
        QCOMPARE(bytes(writeOutcome(succeeded)), bytes(succeededText));
        auto back = parseOutcome(writeOutcome(succeeded));
        QVERIFY(back);
        QVERIFY(back->status == CommandStatus::Succeeded);
        QCOMPARE(back->events, succeeded.events);

        CommandOutcome rejected;
        rejected.status = CommandStatus::Rejected;
        rejected.errorCode = "insufficient-funds";
        rejected.errorMessage = "\"12345\" has\n9";
        rejected.errorDetails = R"({ "balance": 23958446825181076828.0 })";
        const std::string rejectedText
            = "{\"status\":\"rejected\",\"events\":[],\"error\":{\"code\":\"insufficient-funds\","
              "\"message\":\"\\\"12345\\\" has\\n9\",\"details\":{ \"balance\": 23958446825181076828.0 }}}";
        QCOMPARE(bytes(writeOutcome(rejected)), bytes(rejectedText));
        back = parseOutcome(writeOutcome(rejected));
        QVERIFY(back);
        QVERIFY(back->status == CommandStatus::Rejected);
        QCOMPARE(back->errorCode, rejected.errorCode);
        QCOMPARE(back->errorMessage, rejected.errorMessage);
        QCOMPARE(bytes(back->errorDetails), bytes(rejected.errorDetails));
    }

    void brokenOutcomesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("code");
        const int argument = static_cast<int>(ErrorCode::InvalidArgument);
        QTest::newRow("no json") << QByteArray("{") << static_cast<int>(ErrorCode::InvalidJson);
        QTest::newRow("array") << QByteArray("[]") << static_cast<int>(ErrorCode::InvalidJson);
        QTest::newRow("no status") << QByteArray(R"({"events":[]})") << argument;
        QTest::newRow("unknown status") << QByteArray(R"({"status":"done"})") << argument;
        QTest::newRow("status is no text") << QByteArray(R"({"status":1})") << argument;
        QTest::newRow("events") << QByteArray(R"({"status":"succeeded","events":{}})") << argument;
        QTest::newRow("event") << QByteArray(R"({"status":"succeeded","events":[1]})") << argument;
        QTest::newRow("event id") << QByteArray(R"({"status":"succeeded","events":["x"]})") << argument;
        QTest::newRow("error") << QByteArray(R"({"status":"failed","error":"x"})") << argument;
        QTest::newRow("error code") << QByteArray(R"({"status":"failed","error":{"code":1}})") << argument;
    }
    void brokenOutcomesAreRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, code);
        const auto outcome = parseOutcome(text.toStdString());
        QVERIFY(!outcome);
        QCOMPARE(static_cast<int>(outcome.error().code), code);
    }

    void names()
    {
        QCOMPARE(recordKindName(RecordKind::Command), std::string_view("command"));
        QCOMPARE(recordKindName(RecordKind::Event), std::string_view("event"));
        QCOMPARE(recordKindName(RecordKind::Result), std::string_view("result"));
        for (const auto status : {CommandStatus::Accepted, CommandStatus::Succeeded, CommandStatus::Rejected,
                                  CommandStatus::Failed, CommandStatus::Expired, CommandStatus::Cancelled})
            QVERIFY(commandStatusFromName(commandStatusName(status)) == status);
        QVERIFY(!commandStatusFromName("Accepted"));
        QVERIFY(!commandStatusFromName(""));
    }
};

QTEST_GUILESS_MAIN(TestRecord)
#include "tst_record.moc"
