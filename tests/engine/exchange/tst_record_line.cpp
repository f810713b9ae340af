// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/frame_lines.h"
#include "exchange/record_line.h"
#include "exchange_support.h"
#include "support/result_macros.h"

#include <commander/json.h>

#include <QRandomGenerator>

using namespace commander;

/// Every record has one line, every line is JSON, and the record comes back exactly.
class TestRecordLine : public QObject {
    Q_OBJECT

    static Record randomRecord(SeededRandom &random, std::uint64_t n)
    {
        Record record;
        static_cast<RecordDraft &>(record) = randomDraft(random, n);
        record.position = {random.below(2) ? n : ~std::uint64_t{0}};
        record.offset = {random.below(2) ? n : ~std::uint64_t{0}};
        record.recordedAt = record.timestamp.value_or(Timestamp{static_cast<std::int64_t>(n)});
        random.fill(record.salt);
        if (random.below(2))
            random.fill(record.domainVersion);
        record.leaf = recordLeaf(record);
        random.fill(record.chain);
        return record;
    }
    /// JSON and other bytes, put together at random.
    static std::string randomBytes(SeededRandom &random)
    {
        static const std::vector<std::string> pieces{
            "{", "}", "[", "]",    "\"",   "\\",    ":", ",", " ",  "\n",   "\r",   "\t",      "1",  "0",
            "-", ".", "e", "true", "null", "\"a\"", "ü", "💶", "\0", "\x80", "\xc3", "\\u0000", "\\n"};
        std::string bytes;
        for (auto left = random.below(12); left > 0; --left)
            bytes += pieces[random.below(pieces.size())];
        return bytes;
    }

private Q_SLOTS:
    void recordsComeBack()
    {
        const auto seed = qEnvironmentVariableIntValue("COMMANDER_SEED")
            ? qEnvironmentVariableIntValue("COMMANDER_SEED")
            : static_cast<int>(QRandomGenerator::global()->bounded(1 << 30));
        qInfo("COMMANDER_SEED=%d", seed);
        SeededRandom random(static_cast<std::uint64_t>(seed));
        for (std::uint64_t n = 1; n <= 20'000; ++n) {
            auto record = randomRecord(random, n);
            if (n % 2)
                record.data = randomBytes(random);
            record.leaf = recordLeaf(record);
            std::string line;
            appendRecordLine(line, record);
            QCOMPARE(line.find('\n'), line.size() - 1);
            QVERIFY2(checkJson(line), line.c_str());
            const auto back = parseRecordLine(line);
            QVERIFY2(back.has_value(), back ? "" : (back.error().text() + "\n" + line).c_str());
            QVERIFY2(back->data == record.data, line.c_str());
            QVERIFY2(back->headers == record.headers, line.c_str());
            QVERIFY2(recordLeaf(*back) == record.leaf, line.c_str()); // covers every other field
            QVERIFY(back->leaf == record.leaf && back->chain == record.chain && back->salt == record.salt);
            QVERIFY(back->timestamp == record.timestamp && back->recordedAt == record.recordedAt);
        }
    }

    void dataStandsRawWhereItCan()
    {
        Record record;
        static_cast<RecordDraft &>(record) = testCommand(1);
        record.data = R"({"amount": 1.0, "big":23958446825181076828})";
        std::string line;
        appendRecordLine(line, record);
        QVERIFY(line.find(",\"data\":" + record.data + ",\"salt\"") != std::string::npos);
        record.data = "{\n\"a\":1}";
        line.clear();
        appendRecordLine(line, record);
        const std::string asText = ",\"dataText\":\"{\\n\\\"a\\\":1}\",\"salt\"";
        QVERIFY2(line.find(asText) != std::string::npos, line.c_str());
        record.data = "\xff";
        line.clear();
        appendRecordLine(line, record);
        const std::string asBytes = R"(,"dataBytes":"ff","salt")";
        QVERIFY2(line.find(asBytes) != std::string::npos, line.c_str());
    }

    void otherWritingsAreRefused()
    {
        Record record;
        static_cast<RecordDraft &>(record) = testCommand(1);
        std::string line;
        appendRecordLine(line, record);
        QVERIFY_RESULT(parseRecordLine(line));
        for (std::size_t at = 0; at < line.size(); ++at) {
            auto changed = line;
            changed.insert(at, " ");
            const auto parsed = parseRecordLine(changed);
            // A space inside a text or inside the data is another record, which its leaf tells.
            QVERIFY2(!parsed || recordLeaf(*parsed) != recordLeaf(record), changed.c_str());
        }
        QVERIFY(!parseRecordLine("{}\n"));
        QVERIFY(!parseRecordLine(""));
        QVERIFY(!parseRecordLine(line.substr(0, line.size() - 1)));
    }

    void framesComeBack()
    {
        ExportHeader header;
        header.program = "Commander \"1\"";
        header.ledger = testId(1);
        header.first = {3};
        header.last = {9};
        header.filter = "key=ü\n";
        header.state.head = {{9}, recordLeaf(Record()), {-1}};
        header.state.progress
            = {{"processor", {"commands", 4'294'967'295}, {~std::uint64_t{0}}}, {"\xff", {"b", 0}, {0}}};
        const auto line = headerLine(header);
        const auto back = parseHeaderLine(line);
        QVERIFY_RESULT(back);
        QCOMPARE(back->state.progress.size(), std::size_t{2});
        QCOMPARE(back->state.progress[1].consumer, std::string("\xff"));
        QVERIFY(headerLine(*back) == line);
        const ExportTrailer trailer{7, {9}, header.state.head.chain, recordLeaf(Record())};
        QVERIFY_RESULT(parseTrailerLine(trailerLine(trailer)));

        QCOMPARE_ERROR(parseHeaderLine("{\"a\":1}\n"), ErrorCode::LedgerForeign);
        QCOMPARE_ERROR(parseHeaderLine("\xff\n"), ErrorCode::LedgerForeign);
        QCOMPARE_ERROR(parseHeaderLine("{\"commander\":\"export\",\"version\":\"0.1.0\"}\n"), ErrorCode::Unsupported);
        QCOMPARE_ERROR(parseHeaderLine("{\"commander\":\"export\",\"format\":2}\n"), ErrorCode::LedgerNewer);
        QCOMPARE_ERROR(parseHeaderLine("{\"commander\":\"export\",\"format\":1}\n"), ErrorCode::LedgerDamaged);
    }
};

QTEST_GUILESS_MAIN(TestRecordLine)
#include "tst_record_line.moc"
