// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange_support.h"
#include "support/result_macros.h"

#include <atomic>
#include <QRandomGenerator>
#include <thread>

using namespace commander;

/// What an export holds, and how one that was interrupted goes on.
class TestLedgerExport : public QObject {
    Q_OBJECT

    static std::unique_ptr<SqliteLedger> openLedger(LedgerBench &bench)
    {
        auto ledger = SqliteLedger::open(bench.options());
        return ledger ? std::move(*ledger) : nullptr;
    }
    static ExportOptions named(ExportOptions options = {})
    {
        options.program = "test";
        return options;
    }
    /// What a resumed export adds to `partial`, put behind what it keeps.
    static Result<std::string> resumed(LedgerBench &bench, Ledger &ledger, const std::string &partial,
                                       const ExportOptions &options)
    {
        writeFile(bench.file("out.part"), partial);
        const auto file = bench.fileSystem().open(bench.file("out.part"), FileSystem::OpenMode::ReadOnly);
        const auto begun = LedgerExport::resume(ledger, options, **file);
        if (!begun)
            return fail(begun.error());
        auto whole = partial.substr(0, (*begun)->keptBytes());
        const auto written = (*begun)->write([&whole](std::string_view piece) -> Result<void> {
            whole += piece;
            return {};
        });
        if (!written)
            return fail(written.error());
        return whole;
    }

private Q_SLOTS:
    void resumesFromEveryCut_data()
    {
        QTest::addColumn<bool>("csv");
        QTest::addColumn<bool>("filtered");
        QTest::newRow("ndjson") << false << false;
        QTest::newRow("ndjson, filtered") << false << true;
        QTest::newRow("csv") << true << false;
        QTest::newRow("csv, filtered") << true << true;
    }
    void resumesFromEveryCut()
    {
        QFETCH(bool, csv);
        QFETCH(bool, filtered);
        LedgerBench bench;
        const auto ledger = openLedger(bench);
        QVERIFY(ledger);
        fillRandomly(*ledger, bench.random(), 8);
        auto options = named();
        options.format = csv ? ExportFormat::Csv : ExportFormat::Ndjson;
        if (filtered) {
            options.filterText = "odd";
            options.accepts = [](const Record &record) { return record.position.value % 2 == 1; };
            options.first = {2};
        }
        const auto whole = exported(*ledger, options);
        for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
            // Every line end with its neighbours, and a sample of what lies between.
            const auto near = whole.substr(cut > 2 ? cut - 2 : 0, 4);
            if (near.find('\n') == std::string::npos && cut % 13 != 0)
                continue;
            const auto again = resumed(bench, *ledger, whole.substr(0, cut), options);
            QVERIFY2(again.has_value(), again ? "" : (std::to_string(cut) + ": " + again.error().text()).c_str());
            QVERIFY2(*again == whole, std::to_string(cut).c_str());
        }
    }

    void whatCameSinceIsLeftOutWhenItGoesOn()
    {
        LedgerBench bench;
        const auto ledger = openLedger(bench);
        QVERIFY(ledger);
        bench.fill(*ledger, 1, 20);
        const auto whole = exported(*ledger);
        bench.fill(*ledger, 21, 30);
        const auto again = resumed(bench, *ledger, whole.substr(0, whole.size() / 2), named());
        QVERIFY_RESULT(again);
        QVERIFY(*again == whole);
    }

    void refusesToGoOnWithSomethingElse()
    {
        LedgerBench bench;
        const auto ledger = openLedger(bench);
        QVERIFY(ledger);
        bench.fill(*ledger, 1, 20);
        const auto whole = exported(*ledger);
        const auto half = whole.substr(0, whole.size() / 2);
        auto other = named();
        other.filterText = "some";
        other.accepts = [](const Record &) { return true; };
        QCOMPARE_ERROR(resumed(bench, *ledger, half, other), ErrorCode::InvalidArgument);
        other = named();
        other.last = {5};
        QCOMPARE_ERROR(resumed(bench, *ledger, half, other), ErrorCode::InvalidArgument);
        QCOMPARE_ERROR(resumed(bench, *ledger, "something\nelse\n", named()), ErrorCode::LedgerForeign);
        // The last whole line is not the ledger's.
        auto changed = half;
        const auto at = changed.rfind("\"amount\": 1.0", changed.rfind('\n'));
        QVERIFY(at != std::string::npos);
        changed[at + 10] = '2';
        QCOMPARE_ERROR(resumed(bench, *ledger, changed, named()), ErrorCode::LedgerDamaged);

        LedgerBench elsewhere(2);
        const auto foreign = openLedger(elsewhere);
        QVERIFY(foreign);
        elsewhere.fill(*foreign, 1, 20);
        QCOMPARE_ERROR(resumed(elsewhere, *foreign, half, named()), ErrorCode::InvalidArgument);
    }

    void stopsInTheMiddleWithWholeLines()
    {
        LedgerBench bench;
        const auto ledger = openLedger(bench);
        QVERIFY(ledger);
        bench.fill(*ledger, 1, 10'000);
        const auto whole = exported(*ledger);
        const auto begun = LedgerExport::begin(*ledger, named());
        QVERIFY_RESULT(begun);
        std::stop_source stop;
        std::string bytes;
        const auto written = (*begun)->write(
            [&](std::string_view piece) -> Result<void> {
                bytes += piece;
                stop.request_stop();
                return {};
            },
            stop.get_token());
        QCOMPARE_ERROR(written, ErrorCode::Cancelled);
        QVERIFY(!bytes.empty() && bytes.size() < whole.size() && bytes.back() == '\n');
        const auto again = resumed(bench, *ledger, bytes, named());
        QVERIFY_RESULT(again);
        QVERIFY(*again == whole);
    }

    void theSinksErrorEndsIt()
    {
        LedgerBench bench;
        const auto ledger = openLedger(bench);
        QVERIFY(ledger);
        bench.fill(*ledger, 1, 10);
        const auto begun = LedgerExport::begin(*ledger, named());
        QVERIFY_RESULT(begun);
        QCOMPARE_ERROR(
            (*begun)->write([](std::string_view) -> Result<void> { return fail(ErrorCode::DiskFull, "full"); }),
            ErrorCode::DiskFull);
        auto unnamed = named();
        unnamed.accepts = [](const Record &) { return true; };
        QCOMPARE_ERROR(LedgerExport::begin(*ledger, unnamed), ErrorCode::InvalidArgument);
    }

    /// Progress goes up with every pair: an export whose head and progress were not of one moment would show it.
    void besideAWriterItIsTheLedgerOfOneMoment()
    {
        LedgerBench bench;
        const auto ledger = openLedger(bench);
        QVERIFY(ledger);
        bench.fill(*ledger, 1'000'001, 1'000'001); // so that no export is empty
        std::atomic<bool> stop = false;
        std::atomic<std::uint64_t> written = 0;
        std::thread writer([&] {
            for (std::uint64_t n = 1; !stop; ++n) {
                if (!ledger->appendAndWait({{testCommand(n), testEvent(n)}, {{"processor", {"commands", 0}, {n}}}}))
                    return;
                written = n;
            }
        });
        const auto reader = [&] {
            auto options = bench.options();
            options.readOnly = true;
            return SqliteLedger::open(options);
        };
        int exports = 0;
        std::string problem;
        std::string before;
        for (; exports < 12 || written < 40; ++exports) {
            const auto beside = reader();
            if (!beside) {
                problem = beside.error().text();
                break;
            }
            const auto text = exported(exports % 2 ? **beside : *ledger);
            const auto report = importText(bench, text, bench.file("copy" + std::to_string(exports)));
            if (!report) {
                problem = report.error().text();
                break;
            }
            const auto pairs = (report->position.value - 1) / 2;
            const auto next = R"("topic":"commands","partition":0,"next":)" + std::to_string(pairs) + "}";
            const auto line = text.substr(0, text.find('\n'));
            if (report->position.value % 2 != 1 || (pairs > 0 && line.find(next) == std::string::npos))
                problem = line;
            // What the first lines of the records say never changes.
            const auto records = text.substr(text.find('\n') + 1);
            const auto common = before.empty() ? 0 : before.rfind("{\"commander\":\"end\"");
            if (records.compare(0, common, before, 0, common) != 0)
                problem = "a later export is no continuation of an earlier one";
            before = records;
        }
        stop = true;
        writer.join();
        QVERIFY2(problem.empty(), problem.c_str());
        QVERIFY(written >= 40);
    }
};

QTEST_GUILESS_MAIN(TestLedgerExport)
#include "tst_ledger_export.moc"
