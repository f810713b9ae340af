// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/sqlite_ledger.h"
#include "million_records.h"
#include "support/record_factory.h"
#include "support/result_macros.h"

#include <commander/file_system.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace commander;

/// A million records out and in again: memory must not grow with them.
class TestExchangeMillion : public QObject {
    Q_OBJECT

    static constexpr std::uint64_t pairs = 500'000;
    static constexpr double mebibytesMax = 160;

    /// Runs to the end and watches how much memory it ever held.
    static void run(const char *what, const QStringList &arguments)
    {
        QElapsedTimer timer;
        timer.start();
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QStringLiteral(COMMANDERCTL), arguments);
        QVERIFY(process.waitForStarted());
        double peak = 0;
        do {
            peak = std::max(peak, residentMiB(process.processId(), true));
        } while (!process.waitForFinished(10) && process.state() != QProcess::NotRunning);
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        const auto seconds = static_cast<double>(timer.elapsed()) / 1000;
        qInfo("%s: %.1f s, %.0f records/s, peak %.0f MiB", what, seconds, 2.0 * pairs / seconds, peak);
        QVERIFY(peak > 0 && peak < mebibytesMax);
    }

private Q_SLOTS:
    void outAndInAgain()
    {
        QTemporaryDir folder;
        const auto file = [&folder](const char *name) { return folder.filePath(QLatin1String(name)); };
        {
            SystemClock clock;
            SystemRandom random;
            SystemFileSystem files;
            const auto ledger = SqliteLedger::open({.path = file("a.ledger").toStdString(),
                                                    .durability = Durability::Relaxed,
                                                    .clock = &clock,
                                                    .random = &random,
                                                    .fileSystem = &files,
                                                    .holder = "test"});
            QVERIFY_RESULT(ledger);
            for (std::uint64_t n = 1; n <= pairs;) {
                LedgerTransaction transaction;
                for (int i = 0; i < 1000 && n <= pairs; ++i, ++n) {
                    transaction.records.push_back(testCommand(n));
                    transaction.records.push_back(testEvent(n));
                }
                QVERIFY_RESULT((*ledger)->appendAndWait(std::move(transaction)));
            }
        }
        run("export",
            {QStringLiteral("export"), QStringLiteral("-w"), file("a.ledger"), QStringLiteral("-o"), file("a.ndjson")});
        run("import", {QStringLiteral("import"), file("a.ndjson"), QStringLiteral("-w"), file("b.ledger")});
        run("csv",
            {QStringLiteral("export"), QStringLiteral("-w"), file("b.ledger"), QStringLiteral("-o"), file("b.csv"),
             QStringLiteral("--format"), QStringLiteral("csv"), QStringLiteral("--fields"),
             QStringLiteral("/amount,/number")});
        run("verify", {QStringLiteral("verify"), file("b.ledger")});
        QVERIFY(QFile::copy(file("a.ndjson"), file("c.ndjson.part")));
        run("resume",
            {QStringLiteral("export"), QStringLiteral("-w"), file("b.ledger"), QStringLiteral("-o"), file("c.ndjson"),
             QStringLiteral("--resume")});
        QCOMPARE(QProcess::execute(QStringLiteral("cmp"), {file("a.ndjson"), file("c.ndjson")}), 0);
    }
};

QTEST_GUILESS_MAIN(TestExchangeMillion)
#include "tst_exchange_million.moc"
