// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/faulty_vfs.h"
#include "support/result_macros.h"
#include "version_test_support.h"

#include <QProcess>
#include <QtTest>

#include <atomic>
#include <chrono>
#include <thread>

using namespace commander;
using namespace viewtest;

namespace {

const ViewVersionId v1{"tally", 1, TallyDomain(1).description().hash};
const ViewVersionId v2{"tally", 2, TallyDomain(2).description().hash};

FoldBinding fold(std::uint32_t version)
{
    return tallyView(std::make_shared<TallyDomain>(version));
}

VersionBench::Setting bothVersions(FileSystem *fileSystem = nullptr)
{
    return {.declared = tally(1), .known = {fold(2)}, .fileSystem = fileSystem};
}

} // namespace

/// Exchanging what serves, whatever happens half way.
class ViewPromotionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFaultAtAnyWriteLeavesOneOrTheOther_data();
    void aFaultAtAnyWriteLeavesOneOrTheOther();
    void choicesThatCannotBeReadCountAsNone_data();
    void choicesThatCannotBeReadCountAsNone();
    void killedAtAnyMomentOneOrTheOtherServes();
    void differencesAreTheNaiveOnes();
    void aSlowerVersionDrawsLevelWhileTheLedgerGrows();

public:
    /// Promotes and rolls back, over and over, until it is killed.
    static int promoteForever(const QString &folder);
};

void ViewPromotionTest::aFaultAtAnyWriteLeavesOneOrTheOther_data()
{
    QTest::addColumn<bool>("lasting");
    QTest::addColumn<bool>("diskFull");
    QTest::newRow("one write fails") << false << false;
    QTest::newRow("the disk is full once") << false << true;
    QTest::newRow("nothing is written any more") << true << false;
}

void ViewPromotionTest::aFaultAtAnyWriteLeavesOneOrTheOther()
{
    QFETCH(bool, lasting);
    QFETCH(bool, diskFull);
    VersionBench bench(seedOf("aFaultAtAnyWriteLeavesOneOrTheOther"), 60);
    {
        auto opened = bench.openVersions(bothVersions());
        QVERIFY_RESULT(opened);
        QVERIFY(bench.settle(*opened));
    }
    bool toSecond = true;
    int failures = 0;
    for (std::uint64_t k = 1; k <= 30; ++k) {
        FaultPlan plan;
        FaultyFileSystem faulty(bench.ViewBench::files, plan);
        bool promoted = false;
        ViewVersionId shown;
        {
            auto opened = bench.openVersions(bothVersions(&faulty));
            QVERIFY_RESULT(opened);
            QVERIFY(bench.settle(*opened));
            const auto &target = toSecond ? v2 : v1;
            plan.failAt(k, diskFull ? FaultPlan::Fault::DiskFull : FaultPlan::Fault::IoError, lasting);
            promoted = opened->versions->promote({target}).has_value();
            failures += !promoted;
            // Readers see what was promoted, or what there was.
            shown = opened->shelf->table()->serving.at("tally")->id;
            QVERIFY(shown == (promoted ? target : (toSecond ? v1 : v2)));
            if (!lasting)
                plan.heal();
        }
        plan.heal();
        auto opened = bench.openVersions(bothVersions());
        QVERIFY_RESULT(opened);
        QVERIFY2(opened->shelf->choices().problem().empty(), opened->shelf->choices().problem().c_str());
        QVERIFY(bench.settle(*opened));
        const auto serving = opened->shelf->table()->serving.at("tally")->id;
        if (promoted)
            QVERIFY(serving == shown);
        QCOMPARE(opened->catalog->get("tally", "all of them", {}).has_value(), serving == v2);
        toSecond = serving == v1;
        bench.grow(1);
    }
    QVERIFY(failures > 3);
}

void ViewPromotionTest::choicesThatCannotBeReadCountAsNone_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no database")
        << QByteArray("this is not a database, whatever its name says about it\n").repeated(99);
}

void ViewPromotionTest::choicesThatCannotBeReadCountAsNone()
{
    QFETCH(QByteArray, content);
    VersionBench bench(seedOf("choicesThatCannotBeReadCountAsNone"), 30);
    {
        auto opened = bench.openVersions(bothVersions());
        QVERIFY_RESULT(opened);
        QVERIFY(bench.settle(*opened));
        QVERIFY_RESULT(opened->versions->promote({v2}));
    }
    QFile file(QString::fromStdString(bench.choicesPath()));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(content), content.size());
    file.close();
    auto opened = bench.openVersions(bothVersions());
    QVERIFY_RESULT(opened);
    QCOMPARE(opened->shelf->choices().problem().empty(), content.isEmpty());
    QCOMPARE_ERROR(opened->catalog->get("tally", "all of them", {}), ErrorCode::NotFound);
    QVERIFY(bench.settle(*opened));
    QVERIFY_RESULT(opened->versions->promote({v2}));
    *opened = {};
    opened = bench.openVersions(bothVersions());
    QVERIFY_RESULT(opened);
    QVERIFY(opened->catalog->get("tally", "all of them", {}));
}

int ViewPromotionTest::promoteForever(const QString &folder)
{
    VersionBench bench(7, 40);
    VersionBench::Setting setting = bothVersions();
    auto shelf = ViewShelf::open({.folder = folder.toStdString(),
                                  .choicesPath = folder.toStdString() + "/test.ledger.views",
                                  .ledger = bench.ledger.ledger,
                                  .fileSystem = bench.ViewBench::files,
                                  .clock = bench.systemClock,
                                  .declared = setting.declared,
                                  .known = setting.known});
    if (!shelf || !(*shelf)->start())
        return 1;
    ViewVersionKeeper versions(**shelf, 1);
    ViewCatalog catalog(**shelf);
    for (const auto &member : (*shelf)->table()->members) {
        if (!VersionReader(member).waitFor(bench.head, patience))
            return 2;
    }
    // What serves is whole, and the choices could be read.
    const bool second = (*shelf)->table()->serving.at("tally")->id == v2;
    if (!(*shelf)->choices().problem().empty() || catalog.get("tally", "all of them", {}).has_value() != second)
        return 3;
    ::printf("ready\n");
    ::fflush(stdout);
    for (bool next = !second;; next = !next) {
        if (!versions.promote({next ? v2 : v1}))
            return 4;
    }
}

void ViewPromotionTest::killedAtAnyMomentOneOrTheOtherServes()
{
    const auto seed = seedOf("killedAtAnyMomentOneOrTheOtherServes");
    std::mt19937_64 chance(seed);
    const QTemporaryDir folder;
    for (int round = 0; round < 12; ++round) {
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--promote"), folder.path()});
        QVERIFY(process.waitForReadyRead(30000));
        QCOMPARE(process.readAllStandardOutput(), QByteArray("ready\n"));
        // It promotes all the time; wherever this catches it is as good as any place.
        QVERIFY(!process.waitForFinished(static_cast<int>(chance() % 40)));
        process.kill();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    }
}

void ViewPromotionTest::differencesAreTheNaiveOnes()
{
    VersionBench bench(seedOf("differencesAreTheNaiveOnes"), 150);
    auto opened = bench.openVersions(bothVersions());
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    const TallyDomain one(1);
    const TallyDomain two(2);
    NaiveViews before(one);
    NaiveViews after(two);
    for (const auto &record : records(bench.ledger.ledger)) {
        if (record->kind == RecordKind::Event) {
            before.fold(*record);
            after.fold(*record);
        }
    }
    for (const auto at : {Position{2}, Position{40}, bench.head}) {
        const auto left = before.at("tally", at);
        const auto right = after.at("tally", at);
        std::map<std::string, VersionRow::Kind> expected;
        std::uint64_t same = 0;
        for (const auto &[key, document] : left) {
            const auto other = right.find(key);
            if (other == right.end())
                expected[key] = VersionRow::Kind::Removed;
            else if (other->second == document)
                ++same;
            else
                expected[key] = VersionRow::Kind::Changed;
        }
        for (const auto &[key, document] : right) {
            if (!left.contains(key))
                expected[key] = VersionRow::Kind::Added;
        }
        for (const std::size_t limit : {1, 3, 1000}) {
            std::map<std::string, VersionRow::Kind> found;
            VersionDiffPage sum;
            VersionDiffRequest request{v1, v2, at, {}, limit};
            do {
                const auto page = opened->versions->diff(request, {});
                QVERIFY_RESULT(page);
                QVERIFY(page->rows.size() <= limit);
                QCOMPARE(page->at, at);
                for (const auto &row : page->rows) {
                    QVERIFY(found.emplace(row.key, row.kind).second);
                    if (row.kind == VersionRow::Kind::Changed) {
                        QCOMPARE(row.fields.size(), 1u);
                        QCOMPARE(row.fields[0].pointer, std::string("/twice"));
                        QVERIFY(!row.fields[0].before && row.fields[0].after);
                    }
                }
                sum.same += page->same;
                sum.added += page->added;
                sum.removed += page->removed;
                sum.changed += page->changed;
                request.afterKey = page->nextKey;
            } while (request.afterKey);
            QVERIFY(found == expected);
            QCOMPARE(sum.same, same);
            QCOMPARE(sum.added + sum.removed + sum.changed, expected.size());
            QCOMPARE(sum.added, 1u);
        }
    }
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE_ERROR(opened->versions->diff({v1, v2, {}, {}, 10}, stop.get_token()), ErrorCode::Cancelled);
    QCOMPARE_ERROR(opened->versions->diff({v1, v2, {}, {}, 0}, {}), ErrorCode::InvalidArgument);
}

namespace {

void work(std::chrono::milliseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
}

} // namespace

/// What serves is quick and always ahead; without a rest the slower version would never be level with it.
void ViewPromotionTest::aSlowerVersionDrawsLevelWhileTheLedgerGrows()
{
    VersionBench bench(seedOf("aSlowerVersionDrawsLevelWhileTheLedgerGrows"), 20);
    auto slow = std::make_shared<TallyDomain>(2);
    std::atomic<bool> hurried = true;
    slow->onFold = [&hurried](const Record &) {
        if (!hurried)
            work(std::chrono::milliseconds(6));
    };
    auto opened = bench.openVersions({.declared = tally(1), .known = {tallyView(slow)}});
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    hurried = false;
    const auto from = opened->shelf->position();
    std::jthread writer([&bench](const std::stop_token &stop) {
        while (!stop.stop_requested()) {
            bench.grow(1);
            work(std::chrono::milliseconds(3));
        }
    });
    QVERIFY(opened->shelf->waitFor({from.value + 30}, std::chrono::seconds(30)));
    const auto promoted = opened->versions->promote({v2});
    writer.request_stop();
    writer.join();
    hurried = true;
    QVERIFY_RESULT(promoted);
    QVERIFY(opened->shelf->table()->serving.at("tally")->id == v2);
    // Nobody rests any more.
    QVERIFY(bench.settle(*opened));
    QVERIFY_RESULT(opened->versions->rollback("tally"));
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const auto arguments = application.arguments();
    if (arguments.size() == 3 && arguments[1] == QStringLiteral("--promote"))
        return ViewPromotionTest::promoteForever(arguments[2]);
    ViewPromotionTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_view_promotion.moc"
