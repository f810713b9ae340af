// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"
#include "version_test_support.h"

#include <QDir>
#include <QScopeGuard>
#include <QtTest>

#include <thread>

using namespace commander;
using namespace viewtest;

namespace {

ViewVersionState stateOf(ViewVersionKeeper &versions, const ViewVersionId &id)
{
    for (const auto &version : versions.list()) {
        if (version.id == id)
            return version.state;
    }
    return ViewVersionState::Stopped;
}

const ViewVersionId v1{"tally", 1, TallyDomain(1).description().hash};
const ViewVersionId v2{"tally", 2, TallyDomain(2).description().hash};
const ViewVersionId v3{"tally", 3, TallyDomain(3).description().hash};

FoldBinding fold(std::uint32_t version, std::function<void(const Record &)> onFold = {})
{
    const auto domain = std::make_shared<TallyDomain>(version);
    domain->onFold = std::move(onFold);
    return tallyView(domain);
}

} // namespace

/// Versions of a view beside each other.
class ViewVersionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aVersionIsBuiltBesideTheOneThatServes();
    void buildingGoesOnAfterARestart();
    void buildingCanBeCancelled();
    void promoteAndRollBack();
    void severalViewsChangeAtOnce();
    void whatDecidesChangesOnlyWithTheProcessor();
    void onlySoManyAreKept();
    void aVersionThatFailsIsNotPromoted();
    void anotherDomainAtTheNextOpening();
    void aNewViewNeedsNoOpening();
    void deletedFilesComeBackByteForByte();
    void leftoversAreRemoved();
    void aReadOnlyWorkspaceChoosesNothing();
    void aVersionMayFoldSeveralTopics();
};

void ViewVersionsTest::aVersionIsBuiltBesideTheOneThatServes()
{
    VersionBench bench(seedOf("aVersionIsBuiltBesideTheOneThatServes"), 6000);
    Gate gate;
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    QVERIFY(opened->catalog->waitFor(bench.head, patience));
    const auto before = allDocuments(*opened->catalog, "tally");

    const auto openAtEnd = qScopeGuard([&gate] { gate.open(); }); // a failed check must not hang
    const auto id = opened->versions->start(fold(2, [&gate](const Record &) { gate.pass(); }));
    QVERIFY_RESULT(id);
    QVERIFY(*id == v2);
    QCOMPARE(id->label(), std::string("2-02070000"));
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Building);
    // It does not get in the way of what serves …
    QCOMPARE(allDocuments(*opened->catalog, "tally"), before);
    bench.grow(5);
    QVERIFY(opened->catalog->waitFor(bench.head, patience));
    QVERIFY(allDocuments(*opened->catalog, "tally") != before);
    // … and cannot serve yet.
    QCOMPARE_ERROR(opened->versions->promote({v2}), ErrorCode::NotReady);
    QCOMPARE_ERROR(opened->versions->diff({v1, v2, bench.head, {}, 10}, {}), ErrorCode::NotReady);
    gate.open();
    QVERIFY(bench.settle(*opened));
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Ready);
    QCOMPARE(stateOf(*opened->versions, v1), ViewVersionState::Serving);
    QVERIFY_RESULT(opened->versions->start(fold(2))); // at work already
    QVERIFY((*opened->versions->reader(v2))->get("tally", "all of them"));
    QCOMPARE_ERROR((*opened->versions->reader(v2))->get("deed", "b"), ErrorCode::UnknownView);
    QCOMPARE_ERROR(opened->catalog->get("tally", "all of them", {}), ErrorCode::NotFound);
    // What it holds is what it would hold alone.
    const auto path = bench.path(versionFileName(fold(2)).c_str());
    *opened = {};
    auto alone = ViewEngine::open({.path = bench.path("alone.sqlite"),
                                   .ledger = bench.ledger.ledger,
                                   .fileSystem = bench.ViewBench::files,
                                   .folds = {fold(2)}});
    QVERIFY_RESULT(alone);
    QVERIFY((*alone)->start());
    QVERIFY((*alone)->reader().waitFor(bench.head, patience));
    alone->reset();
    QCOMPARE(dump(path), dump(bench.path("alone.sqlite")));
}

void ViewVersionsTest::buildingGoesOnAfterARestart()
{
    VersionBench bench(seedOf("buildingGoesOnAfterARestart"), 3000);
    const auto records = std::make_shared<std::atomic<std::uint64_t>>(0); // position folded last
    {
        auto opened = bench.openVersions({.declared = tally(1)});
        QVERIFY_RESULT(opened);
        QVERIFY_RESULT(opened->versions->start(fold(2, [&](const Record &event) { *records = event.position.value; })));
        QVERIFY(bench.settle(*opened));
    }
    const auto stopped = bench.head;
    bench.grow(50);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    // Its fold is not known to this opening, but its documents are not lost.
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Waiting);
    QCOMPARE_ERROR(opened->versions->promote({v2}), ErrorCode::NotReady);
    std::atomic<std::uint64_t> first{0};
    QVERIFY_RESULT(opened->versions->start(fold(2, [&first](const Record &event) {
        std::uint64_t none = 0;
        first.compare_exchange_strong(none, event.position.value);
    })));
    QVERIFY(bench.settle(*opened));
    QVERIFY2(first > stopped.value, "folded again what it had folded");
    *opened = {};
    // Known from the opening on, it goes on by itself.
    bench.grow(1);
    opened = bench.openVersions({.declared = tally(1), .known = {fold(2)}});
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Ready);
}

void ViewVersionsTest::buildingCanBeCancelled()
{
    VersionBench bench(seedOf("buildingCanBeCancelled"), 6000);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    Gate gate;
    std::atomic<bool> begun = false;
    QVERIFY_RESULT(opened->versions->start(fold(2, [&](const Record &) {
        begun = true;
        gate.pass();
    })));
    QTRY_VERIFY(begun);
    QVERIFY(opened->catalog->waitFor(bench.head, patience));
    std::thread opener([&gate] { gate.open(); }); // cancel waits for the fold at work
    QVERIFY_RESULT(opened->versions->cancel(v2));
    opener.join();
    QCOMPARE(opened->versions->list().size(), 2u);
    QCOMPARE_ERROR(opened->versions->reader(v2), ErrorCode::NotFound);
    QCOMPARE_ERROR(opened->versions->cancel(v2), ErrorCode::NotFound);
    QCOMPARE_ERROR(opened->versions->cancel(v1), ErrorCode::InvalidArgument);
    QVERIFY(!bench.ViewBench::files.exists(bench.path(versionFileName(fold(2)).c_str())));
    // Once it is ready there is nothing to cancel.
    QVERIFY_RESULT(opened->versions->start(fold(2)));
    QVERIFY(bench.settle(*opened));
    QCOMPARE_ERROR(opened->versions->cancel(v2), ErrorCode::InvalidArgument);
    QCOMPARE_ERROR(opened->versions->drop(v1), ErrorCode::InvalidArgument);
    QVERIFY_RESULT(opened->versions->drop(v2));
}

void ViewVersionsTest::promoteAndRollBack()
{
    VersionBench bench(seedOf("promoteAndRollBack"), 300);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    QVERIFY_RESULT(opened->versions->start(fold(2)));
    QCOMPARE_ERROR(opened->versions->rollback("tally"), ErrorCode::NotFound);
    QVERIFY(bench.settle(*opened));
    const auto old = allDocuments(*opened->catalog, "tally");
    QVERIFY_RESULT(opened->versions->promote({v2}));
    const auto now = allDocuments(*opened->catalog, "tally");
    QVERIFY(now != old);
    QVERIFY(now.find("all of them") != std::string::npos);
    QCOMPARE(opened->catalog->views().size(), 2u);
    QCOMPARE(opened->catalog->views()[1].version, 2u);
    QCOMPARE(stateOf(*opened->versions, v1), ViewVersionState::Kept);
    const auto changes = opened->catalog->changesAt(bench.head);
    QVERIFY_RESULT(changes);
    for (const auto &change : *changes)
        QVERIFY(change.view != "tally" || change.version == 2);

    // It survives a restart, and what was kept goes on.
    *opened = {};
    bench.grow(20);
    opened = bench.openVersions({.declared = tally(1), .known = {fold(2)}});
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Serving);
    QVERIFY(opened->catalog->get("tally", "all of them", {}));
    const auto back = opened->versions->rollback("tally");
    QVERIFY_RESULT(back);
    QVERIFY(*back == v1);
    QCOMPARE_ERROR(opened->catalog->get("tally", "all of them", {}), ErrorCode::NotFound);
    QCOMPARE(allDocuments(*opened->catalog, "tally"), allDocuments(**opened->versions->reader(v1), "tally"));
    // Not forth again: what was rolled back never served, so to speak.
    QCOMPARE_ERROR(opened->versions->rollback("tally"), ErrorCode::NotFound);
    *opened = {};
    opened = bench.openVersions({.declared = tally(1), .known = {fold(2)}});
    QCOMPARE(stateOf(*opened->versions, v1), ViewVersionState::Serving);
    // Without the fold of the chosen one, what is declared serves.
    QVERIFY(bench.settle(*opened));
    QVERIFY_RESULT(opened->versions->promote({v2}));
    *opened = {};
    opened = bench.openVersions({.declared = tally(1)});
    QCOMPARE(stateOf(*opened->versions, v1), ViewVersionState::Serving);
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Waiting);
}

void ViewVersionsTest::severalViewsChangeAtOnce()
{
    VersionBench bench(seedOf("severalViewsChangeAtOnce"), 300);
    // Two views for reading, of two domains.
    const auto other = [](std::uint32_t version) {
        auto binding = tallyView(std::make_shared<TallyDomain>(version, "other"));
        binding.spec.name = "other";
        return binding;
    };
    auto opened = bench.openVersions({.declared = {fold(1), other(1)}, .known = {fold(2), other(2)}, .kept = 2});
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    const auto otherId = [&](std::uint32_t version) { return viewVersionOf(other(version)); };
    QCOMPARE_ERROR(opened->versions->promote({v1, v2}), ErrorCode::InvalidArgument);
    std::atomic<int> mixed = 0;
    std::atomic<int> looks = 0;
    std::jthread reader([&](std::stop_token stop) {
        while (!stop.stop_requested()) {
            const auto views = opened->catalog->views();
            mixed += views[0].version != views[1].version;
            ++looks;
        }
    });
    for (int i = 0; i < 10; ++i) {
        const auto version = i % 2 == 0 ? 2u : 1u;
        QVERIFY_RESULT(opened->versions->promote({version == 2 ? v2 : v1, otherId(version)}));
        bench.grow(3);
        const auto seen = looks.load();
        QTRY_VERIFY(looks > seen + 2);
    }
    reader.request_stop();
    reader.join();
    QCOMPARE(mixed.load(), 0);
}

void ViewVersionsTest::whatDecidesChangesOnlyWithTheProcessor()
{
    VersionBench bench(seedOf("whatDecidesChangesOnlyWithTheProcessor"), 100);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    const auto deed2 = tallyView(std::make_shared<TallyDomain>(2), "deed");
    const auto id = opened->versions->start(deed2);
    QVERIFY_RESULT(id);
    QVERIFY(bench.settle(*opened));
    QCOMPARE_ERROR(opened->versions->promote({*id}), ErrorCode::InvalidArgument);
    QVERIFY(!*opened->shelf->decidingDocument("deed", "all of them"));
    // The processor goes on deciding with what its domain declares, whatever is shown to readers.
    QVERIFY_RESULT(opened->versions->start(fold(2)));
    QVERIFY(bench.settle(*opened));
    QVERIFY_RESULT(opened->versions->promote({v2}));
    QVERIFY(!*opened->shelf->decidingDocument("tally", "all of them"));
    QCOMPARE(opened->shelf->decidingPosition(), bench.head);
    // Both together.
    QVERIFY_RESULT(opened->versions->decideWith({*id, v2}));
    QVERIFY(*opened->shelf->decidingDocument("deed", "all of them"));
    QVERIFY(opened->catalog->get("deed", "all of them", {}));
    bench.grow(3);
    QVERIFY(opened->shelf->waitDeciding(bench.head, {}));
    // The next opening decides with what is declared then; what was built is used, not built again.
    *opened = {};
    std::atomic<int> folded = 0;
    const auto domain = std::make_shared<TallyDomain>(2);
    domain->onFold = [&folded](const Record &) { ++folded; };
    bench.grow(4);
    opened = bench.openVersions({.declared = foldsOf(domain)});
    QVERIFY_RESULT(opened);
    QVERIFY(opened->shelf->waitDeciding(bench.head, {}));
    QCOMPARE(folded.load(), 8);
    QVERIFY(*opened->shelf->decidingDocument("deed", "all of them"));
}

void ViewVersionsTest::onlySoManyAreKept()
{
    VersionBench bench(seedOf("onlySoManyAreKept"), 100);
    auto opened = bench.openVersions({.declared = tally(1), .kept = 1});
    QVERIFY_RESULT(opened);
    for (std::uint32_t version = 2; version <= 4; ++version) {
        const auto id = opened->versions->start(fold(version));
        QVERIFY_RESULT(id);
        QVERIFY(bench.settle(*opened));
        QVERIFY_RESULT(opened->versions->promote({*id}));
    }
    // 4 serves, 3 is kept, 2 is gone; 1 is declared and shares its file.
    QCOMPARE_ERROR(opened->versions->reader(v2), ErrorCode::NotFound);
    QVERIFY(!bench.ViewBench::files.exists(bench.path(versionFileName(fold(2)).c_str())));
    QVERIFY(*opened->versions->rollback("tally") == v3);
    QVERIFY(*opened->versions->rollback("tally") == v1);
}

void ViewVersionsTest::aVersionThatFailsIsNotPromoted()
{
    VersionBench bench(seedOf("aVersionThatFailsIsNotPromoted"), 100);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    const auto before = opened->versions->start(fold(2, [](const Record &event) {
        if (event.position.value > 20)
            throw std::runtime_error("cannot take this");
    }));
    QVERIFY_RESULT(before);
    QTRY_COMPARE(stateOf(*opened->versions, v2), ViewVersionState::Stopped);
    QCOMPARE_ERROR(opened->versions->promote({v2}), ErrorCode::DomainFault);
    QVERIFY(opened->catalog->waitFor(bench.head, patience));
    QVERIFY(opened->shelf->faults().empty());
}

void ViewVersionsTest::anotherDomainAtTheNextOpening()
{
    VersionBench bench(seedOf("anotherDomainAtTheNextOpening"), 200);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    const auto then = bench.head;
    const auto documents = allDocuments(*opened->catalog, "tally");
    *opened = {};
    // A newer program: its views are built beside those of the older one, which can still be compared.
    bench.grow(10);
    opened = bench.openVersions({.declared = tally(2)});
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    QVERIFY(opened->catalog->waitFor(bench.head, patience));
    QVERIFY(opened->catalog->get("tally", "all of them", {}));
    QCOMPARE(stateOf(*opened->versions, v1), ViewVersionState::Waiting);
    QCOMPARE(allDocuments(**opened->versions->reader(v1), "tally"), documents);
    const auto page = opened->versions->diff({v1, v2, {}, {}, 100}, {});
    QVERIFY_RESULT(page);
    QCOMPARE(page->at, then);
    QVERIFY(page->added == 1 && page->removed > 0 && page->changed > 0);
    *opened = {};
    // The older program again: it goes on where it stood.
    std::atomic<int> folded = 0;
    const auto domain = std::make_shared<TallyDomain>(1);
    domain->onFold = [&folded](const Record &) { ++folded; };
    opened = bench.openVersions({.declared = foldsOf(domain)});
    QVERIFY_RESULT(opened);
    QVERIFY(opened->catalog->waitFor(bench.head, patience));
    QCOMPARE(folded.load(), 20);
    // What the newer one built waits for it.
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Waiting);
    *opened = {};
    // All the same what a first opening builds.
    const auto live = dump(bench.path());
    QCOMPARE(bench.build(bench.path("again.sqlite"), std::make_shared<TallyDomain>(1)), live);
}

void ViewVersionsTest::aNewViewNeedsNoOpening()
{
    VersionBench bench(seedOf("aNewViewNeedsNoOpening"), 50);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    auto binding = fold(2);
    binding.spec.name = "another";
    const auto id = opened->versions->start(binding);
    QVERIFY_RESULT(id);
    QVERIFY(bench.settle(*opened));
    QCOMPARE_ERROR(opened->catalog->get("another", "all of them", {}), ErrorCode::UnknownView);
    QVERIFY_RESULT(opened->versions->promote({*id}));
    QVERIFY(opened->catalog->get("another", "all of them", {}));
    QCOMPARE(opened->catalog->views().size(), 3u);
    QCOMPARE_ERROR(opened->versions->start({}), ErrorCode::InvalidArgument);
}

void ViewVersionsTest::deletedFilesComeBackByteForByte()
{
    VersionBench bench(seedOf("deletedFilesComeBackByteForByte"), 200);
    const VersionBench::Setting setting{.declared = tally(1), .known = {fold(2)}};
    auto opened = bench.openVersions(setting);
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    QVERIFY_RESULT(opened->versions->promote({v2}));
    bench.grow(30);
    QVERIFY(bench.settle(*opened));
    const auto documents = allDocuments(*opened->catalog, "tally");
    *opened = {};
    const auto own = bench.path(versionFileName(fold(2)).c_str());
    const auto before = dump(bench.path()) + dump(own);
    QVERIFY(before.find("integrity ok") != std::string::npos);
    for (const auto &name : bench.files()) {
        if (name.find(".sqlite") != std::string::npos)
            QVERIFY(QFile::remove(bench.folder.filePath(QString::fromStdString(name))));
    }
    opened = bench.openVersions(setting);
    QVERIFY_RESULT(opened);
    QVERIFY(bench.settle(*opened));
    // What was chosen to serve serves: it is no derived data.
    QCOMPARE(allDocuments(*opened->catalog, "tally"), documents);
    *opened = {};
    QCOMPARE(dump(bench.path()) + dump(own), before);
}

void ViewVersionsTest::leftoversAreRemoved()
{
    VersionBench bench(seedOf("leftoversAreRemoved"), 20);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    QVERIFY_RESULT(opened->versions->start(fold(2)));
    QVERIFY(bench.settle(*opened));
    *opened = {};
    QFile stray(bench.folder.filePath(QStringLiteral("view-0123.sqlite-wal")));
    QVERIFY(stray.open(QIODevice::WriteOnly));
    stray.close();
    opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    QVERIFY(!stray.exists());
    QVERIFY(bench.ViewBench::files.exists(bench.path(versionFileName(fold(2)).c_str())));
}

void ViewVersionsTest::aReadOnlyWorkspaceChoosesNothing()
{
    VersionBench bench(seedOf("aReadOnlyWorkspaceChoosesNothing"), 50);
    {
        auto opened = bench.openVersions({.declared = tally(1), .known = {fold(2)}});
        QVERIFY_RESULT(opened);
        QVERIFY(bench.settle(*opened));
        QVERIFY_RESULT(opened->versions->promote({v2}));
    }
    auto opened = bench.openVersions({.declared = tally(1), .known = {fold(2)}, .readOnly = true});
    QVERIFY_RESULT(opened);
    QCOMPARE(stateOf(*opened->versions, v2), ViewVersionState::Serving);
    QCOMPARE_ERROR(opened->versions->rollback("tally"), ErrorCode::LedgerReadOnly);
    QCOMPARE_ERROR(opened->versions->start(fold(3)), ErrorCode::LedgerReadOnly);
    QCOMPARE_ERROR(opened->versions->drop(v1), ErrorCode::LedgerReadOnly);
}

void ViewVersionsTest::aVersionMayFoldSeveralTopics()
{
    VersionBench bench(seedOf("aVersionMayFoldSeveralTopics"), 20);
    bench.head = bench.ledger.append("counted", R"({"set":[{"key":"from elsewhere","document":1}]})", "other-events");
    bench.grow(5);
    auto opened = bench.openVersions({.declared = tally(1)});
    QVERIFY_RESULT(opened);
    auto binding = fold(2);
    binding.spec.events.push_back("counted"); // an event of a domain with another topic
    QVERIFY_RESULT(opened->versions->start(binding));
    QVERIFY(bench.settle(*opened));
    const auto reader = opened->versions->reader(v2);
    QVERIFY_RESULT(reader);
    QVERIFY((*reader)->get("tally", "from elsewhere"));
    QCOMPARE((*reader)->get("tally", "all of them")->json, std::string(R"({"sets":26,"twice":52})"));
}

QTEST_GUILESS_MAIN(ViewVersionsTest)
#include "tst_view_versions.moc"
