// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite_ledger_support.h"
#include "support/result_macros.h"

#include <commander/verify.h>

#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

using namespace commander;

/// Kills a process that appends, again and again, and looks for what it had said to be safe.
class TestLedgerKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingAcknowledgedIsLost();
};

void TestLedgerKill::nothingAcknowledgedIsLost()
{
    const auto seed = qEnvironmentVariableIntValue("COMMANDER_SEED")
        ? qEnvironmentVariableIntValue("COMMANDER_SEED")
        : static_cast<int>(QRandomGenerator::global()->bounded(1 << 30));
    qInfo("COMMANDER_SEED=%d", seed);
    LedgerBench bench(static_cast<std::uint64_t>(seed));
    std::uint64_t next = 1;
    std::uint64_t acknowledged = 0;
    for (int round = 0; round < 20; ++round) {
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        child.start(QStringLiteral(COMMANDER_LEDGER_APPENDER),
                    {QString::fromStdString(bench.path()), QString::number(next)});
        QVERIFY(child.waitForStarted());
        QVERIFY(child.waitForReadyRead(20'000));

        const auto locked = SqliteLedger::open(bench.options());
        QCOMPARE_ERROR(locked, ErrorCode::LedgerLocked);
        QCOMPARE(locked.error().where, "pid " + std::to_string(child.processId()) + " (appender)");

        QTest::qWait(static_cast<int>(bench.random().below(60)));
        child.kill();
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        const auto lines = child.readAllStandardOutput().split('\n');
        std::uint64_t last = next - 1;
        for (const auto &line : lines) {
            if (!line.isEmpty())
                last = std::max<std::uint64_t>(last, line.toULongLong());
        }

        const auto report = verifyLedger(bench.path(), bench.fileSystem());
        QVERIFY_RESULT(report);
        QVERIFY2(report->verdict == VerifyReport::Verdict::Intact, report->problem.c_str());
        auto ledger = SqliteLedger::open(bench.options()); // the lock died with its owner
        QVERIFY_RESULT(ledger);
        for (auto n = next; n <= last; ++n) {
            QVERIFY_RESULT((*ledger)->find(testCommand(n).id));
            QVERIFY_RESULT((*ledger)->find(testEvent(n).id));
        }
        acknowledged += last - next + 1;
        // What came behind is there wholly or not at all, and without gap.
        const auto progress = (*ledger)->progress("processor", {"commands", 0});
        QVERIFY_RESULT(progress);
        const auto end = (*progress)->value;
        QVERIFY(end >= last);
        QCOMPARE((*ledger)->head().value().position.value, end * 2);
        QVERIFY((*ledger)->find(testEvent(end).id).has_value());
        QVERIFY(!(*ledger)->find(testCommand(end + 1).id).has_value());
        next = end + 1;
    }
    qInfo("%llu acknowledged, %llu written", static_cast<unsigned long long>(acknowledged),
          static_cast<unsigned long long>(next - 1));
    QVERIFY(acknowledged > 0);
}

QTEST_GUILESS_MAIN(TestLedgerKill)
#include "tst_ledger_kill.moc"
