// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/record_codec.h"
#include "support/result_macros.h"

#include <QtTest>

using namespace commander;

namespace {

Record fullRecord()
{
    Record record;
    record.kind = RecordKind::Result;
    const auto fill = [](auto &bytes, std::uint8_t first) {
        for (auto &byte : bytes)
            byte = first++;
    };
    fill(record.id.bytes, 1);
    fill(record.parent.bytes, 20);
    fill(record.correlation.bytes, 40);
    fill(record.domainVersion, 60);
    fill(record.salt, 100);
    fill(record.leaf, 120);
    fill(record.chain, 200);
    record.topic = "command-results";
    record.partition = 0xfedcba98;
    record.key = std::string("a\0b", 3);
    record.action = "rejected";
    record.actor = "engine";
    record.depth = 65'535;
    record.schemaVersion = 4'000'000'000;
    record.timestamp = Timestamp{-1};
    record.headers = R"({"a":1})";
    record.data = R"({"n":23958446825181076828,"ü":"\u0000"})";
    record.offset = {0xfedcba9876543210};
    return record;
}

} // namespace

class tst_RecordCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryField()
    {
        const auto record = fullRecord();
        std::string bytes;
        encodeRecord(record, bytes);
        const auto back = decodeRecord(bytes);
        QVERIFY_RESULT(back);
        QCOMPARE(back->kind, record.kind);
        QVERIFY(back->id == record.id && back->parent == record.parent && back->correlation == record.correlation);
        QCOMPARE(back->topic, record.topic);
        QCOMPARE(back->partition, record.partition);
        QCOMPARE(back->key, record.key);
        QCOMPARE(back->action, record.action);
        QCOMPARE(back->actor, record.actor);
        QCOMPARE(back->depth, record.depth);
        QCOMPARE(back->schemaVersion, record.schemaVersion);
        QVERIFY(back->domainVersion == record.domainVersion);
        QVERIFY(back->timestamp == record.timestamp);
        QCOMPARE(back->headers, record.headers);
        QCOMPARE(back->data, record.data);
        QCOMPARE(back->offset.value, record.offset.value);
        QVERIFY(back->salt == record.salt && back->leaf == record.leaf && back->chain == record.chain);
    }

    void keepsTheAbsenceOfATimestamp()
    {
        auto record = fullRecord();
        record.timestamp.reset();
        std::string bytes;
        encodeRecord(record, bytes);
        const auto back = decodeRecord(bytes);
        QVERIFY_RESULT(back);
        QVERIFY(!back->timestamp);
    }

    void refusesWhatIsNoRecord()
    {
        std::string bytes;
        encodeRecord(fullRecord(), bytes);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QCOMPARE_ERROR(decodeRecord(std::string_view(bytes).substr(0, length)), ErrorCode::LedgerDamaged);
        QCOMPARE_ERROR(decodeRecord(bytes + "x"), ErrorCode::LedgerDamaged);
        bytes[0] = 9;
        QCOMPARE_ERROR(decodeRecord(bytes), ErrorCode::LedgerDamaged);
    }
};

QTEST_GUILESS_MAIN(tst_RecordCodec)
#include "tst_record_codec.moc"
