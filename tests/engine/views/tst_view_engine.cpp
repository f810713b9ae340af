// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"

#include <QtTest>

#include <latch>
#include <thread>

using namespace commander;
using namespace viewtest;

namespace {

/// A ledger whose records have a place in their topic only, as in a cluster.
class TopicsOnly final : public Ledger {
public:
    explicit TopicsOnly(Ledger &ledger) : m_ledger(ledger) { }
    [[nodiscard]] LedgerTraits traits() const noexcept override { return {}; }
    void append(LedgerTransaction transaction, Done done) override
    {
        m_ledger.append(std::move(transaction), std::move(done));
    }
    [[nodiscard]] Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) override
    {
        if (std::holds_alternative<Position>(from))
            return fail(ErrorCode::Unsupported, "no total order");
        return m_ledger.follow(std::move(from));
    }
    [[nodiscard]] Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                      std::size_t max) override
    {
        return m_ledger.read(source, from, max);
    }
    [[nodiscard]] Result<std::vector<RecordPtr>> readAt(Position, std::size_t) override
    {
        return fail(ErrorCode::Unsupported, "no total order");
    }
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id) override { return m_ledger.find(id); }
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer,
                                                         const TopicPartition &source) override
    {
        return m_ledger.progress(consumer, source);
    }
    [[nodiscard]] Result<LedgerHead> head() override { return m_ledger.head(); }
    [[nodiscard]] Uuid ledgerId() const noexcept override { return m_ledger.ledgerId(); }

private:
    Ledger &m_ledger;
};

} // namespace

class ViewEngineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyLedgerHasEmptyViews();
    void waitingEnds();
    void sameNamesAreRefused();
    void topicsAreFollowedWithoutATotalOrder();
    void longHistoriesAreFound();
    void readersSeeWholeEvents();
};

void ViewEngineTest::anEmptyLedgerHasEmptyViews()
{
    ViewBench bench(1);
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

void ViewEngineTest::waitingEnds()
{
    ViewBench bench(3, 5);
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
    ViewBench bench(4);
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

void ViewEngineTest::topicsAreFollowedWithoutATotalOrder()
{
    // Positions count the events then; offsets are where it goes on.
    ViewBench bench(seedOf("topicsAreFollowedWithoutATotalOrder"), 100);
    TopicsOnly topics(bench.ledger.ledger);
    const auto folded = std::make_shared<std::atomic<int>>(0);
    auto domain = std::make_shared<NotesDomain>();
    domain->onFold = [folded](const ViewSpec &, const Record &) { ++*folded; };
    const auto build = [&](const char *file, std::uint64_t events) {
        auto engine = ViewEngine::open(
            {.path = bench.path(file), .ledger = topics, .fileSystem = bench.files, .folds = foldsOf(domain)});
        if (!engine || !(*engine)->start() || !(*engine)->reader().waitFor({events}, patience))
            return std::string("failed");
        bench.rebuildReason = (*engine)->rebuildReason();
        engine->reset();
        return dump(bench.path(file));
    };
    QVERIFY(build("views.sqlite", 100).ends_with("integrity ok"));
    QCOMPARE(folded->load(), 300);
    bench.grow(50);
    const auto grown = build("views.sqlite", 150);
    QCOMPARE(bench.rebuildReason, std::string());
    QCOMPARE(folded->load(), 450);
    QCOMPARE(build("fresh.sqlite", 150), grown);
}

void ViewEngineTest::longHistoriesAreFound()
{
    // Far more whole forms and patches than the model test makes, removals between them.
    const auto seed = seedOf("longHistoriesAreFound");
    std::mt19937_64 chance(seed);
    ViewBench bench(seed);
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
    ViewBench bench(seedOf("readersSeeWholeEvents"));
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
