// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/sabotage.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>
#include <vector>

using namespace commander;

namespace {

constexpr int runSecondsMax = 120;

/// Who breaks what, and which test has to notice.
struct Watch {
    Saboteur saboteur;
    const char *invariant; ///< number in the list of CONTRIBUTING.md
    const char *test;
    const char *functions; ///< of the test, separated by blanks
};

const std::vector<Watch> &watches()
{
    using enum Saboteur;
    static const std::vector<Watch> all{
        {AcknowledgeBeforeDurable, "1", "tst_ledger_faults", "everyOperation"},
        {LogNotSynced, "1", "tst_ledger_faults", "acknowledgesWhenLogAndHeadAreSynced"},
        {HeadFileNotWritten, "1", "tst_ledger_damage", "deletedLog"},
        {HeadFileNotSynced, "1", "tst_ledger_faults", "acknowledgesWhenLogAndHeadAreSynced"},
        {LostTailNotNoticed, "1", "tst_ledger_damage", "deletedLog"},
        {FailedSyncForgotten, "1", "tst_ledger_faults", "failedHeadStopsWrites"},
        {SecondOwnerLetIn, "1", "tst_platform", "secondOwnerIsRefusedAndToldWho"},
        {ProgressLost, "2", "tst_processor_restart", "diesAtEveryCommit"},
        {EventsApartFromResult, "2", "tst_processor_restart", "diesAtEveryCommit"},
        {TwoResults, "2", "tst_processor", "recordsOfATransfer"},
        {RepeatedCommandTakenTwice, "2", "tst_command_intake", "sameIdSameBytes"},
        {ExpiredCommandDecided, "2", "tst_scheduled_commands", "expiredAlready"},
        {StaleDocuments, "3", "tst_processor", "laterCommandsSeeEarlierOnes"},
        {UnsettledDocumentsDropped, "3", "tst_processor", "slowViewsHoldItBack"},
        {FailedCommandLeavesDocuments, "3", "tst_processor", "failedCommandsLeaveNothing"},
        {ParkedSequenceOvertaken, "3", "tst_dead_letters", "parksItsKeyOnly"},
        {RealTimeInContext, "4", "tst_processor", "timeAndIdsComeFromTheCommand"},
        {IdsNotDerived, "4", "tst_processor", "timeAndIdsComeFromTheCommand"},
        {ScriptsSeeTheClock, "4", "tst_script_sandbox", "refuses"},
        {UnorderedFold, "5", "tst_view_model", "documentsAtEveryPosition"},
        {StateOneChangeEarly, "5", "tst_view_model", "documentsAtEveryPosition"},
        {ReactionsWhileBuilding, "5", "tst_engine_versions", "promotionRepeatsNoReaction"},
        {PromotionHalfDone, "5", "tst_view_versions", "promoteAndRollBack"},
        {PromotedBeforeLevel, "5", "tst_view_versions", "aVersionIsBuiltBesideTheOneThatServes"},
        {DataReserialized, "6", "tst_command_intake", "appendsAsSent"},
        {DuplicateMembersLetIn, "6", "tst_command_intake", "refuses"},
        {ContentNotVerified, "7", "tst_ledger_damage", "verifyFindsTampering"},
        {ChainNotVerified, "7", "tst_ledger_damage", "verifyFindsTampering"},
        {ImportTrailerNotRead, "7", "tst_ledger_import", "everyChangedByteIsSeen"},
        {FollowerSkips, "8", "tst_view_file", "batchesAndRestartsDoNotShow"},
        {FollowerRepeats, "8", "tst_view_file", "batchesAndRestartsDoNotShow"},
        {UnboundedFeed, "8", "tst_sqlite_ledger", "oldRecordsLeaveMemory"},
        {UnboundedStream, "8", "tst_rest_streams", "clientsThatDoNotReadTakeLittleMemory"},
        {UnchangedFieldBlamed, "9", "tst_view_model", "historiesAndOrigins"},
        {WrongCommandBlamed, "9", "tst_view_model", "historiesAndOrigins"},
    };
    return all;
}

QString nameOf(Saboteur saboteur)
{
    const auto name = saboteurNames.at(static_cast<std::size_t>(saboteur));
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString pathOf(const QString &test)
{
    for (const auto &entry : QStringLiteral(COMMANDER_WATCHERS).split(u'|')) {
        if (entry.section(u'=', 0, 0) == test)
            return entry.section(u'=', 1);
    }
    return {};
}

struct Run {
    bool passed = false;
    QString failure; ///< function that a check failed in; empty for a crash or a hang
    QString output;
};

Run runTest(const Watch &watch, const QString &saboteur)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("COMMANDER_SABOTAGE"));
    if (!saboteur.isEmpty())
        environment.insert(QStringLiteral("COMMANDER_SABOTAGE"), saboteur);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(pathOf(QString::fromUtf8(watch.test)), QString::fromUtf8(watch.functions).split(u' '));
    const bool ended = process.waitForFinished(runSecondsMax * 1000);
    if (!ended) {
        process.kill();
        process.waitForFinished();
    }
    Run run;
    run.output = QString::fromUtf8(process.readAll());
    run.passed = ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    const QRegularExpression failed(QStringLiteral(R"(FAIL!\s+: \w+::(\w+))"));
    if (ended && process.exitStatus() == QProcess::NormalExit)
        run.failure = failed.match(run.output).captured(1);
    return run;
}

} // namespace

/// Every saboteur is let loose on the tests that have to notice it; one that survives is a promise without a test.
class TestSaboteurs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOneIsWatched()
    {
        std::map<Saboteur, int> watched;
        for (const auto &watch : watches())
            ++watched[watch.saboteur];
        QCOMPARE(watched.size(), saboteurNames.size());
        for (const char *const invariant : {"1", "2", "3", "4", "5", "6", "7", "8", "9"}) {
            QVERIFY(std::any_of(watches().begin(), watches().end(),
                                [&](const Watch &watch) { return qstrcmp(watch.invariant, invariant) == 0; }));
        }
    }

    void isCaught_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < watches().size(); ++i)
            QTest::newRow(qPrintable(nameOf(watches()[i].saboteur))) << static_cast<int>(i);
    }
    void isCaught()
    {
        QFETCH(const int, index);
        const auto &watch = watches()[static_cast<std::size_t>(index)];
        // A test that fails anyway notices nothing.
        const auto undisturbed = m_undisturbed.emplace(std::pair(watch.test, watch.functions), Run());
        if (undisturbed.second)
            undisturbed.first->second = runTest(watch, {});
        QVERIFY2(undisturbed.first->second.passed, qPrintable(undisturbed.first->second.output));
        QElapsedTimer timer;
        timer.start();
        const auto run = runTest(watch, nameOf(watch.saboteur));
        const auto seconds = QString::number(static_cast<double>(timer.elapsed()) / 1000, 'f', 1);
        m_table += QStringLiteral("%1 %2  %3 %4\n")
                       .arg(nameOf(watch.saboteur), -34)
                       .arg(QString::fromUtf8(watch.invariant), -9)
                       .arg(run.failure.isEmpty() ? QStringLiteral("NOBODY")
                                                  : QString::fromUtf8(watch.test) + u' ' + run.failure,
                            -70)
                       .arg(seconds, 7);
        QVERIFY2(!run.passed && !run.failure.isEmpty(),
                 qPrintable(QStringLiteral("it survives, or the test crashes or hangs instead of noticing:\n")
                            + run.output.right(2000)));
    }

    void cleanupTestCase()
    {
        std::printf("%-34s %-9s  %-70s %7s\n%s", "saboteur", "invariant", "caught by", "seconds", qPrintable(m_table));
        std::fflush(stdout);
    }

private:
    std::map<std::pair<std::string, std::string>, Run> m_undisturbed;
    QString m_table;
};

QTEST_GUILESS_MAIN(TestSaboteurs)
#include "tst_saboteurs.moc"
