// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/database.h"
#include "view_test_support.h"

#include <QFile>
#include <QtTest>

#include <latch>
#include <thread>

using namespace commander;
using namespace viewtest;

namespace {

constexpr std::chrono::seconds patience{30};

/// A ledger of random events, and a folder for views files.
struct Bench {
    explicit Bench(std::uint64_t seed, int events = 0) : ledger(seed), maker(seed) { grow(events); }

    void grow(int events)
    {
        for (int i = 0; i < events; ++i) {
            const auto event = maker.next();
            head = ledger.append(event.action, event.data);
        }
    }
    [[nodiscard]] std::string path(const char *name = "views.sqlite") const
    {
        return folder.filePath(QString::fromUtf8(name)).toStdString();
    }
    [[nodiscard]] Result<std::unique_ptr<ViewEngine>> open(const std::string &file,
                                                           const std::shared_ptr<const Domain> &domain)
    {
        return ViewEngine::open({.path = file,
                                 .ledger = ledger.ledger,
                                 .fileSystem = files,
                                 .folds = foldsOf(domain),
                                 .onProgress = {},
                                 .sources = {}});
    }
    /// Opens, folds everything, closes; returns what the file holds then.
    [[nodiscard]] std::string build(const std::string &file,
                                    const std::shared_ptr<const Domain> &domain = std::make_shared<NotesDomain>())
    {
        auto engine = open(file, domain);
        if (!engine)
            return engine.error().text();
        rebuildReason = (*engine)->rebuildReason();
        if (auto started = (*engine)->start(); !started)
            return started.error().text();
        if (!(*engine)->reader().waitFor(head, patience))
            return "not folded in time";
        engine->reset();
        return dump(file);
    }

    SeededLedger ledger;
    EventMaker maker;
    QTemporaryDir folder;
    SystemFileSystem files;
    Position head;
    std::string rebuildReason;
};

void remove(const std::string &path)
{
    for (const char *const suffix : {"", "-wal", "-shm"})
        QFile::remove(QString::fromStdString(path + suffix));
}

std::string errorOf(ViewEngine &engine, const std::string &view)
{
    for (const auto &status : engine.reader().views()) {
        if (status.name == view)
            return status.error;
    }
    return "no such view";
}

} // namespace

class ViewEngineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyLedgerHasEmptyViews();
    void deletedFilesComeBackTheSame();
    void batchesAndRestartsDoNotShow();
    void aKeptFileGoesOn();
    void aDamagedFileIsBuiltAnew_data();
    void aDamagedFileIsBuiltAnew();
    void aFileOfAnotherLedgerIsBuiltAnew();
    void aFileAheadOfItsLedgerIsBuiltAnew();
    void otherViewsAreBuiltAnew();
    void aNewVersionOfOneDomainBuildsOnlyItsViews();
    void aFaultStopsOneView();
    void aStoppedViewIsTriedAgain();
    void whenAllViewsStopNobodyWaits();
    void unusableDocumentsStopTheView_data();
    void unusableDocumentsStopTheView();
    void waitingEnds();
    void sameNamesAreRefused();
    void longHistoriesAreFound();
    void readersSeeWholeEvents();
};

void ViewEngineTest::anEmptyLedgerHasEmptyViews()
{
    Bench bench(1);
    auto engine = bench.open(bench.path(), std::make_shared<NotesDomain>());
    QVERIFY(engine);
    QVERIFY(!(*engine)->rebuildReason().empty());
    QVERIFY((*engine)->start());
    QCOMPARE((*engine)->position(), Position{});
    QVERIFY((*engine)->reader().waitFor({}, std::chrono::milliseconds(0)));
    QVERIFY(!(*engine)->reader().waitFor({1}, std::chrono::milliseconds(1)));
    const auto list = (*engine)->reader().list("documents", {});
    QVERIFY(list);
    QVERIFY(list->documents.empty());
    QCOMPARE((*engine)->reader().views().size(), 3u);
    QVERIFY((*engine)->reader().changesAt({1})->empty());
}

void ViewEngineTest::deletedFilesComeBackTheSame()
{
    Bench bench(seedOf("deletedFilesComeBackTheSame"), 500);
    const auto first = bench.build(bench.path());
    QVERIFY(first.ends_with("integrity ok"));
    QVERIFY(first.size() > 10'000);
    remove(bench.path());
    QCOMPARE(bench.build(bench.path()), first);
    QCOMPARE(bench.rebuildReason, std::string("there was none"));
}

void ViewEngineTest::batchesAndRestartsDoNotShow()
{
    Bench bench(seedOf("batchesAndRestartsDoNotShow"));
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

void ViewEngineTest::aKeptFileGoesOn()
{
    Bench bench(seedOf("aKeptFileGoesOn"), 100);
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

void ViewEngineTest::aDamagedFileIsBuiltAnew_data()
{
    QTest::addColumn<QString>("damage");
    for (const char *const damage :
         {"empty", "garbage", "header", "middle", "truncated", "table gone", "row gone", "format", "marked"})
        QTest::newRow(damage) << QString::fromUtf8(damage);
}

void ViewEngineTest::aDamagedFileIsBuiltAnew()
{
    QFETCH(QString, damage);
    Bench bench(seedOf("aDamagedFileIsBuiltAnew"), 200);
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

void ViewEngineTest::aFileOfAnotherLedgerIsBuiltAnew()
{
    const auto seed = seedOf("aFileOfAnotherLedgerIsBuiltAnew");
    Bench one(seed, 50);
    Bench other(seed + 1, 60);
    (void)one.build(one.path());
    QVERIFY(QFile::copy(QString::fromStdString(one.path()), QString::fromStdString(other.path("foreign.sqlite"))));
    const auto built = other.build(other.path("foreign.sqlite"));
    QCOMPARE(other.rebuildReason, std::string("it belongs to another ledger"));
    QCOMPARE(built, other.build(other.path()));
}

void ViewEngineTest::aFileAheadOfItsLedgerIsBuiltAnew()
{
    // The same ledger, restored from an older copy, or with another record where the file stood.
    const auto seed = seedOf("aFileAheadOfItsLedgerIsBuiltAnew");
    Bench ahead(seed, 60);
    (void)ahead.build(ahead.path());
    Bench restored(seed, 50);
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

void ViewEngineTest::otherViewsAreBuiltAnew()
{
    Bench bench(seedOf("otherViewsAreBuiltAnew"), 50);
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

void ViewEngineTest::aNewVersionOfOneDomainBuildsOnlyItsViews()
{
    Bench bench(seedOf("aNewVersionOfOneDomainBuildsOnlyItsViews"), 100);
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

void ViewEngineTest::aFaultStopsOneView()
{
    Bench bench(seedOf("aFaultStopsOneView"), 20);
    auto engine = bench.open(bench.path(), std::make_shared<NotesDomain>());
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    const auto bad = bench.ledger.append("documents-set", R"({"set":[{"key":"a","document":1}],"break":true})");
    bench.grow(20);
    auto &reader = (*engine)->reader();
    QVERIFY(reader.waitFor(bench.head, patience));
    QCOMPARE((*engine)->position(), bench.head);
    QVERIFY((*engine)->faults().empty());
    for (const auto &status : reader.views()) {
        const bool stopped = status.name == "fragile";
        QCOMPARE(status.position, stopped ? Position{bad.value - 1} : bench.head);
        QCOMPARE(status.error.empty(), !stopped);
        if (stopped)
            QVERIFY2(QString::fromStdString(status.error).contains(QStringLiteral("told to break")),
                     status.error.c_str());
    }
    // Nothing of the event that it could not take is in it.
    QCOMPARE(reader.get("fragile", "count")->json, std::string(R"({"events":20})"));
    QCOMPARE(reader.get("fragile", "half").error().code, ErrorCode::NotFound);
    QCOMPARE(reader.get("documents", "a", bad)->json, std::string("1"));
    // What it holds must not be taken for the present.
    QCOMPARE((*engine)->currentDocument("fragile", "count").error().code, ErrorCode::DomainFault);
    QVERIFY((*engine)->currentDocument("documents", "a"));
}

void ViewEngineTest::aStoppedViewIsTriedAgain()
{
    Bench bench(seedOf("aStoppedViewIsTriedAgain"), 20);
    bench.ledger.append("documents-set", R"({"set":[{"key":"a","document":1}],"break":true})");
    bench.grow(20);
    const auto stopped = bench.build(bench.path());
    QCOMPARE(bench.build(bench.path()), stopped); // tried again, and stopped again
    QCOMPARE(bench.rebuildReason, std::string());

    const auto mended = std::make_shared<NotesDomain>();
    mended->mended = true;
    std::map<std::string, int> folded;
    mended->onFold = [&folded](const ViewSpec &view, const Record &) { ++folded[view.name]; };
    const auto caughtUp = bench.build(bench.path(), mended);
    QCOMPARE(folded, (std::map<std::string, int>{{"fragile", 21}}));
    QCOMPARE(caughtUp, bench.build(bench.path("fresh.sqlite"), mended));
}

void ViewEngineTest::whenAllViewsStopNobodyWaits()
{
    Bench bench(seedOf("whenAllViewsStopNobodyWaits"));
    auto domain = std::make_shared<NotesDomain>();
    domain->onFold = [](const ViewSpec &, const Record &) { throw std::runtime_error("thrown by a fold"); };
    auto engine = bench.open(bench.path(), domain);
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    bench.grow(3);
    QVERIFY((*engine)->reader().waitFor(bench.head, patience));
    for (const char *const view : {"documents", "letters", "fragile"})
        QVERIFY(QString::fromStdString(errorOf(**engine, view)).contains(QStringLiteral("thrown by a fold")));
}

void ViewEngineTest::unusableDocumentsStopTheView_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("too deep") << 0;
    QTest::newRow("not a number") << 1;
    QTest::newRow("not UTF-8") << 2;
    QTest::newRow("twice the same member") << 3;
    QTest::newRow("twice the same member, in a patch") << 4;
}

namespace {

class BadDomain final : public Domain {
public:
    explicit BadDomain(int kind) : m_kind(kind)
    {
        m_description.name = "bad";
        m_description.eventsTopic = "note-events";
        m_description.views.push_back({"bad", 1, {}, {"documents-set"}});
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override
    {
        return Decision(std::vector<EventDraft>());
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &) const override
    {
        return std::vector<FollowUpCommand>();
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &, DocumentFold &documents) const override
    {
        documents.put("first", Json(1));
        Json document = Json::object();
        switch (m_kind) {
        case 0:
            for (std::size_t i = 0; i < limits::jsonDepthMax; ++i)
                document = Json(Json::Array{document});
            break;
        case 1:
            document.set("n", Json(Json::Number{"NaN"}));
            break;
        case 2:
            document.set("text", Json("\xff"));
            break;
        case 3:
            *document.asObject() = {{"a", Json(1)}, {"a", Json(2)}};
            break;
        default:
            document.set("long", Json(std::string(1000, 'x')));
            if (const auto *before = documents.get("second")) {
                document = *before;
                document.asObject()->push_back({"long", Json(2)});
            } else {
                documents.put("second", document);
                return {};
            }
        }
        documents.put("second", document);
        return {};
    }

private:
    const int m_kind;
    DomainDescription m_description;
};

} // namespace

void ViewEngineTest::unusableDocumentsStopTheView()
{
    QFETCH(int, kind);
    Bench bench(7);
    auto engine = bench.open(bench.path(), std::make_shared<BadDomain>(kind));
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    bench.ledger.append("documents-set", "{}");
    const auto last = bench.ledger.append("documents-set", "{}");
    QVERIFY((*engine)->reader().waitFor(last, patience));
    QVERIFY(!errorOf(**engine, "bad").empty());
    const auto second = (*engine)->reader().get("bad", "second");
    QCOMPARE(second.has_value(), kind == 4);
    QCOMPARE((*engine)->reader().get("bad", "first").has_value(), kind == 4); // wholly or not at all
}

void ViewEngineTest::waitingEnds()
{
    Bench bench(3, 5);
    auto engine = bench.open(bench.path(), std::make_shared<NotesDomain>());
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    std::stop_source stop;
    QVERIFY((*engine)->waitFor(bench.head, stop.get_token()));
    {
        const std::jthread waiting([&] { QVERIFY(!(*engine)->waitFor({1'000'000}, stop.get_token())); });
        stop.request_stop();
    }
    {
        std::latch begun(1);
        const std::jthread waiting([&] {
            begun.count_down();
            QVERIFY(!(*engine)->waitFor({1'000'000}, {}));
        });
        begun.wait();
        (*engine)->stop();
    }
    QVERIFY((*engine)->reader().waitFor(bench.head, std::chrono::milliseconds(0)));
}

void ViewEngineTest::sameNamesAreRefused()
{
    Bench bench(4);
    auto folds = foldsOf(std::make_shared<NotesDomain>());
    folds.push_back(folds.front());
    const auto engine = ViewEngine::open({.path = bench.path(),
                                          .ledger = bench.ledger.ledger,
                                          .fileSystem = bench.files,
                                          .folds = std::move(folds),
                                          .onProgress = {},
                                          .sources = {}});
    QVERIFY(!engine);
    QCOMPARE(engine.error().code, ErrorCode::InvalidArgument);
}

void ViewEngineTest::longHistoriesAreFound()
{
    // Far more whole forms and patches than the model test makes, removals between them.
    const auto seed = seedOf("longHistoriesAreFound");
    std::mt19937_64 chance(seed);
    Bench bench(seed);
    std::map<Position, std::string> expected{{Position{}, std::string()}};
    for (int i = 0; i < 3000; ++i) {
        const bool removed = chance() % 40 == 0;
        const bool shortOne = chance() % 3 == 0; // a patch would not be smaller
        const auto document = removed
            ? std::string()
            : R"({"n":)" + std::to_string(i) + (shortOne ? "}" : R"(,"text":")" + std::string(60, 'x') + R"("})");
        bench.head = bench.ledger.append("documents-set",
                                         removed ? std::string(R"({"removed":["a"]})")
                                                 : R"({"set":[{"key":"a","document":)" + document + "}]}");
        expected[bench.head] = document;
    }
    auto engine = bench.open(bench.path(), std::make_shared<NotesDomain>());
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    auto &reader = (*engine)->reader();
    QVERIFY(reader.waitFor(bench.head, patience));
    for (int i = 0; i < 1500; ++i) {
        const Position at{chance() % (bench.head.value + 2)};
        const auto document = reader.get("documents", "a", at);
        QCOMPARE(document ? document->json : std::string(), std::prev(expected.upper_bound(at))->second);
    }
    // Reopened, the builder finds its place in the lists again.
    engine->reset();
    bench.grow(50);
    const auto goneOn = bench.build(bench.path());
    QCOMPARE(goneOn, bench.build(bench.path("fresh.sqlite")));
}

void ViewEngineTest::readersSeeWholeEvents()
{
    // Every event sets the same number in three documents: whoever reads them at one position sees it thrice.
    Bench bench(seedOf("readersSeeWholeEvents"));
    auto engine = bench.open(bench.path(), std::make_shared<NotesDomain>());
    QVERIFY(engine);
    QVERIFY((*engine)->start());
    auto &reader = (*engine)->reader();
    constexpr int rounds = 600;
    std::atomic<bool> done{false};
    std::atomic<int> looks{0};
    std::atomic<int> wrong{0};
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 6; ++i) {
            readers.emplace_back([&] {
                while (!done) {
                    const auto list = reader.list("documents", {});
                    if (!list || (!list->documents.empty() && list->documents.size() != 3)) {
                        ++wrong;
                        continue;
                    }
                    for (const auto &document : list->documents)
                        wrong += document.json != list->documents.front().json;
                    const auto position = (*engine)->position();
                    if (position.value >= 2) {
                        const auto history = reader.history("documents", "y", {}, 5);
                        wrong += !history || history->front().position < position;
                        wrong += !reader.blame("documents", "x", position);
                        wrong += !reader.changesAt(position);
                    }
                    ++looks;
                }
            });
        }
        for (int i = 0; i < rounds; ++i) {
            const auto n = std::to_string(i);
            bench.head
                = bench.ledger.append("documents-set",
                                      R"({"set":[{"key":"x","document":{"n":)" + n + R"(}},{"key":"y","document":{"n":)"
                                          + n + R"(}},{"key":"z","document":{"n":)" + n + "}}]}");
        }
        QVERIFY(reader.waitFor(bench.head, patience));
        while (looks < 50 && wrong == 0)
            std::this_thread::yield();
        done = true;
    }
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(reader.history("documents", "y", {}, 10'000)->size(), std::size_t{rounds});
}

QTEST_GUILESS_MAIN(ViewEngineTest)
#include "tst_view_engine.moc"
