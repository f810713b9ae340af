// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/sqlite_ledger.h"
#include "million_records.h"
#include "program_run.h"
#include "support/record_factory.h"
#include "support/result_macros.h"
#include "workspace.h"

#include <map>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <random>

using namespace commander;

/// A workspace moves into a file and back, by the real program and under the engine.
class TestExchange : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    [[nodiscard]] QString file(const char *name) const { return m_folder.filePath(QLatin1String(name)); }
    [[nodiscard]] std::string path(const char *name) const { return file(name).toStdString(); }
    using Run = ProgramRun;
    static Run run(const QStringList &arguments) { return runCommanderctl(arguments, 120'000); }
    static QByteArray bytesOf(const QString &name)
    {
        QFile in(name);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    /// Opens the workspace, lets it decide what waits, and counts the results of each command.
    static std::map<Uuid, int> resultsOnceOpened(const std::string &ledger)
    {
        std::map<Uuid, int> results;
        const auto engine = Engine::open(workspaceOptions(ledger));
        if (!engine)
            return results;
        const auto settled = [&] {
            const auto status = (*engine)->status();
            const auto progress = (*engine)->ledger().progress("processor", {std::string(commandsTopic), 0});
            const auto next = progress && *progress ? **progress : Offset{};
            const auto waiting = (*engine)->ledger().read({std::string(commandsTopic), 0}, next, 1);
            return status.faults.empty() && waiting && waiting->empty();
        };
        if (!QTest::qWaitFor(settled, 30'000))
            return results;
        for (Position next{1};;) {
            const auto records = (*engine)->ledger().readAt(next, 1000);
            if (!records || records->empty())
                return results;
            for (const auto &record : *records) {
                if (record->kind == RecordKind::Command)
                    results[record->id];
                else if (record->kind == RecordKind::Result)
                    ++results[record->parent];
                next = record->position.next();
            }
        }
    }

private Q_SLOTS:
    void decisionsAreNeitherRepeatedNorLost()
    {
        const auto source = file("source.ledger");
        for (int i = 0; i < 3; ++i) {
            const auto data = QStringLiteral(R"({"account":"a%1","owner":"Ada"})").arg(i);
            QCOMPARE(run({QStringLiteral("submit"), QStringLiteral("--workspace"), source,
                          QStringLiteral("open-account"), data})
                         .code,
                     0);
        }
        // Commands that were taken, but not decided before the program ended.
        {
            SystemClock clock;
            SystemRandom random;
            SystemFileSystem files;
            const auto ledger = SqliteLedger::open({.path = source.toStdString(),
                                                    .clock = &clock,
                                                    .random = &random,
                                                    .fileSystem = &files,
                                                    .holder = "test"});
            QVERIFY_RESULT(ledger);
            LedgerTransaction transaction;
            for (std::uint64_t n = 1; n <= 5; ++n) {
                auto command = testCommand(n);
                command.action = n == 5 ? "no-such-action" : "open-account";
                command.key = "b" + std::to_string(n % 3);
                command.data = "{\"account\":\"" + command.key + "\",\"owner\":\"Bob\"}";
                transaction.records.push_back(std::move(command));
            }
            QVERIFY_RESULT((*ledger)->appendAndWait(std::move(transaction)));
        }
        const auto exported = run({QStringLiteral("export"), QStringLiteral("--workspace"), source,
                                   QStringLiteral("--output"), file("source.ndjson"), QStringLiteral("--json")});
        QVERIFY2(exported.code == 0, exported.error.constData());
        QVERIFY2(exported.out.contains(R"("whole":true,"records":14,)"), exported.out.constData());
        const auto imported = run({QStringLiteral("import"), file("source.ndjson"), QStringLiteral("--workspace"),
                                   file("copy.ledger"), QStringLiteral("--json")});
        QVERIFY2(imported.code == 0, imported.error.constData());
        QVERIFY2(imported.out.contains(R"("records":14,"found":0,)"), imported.out.constData());
        QCOMPARE(run({QStringLiteral("verify"), file("copy.ledger")}).code, 0);

        const auto there = resultsOnceOpened(path("source.ledger"));
        const auto here = resultsOnceOpened(path("copy.ledger"));
        QCOMPARE(here.size(), std::size_t{8});
        for (const auto &[command, results] : here)
            QVERIFY2(results == 1, (command.text() + " has " + std::to_string(results) + " results").c_str());
        QVERIFY(here == there);
        // Opened again there is nothing to decide.
        QVERIFY(resultsOnceOpened(path("copy.ledger")) == here);
    }

    void exitCodes()
    {
        const auto ledger = file("codes.ledger");
        const QString data = QStringLiteral(R"({"account":"a","owner":"Ada"})");
        QCOMPARE(
            run({QStringLiteral("submit"), QStringLiteral("-w"), ledger, QStringLiteral("open-account"), data}).code,
            0);
        const auto exportTo = [&](const char *name, const QStringList &more) {
            return run(
                QStringList{QStringLiteral("export"), QStringLiteral("-w"), ledger, QStringLiteral("-o"), file(name)}
                + more);
        };
        const auto importFrom = [&](const char *name) {
            return run({QStringLiteral("import"), file(name), QStringLiteral("-w"), file("codes-copy.ledger")});
        };
        QCOMPARE(exportTo("part.ndjson", {QStringLiteral("--kind"), QStringLiteral("event")}).code, 0);
        QCOMPARE(importFrom("part.ndjson").code, 1);
        QVERIFY(importFrom("part.ndjson").error.contains("kind=event"));
        QCOMPARE(exportTo("whole.ndjson", {}).code, 0);
        QVERIFY(!QFile::exists(file("whole.ndjson.part")));
        const auto whole = bytesOf(file("whole.ndjson"));
        QFile cut(file("cut.ndjson"));
        QVERIFY(cut.open(QIODevice::WriteOnly) && cut.write(whole.left(whole.size() / 2)) > 0);
        cut.close();
        QCOMPARE(importFrom("cut.ndjson").code, 4);
        QCOMPARE(importFrom("missing.ndjson").code, 1);
        QCOMPARE(run({QStringLiteral("import"), QStringLiteral("-w"), ledger}).code, 64);
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("-w"), ledger, QStringLiteral("--resume")}).code, 64);
        QCOMPARE(exportTo("x", {QStringLiteral("--format"), QStringLiteral("xml")}).code, 1);
        QVERIFY(!QFile::exists(file("codes-copy.ledger")));
        QCOMPARE(importFrom("whole.ndjson").code, 0);
        QCOMPARE(importFrom("whole.ndjson").code, 0);

        // What an interrupted export left is gone on with.
        QVERIFY(QFile::copy(file("cut.ndjson"), file("again.ndjson.part")));
        const auto resumed = exportTo("again.ndjson", {QStringLiteral("--resume"), QStringLiteral("--json")});
        QVERIFY2(resumed.code == 0, resumed.error.constData());
        QVERIFY(!resumed.out.contains(R"("resumed":0)"));
        QVERIFY(bytesOf(file("again.ndjson")) == whole);

        const auto csv = exportTo("a.csv",
                                  {QStringLiteral("--format"), QStringLiteral("csv"), QStringLiteral("--fields"),
                                   QStringLiteral("/account,/owner")});
        QVERIFY2(csv.code == 0, csv.error.constData());
        QVERIFY(bytesOf(file("a.csv")).startsWith("position,kind,"));
        QVERIFY(bytesOf(file("a.csv")).contains(",a,Ada\r\n"));
    }

    void aKilledImportGoesOn()
    {
        const auto seed = qEnvironmentVariableIsSet("COMMANDER_SEED") ? qEnvironmentVariableIntValue("COMMANDER_SEED")
                                                                      : static_cast<int>(std::random_device{}());
        qInfo("COMMANDER_SEED=%d", seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto problem = fillLedger(file("large.ledger"), 40'000);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const auto exported = run({QStringLiteral("export"), QStringLiteral("-w"), file("large.ledger"),
                                   QStringLiteral("-o"), file("large.ndjson")});
        QVERIFY2(exported.code == 0, exported.error.constData());

        const auto copy = file("large-copy.ledger");
        const auto size = [&copy] { return QFileInfo(copy).size() + QFileInfo(copy + QStringLiteral("-wal")).size(); };
        int kills = 0;
        bool finished = false;
        for (int round = 0; round < 20 && !finished; ++round) {
            QProcess process;
            process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            process.start(QStringLiteral(COMMANDERCTL),
                          {QStringLiteral("import"), file("large.ndjson"), QStringLiteral("-w"), copy});
            QVERIFY(process.waitForStarted());
            // Killed once it has written some more, wherever that is.
            const auto enough = size() + 1'000'000 + static_cast<qint64>(random() % 8'000'000);
            const bool kill = round < 6;
            while (!process.waitForFinished(1)) {
                if (kill && size() > enough)
                    process.kill();
            }
            if (process.exitStatus() == QProcess::CrashExit) {
                ++kills;
                continue;
            }
            QCOMPARE(process.exitCode(), 0);
            finished = true;
        }
        QVERIFY(finished);
        QVERIFY(kills > 0);
        qInfo("killed %d times", kills);
        QCOMPARE(run({QStringLiteral("verify"), copy}).code, 0);
        const auto again = run(
            {QStringLiteral("export"), QStringLiteral("-w"), copy, QStringLiteral("-o"), file("large-again.ndjson")});
        QVERIFY2(again.code == 0, again.error.constData());
        QVERIFY(bytesOf(file("large-again.ndjson")) == bytesOf(file("large.ndjson")));
    }
};

QTEST_GUILESS_MAIN(TestExchange)
#include "tst_exchange.moc"
