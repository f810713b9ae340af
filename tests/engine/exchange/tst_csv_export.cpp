// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange_support.h"
#include "ledger/memory/memory_ledger.h"
#include "support/result_macros.h"

#include <map>

using namespace commander;

class TestCsvExport : public QObject {
    Q_OBJECT

    ManualClock m_clock;
    SeededRandom m_random{1};

    /// The one row of a record with this data, by column.
    std::map<std::string, std::string> row(const RecordDraft &draft, CsvOptions csv)
    {
        MemoryLedger ledger(m_clock, m_random);
        if (!ledger.appendAndWait({{draft}, {}}))
            return {};
        ExportOptions options;
        options.format = ExportFormat::Csv;
        options.csv = std::move(csv);
        const auto rows = readCsv(exported(ledger, options));
        std::map<std::string, std::string> cells;
        if (rows.size() != 2 || rows[0].size() != rows[1].size())
            return {};
        for (std::size_t i = 0; i < rows[0].size(); ++i)
            cells[rows[0][i]] = rows[1][i];
        return cells;
    }

private Q_SLOTS:
    void metadataAndChosenFields()
    {
        auto draft = testEvent(7);
        draft.timestamp = Timestamp{1'463'754'808'902'001};
        draft.headers = R"({"trace":"a,b"})";
        draft.data = R"({"amount": 1.0,"big":23958446825181076828,"note":)"
                     "\"say \\\"hi\\\",\\r\\nbye\""
                     R"(,"minus":-5,"deep":{"a/b":[1e3,{"~x":true}]},"none":null})";
        const auto cells = row(
            draft,
            {{"/amount", "/big", "/note", "/minus", "/deep/a~1b/0", "/deep/a~1b/1/~0x", "/deep", "/none", "/missing"},
             true});
        QCOMPARE(cells.size(), std::size_t{20 + 9});
        const std::pair<const char *, std::string> wanted[] = {{"position", "1"},
                                                               {"kind", "event"},
                                                               {"topic", "bank-events"},
                                                               {"partition", "0"},
                                                               {"offset", "0"},
                                                               {"id", draft.id.text()},
                                                               {"parent", draft.parent.text()},
                                                               {"key", "account-7"},
                                                               {"actor", "domain:bank"},
                                                               {"domainVersion", toHex(draft.domainVersion)},
                                                               {"timestamp", "2016-05-20T14:33:28.902001Z"},
                                                               {"recordedAt", "2016-05-20T14:33:28.902000Z"},
                                                               {"headers", R"({"trace":"a,b"})"},
                                                               {"/amount", "1.0"},
                                                               {"/big", "23958446825181076828"},
                                                               {"/note", "say \"hi\",\r\nbye"},
                                                               {"/minus", "-5"},
                                                               {"/deep/a~1b/0", "1e3"},
                                                               {"/deep/a~1b/1/~0x", "true"},
                                                               {"/deep", R"({"a/b":[1e3,{"~x":true}]})"},
                                                               {"/none", "null"},
                                                               {"/missing", ""}};
        for (const auto &[name, value] : wanted)
            QCOMPARE(cells.at(name), value);
        QCOMPARE(cells.at("leaf").size(), std::size_t{64});
    }

    void allOfTheDataWithoutFields()
    {
        auto draft = testCommand(1);
        draft.data = "{\n\"a\": \"=1\"}";
        QCOMPARE(row(draft, {}).at("data"), draft.data);
    }

    void textThatIsAFormulaIsGuarded()
    {
        for (const std::string text : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"}) {
            auto draft = testCommand(1);
            draft.key = text;
            draft.action = text;
            std::string escaped = text;
            if (text[0] == '\t' || text[0] == '\r')
                escaped = (text[0] == '\t' ? "\\t" : "\\r") + text.substr(1);
            draft.data = "{\"text\":\"" + escaped + "\",\"number\":-1}";
            const auto guarded = row(draft, {{"/text", "/number"}, true});
            QCOMPARE(guarded.at("key"), "'" + text);
            QCOMPARE(guarded.at("action"), "'" + text);
            QCOMPARE(guarded.at("/text"), "'" + text);
            QCOMPARE(guarded.at("/number"), std::string("-1"));
            const auto open = row(draft, {{"/text", "/number"}, false});
            QCOMPARE(open.at("key"), text);
            QCOMPARE(open.at("/text"), text);
        }
        auto harmless = testCommand(1);
        harmless.key = "a=b";
        QCOMPARE(row(harmless, {}).at("key"), std::string("a=b"));
    }

    void wrongPointersAreRefused()
    {
        MemoryLedger ledger(m_clock, m_random);
        for (const auto *const pointer : {"amount", "/a~", "/a~2", "#/a"}) {
            ExportOptions options;
            options.format = ExportFormat::Csv;
            options.csv.fields = {pointer};
            QCOMPARE_ERROR(LedgerExport::begin(ledger, options), ErrorCode::InvalidArgument);
        }
    }
};

QTEST_GUILESS_MAIN(TestCsvExport)
#include "tst_csv_export.moc"
