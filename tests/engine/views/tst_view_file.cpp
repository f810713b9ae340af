// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/database.h"
#include "view_test_support.h"

#include <QFile>
#include <QtTest>

using namespace commander;
using namespace viewtest;

namespace {

void remove(const std::string &path)
{
    for (const char *const suffix : {"", "-wal", "-shm"})
        QFile::remove(QString::fromStdString(path + suffix));
}

} // namespace

/// When the file is kept, and when it is built anew.
class ViewFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deletedFilesComeBackTheSame();
    void batchesAndRestartsDoNotShow();
    void aKeptFileGoesOn();
    void aDamagedFileIsBuiltAnew_data();
    void aDamagedFileIsBuiltAnew();
    void aFileOfAnotherLedgerIsBuiltAnew();
    void aFileAheadOfItsLedgerIsBuiltAnew();
    void otherViewsAreBuiltAnew();
    void aNewVersionOfOneDomainBuildsOnlyItsViews();
};

void ViewFileTest::deletedFilesComeBackTheSame()
{
    ViewBench bench(seedOf("deletedFilesComeBackTheSame"), 500);
    const auto first = bench.build(bench.path());
    QVERIFY(first.ends_with("integrity ok"));
    QVERIFY(first.size() > 10'000);
    remove(bench.path());
    QCOMPARE(bench.build(bench.path()), first);
    QCOMPARE(bench.rebuildReason, std::string("there was none"));
}

void ViewFileTest::batchesAndRestartsDoNotShow()
{
    ViewBench bench(seedOf("batchesAndRestartsDoNotShow"));
    const auto domain = std::make_shared<NotesDomain>();
    // Live: every event its own batch now and then, several at once else, with restarts anywhere.
    auto engine = bench.open(bench.path(), domain);
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    for (int step = 0; step < 60; ++step) {
        bench.grow(1 + bench.maker.upTo(12));
        if (bench.maker.upTo(2) == 0)
            QVERIFY((*engine)->reader().waitFor(bench.head, patience));
        if (bench.maker.upTo(4) == 0) {
            engine->reset();
            engine = bench.open(bench.path(), domain);
            QVERIFY(engine);
            QCOMPARE((*engine)->rebuildReason(), std::string());
            QVERIFY((*engine)->start());
        }
    }
    QVERIFY((*engine)->reader().waitFor(bench.head, patience));
    engine->reset();
    const auto live = dump(bench.path());
    QCOMPARE(bench.build(bench.path("again.sqlite")), live);
}

void ViewFileTest::aKeptFileGoesOn()
{
    ViewBench bench(seedOf("aKeptFileGoesOn"), 100);
    const auto folded = std::make_shared<std::atomic<int>>(0);
    auto domain = std::make_shared<NotesDomain>();
    domain->onFold = [folded](const ViewSpec &, const Record &) { ++*folded; };
    const auto first = bench.build(bench.path(), domain);
    QCOMPARE(folded->load(), 300);
    QCOMPARE(bench.build(bench.path(), domain), first);
    QCOMPARE(folded->load(), 300);
    QCOMPARE(bench.rebuildReason, std::string());
    bench.grow(10);
    QVERIFY(bench.build(bench.path(), domain) != first);
    QCOMPARE(folded->load(), 330);
}

void ViewFileTest::aDamagedFileIsBuiltAnew_data()
{
    QTest::addColumn<QString>("damage");
    for (const char *const damage :
         {"empty", "garbage", "header", "middle", "truncated", "table gone", "row gone", "format", "marked"})
        QTest::newRow(damage) << QString::fromUtf8(damage);
}

void ViewFileTest::aDamagedFileIsBuiltAnew()
{
    QFETCH(QString, damage);
    ViewBench bench(seedOf("aDamagedFileIsBuiltAnew"), 200);
    const auto good = bench.build(bench.path());
    const auto name = QString::fromStdString(bench.path());

    const auto edit = [&name](const std::function<void(QFile &)> &change) {
        QFile file(name);
        QVERIFY(file.open(QIODevice::ReadWrite));
        change(file);
    };
    const auto execute = [&bench](const std::string &sql) {
        auto database = Database::open(bench.path(), Database::Mode::ReadWrite);
        QVERIFY(database);
        const auto done = database->execute(sql);
        QVERIFY2(done, done ? "" : done.error().text().c_str());
    };
    if (damage == QStringLiteral("empty"))
        edit([](QFile &file) { file.resize(0); });
    else if (damage == QStringLiteral("garbage"))
        edit([](QFile &file) { file.resize(0), file.write(QByteArray(50'000, 'x')); });
    else if (damage == QStringLiteral("header"))
        edit([](QFile &file) { file.seek(3), file.write("#"); });
    else if (damage == QStringLiteral("middle"))
        edit(
            [](QFile &file) { file.seek(4096), file.write(QByteArray(static_cast<int>(file.size()) - 4096, '\xaa')); });
    else if (damage == QStringLiteral("truncated"))
        edit([](QFile &file) { file.resize(4096); });
    else if (damage == QStringLiteral("table gone"))
        execute("DROP TABLE state");
    else if (damage == QStringLiteral("row gone"))
        execute("DELETE FROM state");
    else if (damage == QStringLiteral("format"))
        execute("PRAGMA user_version = 99");
    else
        QVERIFY(bench.files.open(bench.path() + ".damaged", FileSystem::OpenMode::ReadWriteCreate));

    QCOMPARE(bench.build(bench.path()), good);
    QVERIFY(!bench.rebuildReason.empty());
    QCOMPARE(bench.build(bench.path()), good);
    QCOMPARE(bench.rebuildReason, std::string());
}

void ViewFileTest::aFileOfAnotherLedgerIsBuiltAnew()
{
    const auto seed = seedOf("aFileOfAnotherLedgerIsBuiltAnew");
    ViewBench one(seed, 50);
    ViewBench other(seed + 1, 60);
    (void)one.build(one.path());
    QVERIFY(QFile::copy(QString::fromStdString(one.path()), QString::fromStdString(other.path("foreign.sqlite"))));
    const auto built = other.build(other.path("foreign.sqlite"));
    QCOMPARE(other.rebuildReason, std::string("it belongs to another ledger"));
    QCOMPARE(built, other.build(other.path()));
}

void ViewFileTest::aFileAheadOfItsLedgerIsBuiltAnew()
{
    // The same ledger, restored from an older copy, or with another record where the file stood.
    const auto seed = seedOf("aFileAheadOfItsLedgerIsBuiltAnew");
    ViewBench ahead(seed, 60);
    (void)ahead.build(ahead.path());
    ViewBench restored(seed, 50);
    QCOMPARE(restored.ledger.ledger.ledgerId(), ahead.ledger.ledger.ledgerId());
    const auto file = restored.path("kept.sqlite");
    QVERIFY(QFile::copy(QString::fromStdString(ahead.path()), QString::fromStdString(file)));
    const auto built = restored.build(file);
    QCOMPARE(restored.rebuildReason, std::string("it is ahead of the ledger"));
    QCOMPARE(built, restored.build(restored.path()));

    restored.head = restored.ledger.append("documents-set", R"({"set":[],"removed":["x"]})");
    restored.grow(20);
    remove(file);
    QVERIFY(QFile::copy(QString::fromStdString(ahead.path()), QString::fromStdString(file)));
    (void)restored.build(file);
    QVERIFY(restored.rebuildReason.starts_with("the ledger holds another record"));
}

void ViewFileTest::otherViewsAreBuiltAnew()
{
    ViewBench bench(seedOf("otherViewsAreBuiltAnew"), 50);
    const auto domain = std::make_shared<NotesDomain>();
    const auto all = bench.build(bench.path(), domain);
    {
        auto folds = foldsOf(domain);
        folds.pop_back();
        auto engine = ViewEngine::open({.path = bench.path(),
                                        .ledger = bench.ledger.ledger,
                                        .fileSystem = bench.files,
                                        .folds = std::move(folds),
                                        .onProgress = {},
                                        .sources = {}});
        QVERIFY(engine);
        QCOMPARE((*engine)->rebuildReason(), std::string("it holds other views"));
        QCOMPARE((*engine)->reader().get("fragile", "count").error().code, ErrorCode::UnknownView);
    }
    QCOMPARE(bench.build(bench.path(), domain), all);
    QCOMPARE(bench.rebuildReason, std::string("it holds other views"));
    // Every view of a new version: nothing to keep.
    (void)bench.build(bench.path(), std::make_shared<NotesDomain>(2));
    QCOMPARE(bench.rebuildReason, std::string("its views were folded by another version"));
}

void ViewFileTest::aNewVersionOfOneDomainBuildsOnlyItsViews()
{
    ViewBench bench(seedOf("aNewVersionOfOneDomainBuildsOnlyItsViews"), 100);
    std::map<std::string, int> folded;
    const auto build = [&](const std::string &file, std::uint32_t lettersVersion) {
        auto domain = std::make_shared<NotesDomain>();
        domain->onFold = [&folded](const ViewSpec &view, const Record &) { ++folded[view.name]; };
        auto folds = foldsOf(domain);
        folds[1].spec.version = lettersVersion;
        auto engine = ViewEngine::open({.path = file,
                                        .ledger = bench.ledger.ledger,
                                        .fileSystem = bench.files,
                                        .folds = std::move(folds),
                                        .onProgress = {},
                                        .sources = {}});
        if (!engine || !(*engine)->start() || !(*engine)->reader().waitFor(bench.head, patience))
            return std::string("failed");
        bench.rebuildReason = (*engine)->rebuildReason();
        engine->reset();
        return dump(file);
    };
    (void)build(bench.path(), 1);
    folded.clear();
    const auto upgraded = build(bench.path(), 2);
    QCOMPARE(bench.rebuildReason, std::string());
    QCOMPARE(folded, (std::map<std::string, int>{{"letters", 100}}));
    QCOMPARE(upgraded, build(bench.path("fresh.sqlite"), 2));
}

QTEST_GUILESS_MAIN(ViewFileTest)
#include "tst_view_file.moc"
