// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite_ledger_support.h"
#include "support/faulty_vfs.h"
#include "support/result_macros.h"

#include <commander/verify.h>

#include <QTest>

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>

using namespace commander;

namespace {

constexpr std::uint64_t commands = 50;
constexpr int strikesPerRow = 20;

LedgerTransaction transactionOf(std::uint64_t n)
{
    return {{testCommand(n), testEvent(n)}, {{"processor", {"commands", 0}, {n}}}};
}

} // namespace

/// For writing operation after writing operation of one scenario: let it fail, and see that nothing acknowledged is
/// lost.
class TestLedgerFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOperation_data();
    void everyOperation();
    void fullDiskGoesOnWhenThereIsSpace();
    void failedHeadStopsWrites();
    void acknowledgesWhenLogAndHeadAreSynced();

private:
    struct Outcome {
        bool opened = false;
        std::vector<std::uint64_t> acknowledged;
        std::vector<std::uint64_t> refused;
        bool acknowledgedAfterFailedSync = false;
    };
    [[nodiscard]] static Outcome runScenario(LedgerBench &bench, FaultPlan &plan);
    static void checkAfterwards(LedgerBench &bench, const Outcome &outcome);
};

TestLedgerFaults::Outcome TestLedgerFaults::runScenario(LedgerBench &bench, FaultPlan &plan)
{
    Outcome outcome;
    FaultyFileSystem faulty(bench.fileSystem(), plan);
    auto options = bench.options();
    options.fileSystem = &faulty;
    auto ledger = SqliteLedger::open(options);
    if (!ledger)
        return outcome;
    outcome.opened = true;
    for (std::uint64_t n = 1; n <= commands; ++n) {
        const bool syncHadFailed = plan.struckSync();
        const auto appended = (*ledger)->appendAndWait(transactionOf(n));
        (appended ? outcome.acknowledged : outcome.refused).push_back(n);
        outcome.acknowledgedAfterFailedSync
            = outcome.acknowledgedAfterFailedSync || (syncHadFailed && appended.has_value());
    }
    return outcome;
}

void TestLedgerFaults::checkAfterwards(LedgerBench &bench, const Outcome &outcome)
{
    QVERIFY(!outcome.acknowledgedAfterFailedSync);
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(ledger);
    for (const auto n : outcome.acknowledged) {
        QVERIFY_RESULT((*ledger)->find(testCommand(n).id));
        QVERIFY_RESULT((*ledger)->find(testEvent(n).id));
    }
    for (const auto n : outcome.refused) {
        // Wholly or not at all.
        const bool command = (*ledger)->find(testCommand(n).id).has_value();
        QCOMPARE((*ledger)->find(testEvent(n).id).has_value(), command);
    }
    const auto progress = (*ledger)->progress("processor", {"commands", 0});
    QVERIFY_RESULT(progress);
    if (!outcome.acknowledged.empty())
        QVERIFY((*progress)->value >= outcome.acknowledged.back());
    if (progress->has_value())
        QVERIFY((*ledger)->find(testCommand((*progress)->value).id).has_value());
    // It takes new records again.
    QVERIFY_RESULT((*ledger)->appendAndWait(transactionOf(commands + 1)));
    ledger->reset();
    const auto report = verifyLedger(bench.path(), bench.fileSystem());
    QVERIFY_RESULT(report);
    QVERIFY2(report->verdict == VerifyReport::Verdict::Intact, report->problem.c_str());
}

void TestLedgerFaults::everyOperation_data()
{
    QTest::addColumn<bool>("full");
    QTest::addColumn<bool>("lasting");
    QTest::newRow("I/O error once") << false << false;
    QTest::newRow("I/O errors from then on") << false << true;
    QTest::newRow("disk full once") << true << false;
    QTest::newRow("disk full from then on") << true << true;
}

void TestLedgerFaults::everyOperation()
{
    QFETCH(const bool, full);
    QFETCH(const bool, lasting);
    const auto fault = full ? FaultPlan::Fault::DiskFull : FaultPlan::Fault::IoError;
    std::uint64_t total = 0;
    {
        LedgerBench bench;
        FaultPlan plan;
        QCOMPARE(runScenario(bench, plan).acknowledged.size(), commands);
        total = plan.count();
    }
    // COMMANDER_EVERY_FAULT=1 leaves none out.
    const auto stride
        = qEnvironmentVariableIsSet("COMMANDER_EVERY_FAULT") ? 1 : std::max<std::uint64_t>(1, total / strikesPerRow);
    int struck = 0;
    for (std::uint64_t k = 1; k <= total; k += k < 12 ? 1 : stride) {
        LedgerBench bench;
        FaultPlan plan;
        plan.failAt(k, fault, lasting);
        const auto outcome = runScenario(bench, plan);
        struck += plan.struck();
        // A head file that could not be written while the ledger was made leaves an empty ledger; opening goes on
        // there.
        checkAfterwards(bench, outcome);
        if (QTest::currentTestFailed()) {
            qWarning("at operation %llu of %llu", static_cast<unsigned long long>(k),
                     static_cast<unsigned long long>(total));
            return;
        }
    }
    QVERIFY(struck > strikesPerRow / 2);
}

void TestLedgerFaults::fullDiskGoesOnWhenThereIsSpace()
{
    LedgerBench bench;
    FaultPlan plan;
    FaultyFileSystem faulty(bench.fileSystem(), plan);
    auto options = bench.options();
    options.fileSystem = &faulty;
    auto ledger = SqliteLedger::open(options);
    QVERIFY_RESULT(ledger);
    QVERIFY_RESULT((*ledger)->appendAndWait(transactionOf(1)));
    plan.failAt(1, FaultPlan::Fault::DiskFull, true);
    QCOMPARE_ERROR((*ledger)->appendAndWait(transactionOf(2)), ErrorCode::DiskFull);
    QCOMPARE_ERROR((*ledger)->appendAndWait(transactionOf(3)), ErrorCode::DiskFull);
    QCOMPARE((*ledger)->readAt({1}, 10).value().size(), 2u);
    plan.heal();
    const auto appended = (*ledger)->appendAndWait(transactionOf(2));
    QVERIFY_RESULT(appended);
    QCOMPARE(appended->records[0]->position.value, 3u);
    QCOMPARE(appended->records[0]->offset.value, 1u);
}

void TestLedgerFaults::failedHeadStopsWrites()
{
    LedgerBench bench;
    FaultPlan plan;
    FaultyFileSystem faulty(bench.fileSystem(), plan);
    auto options = bench.options();
    options.fileSystem = &faulty;
    auto ledger = SqliteLedger::open(options);
    QVERIFY_RESULT(ledger);
    plan.failAt(1'000'000, FaultPlan::Fault::IoError, false);
    QVERIFY_RESULT((*ledger)->appendAndWait(transactionOf(1)));
    QVERIFY_RESULT((*ledger)->appendAndWait(transactionOf(2)));
    const auto before = plan.count();
    QVERIFY_RESULT((*ledger)->appendAndWait(transactionOf(3)));
    // The last operation of an append is the sync of the head.
    const auto perAppend = plan.count() - before;
    plan.failAt(perAppend, FaultPlan::Fault::IoError, false);
    QCOMPARE_ERROR((*ledger)->appendAndWait(transactionOf(4)), ErrorCode::IoError);
    QVERIFY(plan.struckSync());
    const auto refused = (*ledger)->appendAndWait(transactionOf(5));
    QCOMPARE_ERROR(refused, ErrorCode::LedgerUnavailable);
    QVERIFY(!refused.error().remedy.empty());
    // What was not acknowledged is not shown, although it is in the file …
    QCOMPARE_ERROR((*ledger)->find(testCommand(4).id), ErrorCode::NotFound);
    QCOMPARE((*ledger)->readAt({1}, 100).value().size(), 6u);
    QVERIFY((*ledger)->progress("processor", {"commands", 0}).value() == Offset{3});
    ledger->reset();
    // … and after reopening it is there wholly, since its commit went well.
    auto again = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(again);
    QCOMPARE((*again)->head().value().position.value, 8u);
    QVERIFY((*again)->progress("processor", {"commands", 0}).value() == Offset{4});
}

void TestLedgerFaults::acknowledgesWhenLogAndHeadAreSynced()
{
    LedgerBench bench;
    FaultPlan plan;
    std::mutex mutex;
    QStringList steps;
    const auto note = [&](const QString &step) {
        const std::scoped_lock lock(mutex);
        if (steps.isEmpty() || steps.last() != step)
            steps << step;
    };
    plan.watch([&](FaultPlan::Operation operation, std::string_view path) {
        const auto file = path.ends_with("-wal") ? QStringLiteral("log")
            : path.ends_with(".head")            ? QStringLiteral("head")
                                                 : QStringLiteral("other");
        note((operation == FaultPlan::Operation::Sync ? QStringLiteral("sync ") : QStringLiteral("write ")) + file);
    });
    FaultyFileSystem faulty(bench.fileSystem(), plan);
    auto options = bench.options();
    options.fileSystem = &faulty;
    auto ledger = SqliteLedger::open(options);
    QVERIFY_RESULT(ledger);
    QVERIFY_RESULT((*ledger)->appendAndWait(transactionOf(1))); // begins the log, which takes more steps
    {
        const std::scoped_lock lock(mutex);
        steps.clear();
    }
    std::promise<void> acknowledged;
    (*ledger)->append(transactionOf(2), [&](const Result<Appended> &appended) {
        note(appended ? QStringLiteral("acknowledge") : QStringLiteral("refuse"));
        acknowledged.set_value();
    });
    acknowledged.get_future().wait();
    ledger->reset();
    QCOMPARE(steps.mid(0, 5),
             QStringList({QStringLiteral("write log"), QStringLiteral("sync log"), QStringLiteral("write head"),
                          QStringLiteral("sync head"), QStringLiteral("acknowledge")}));
}

QTEST_GUILESS_MAIN(TestLedgerFaults)
#include "tst_ledger_faults.moc"
