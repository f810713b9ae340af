// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/sqlite_ledger.h"
#include "ledger_contract.h"
#include "sqlite_ledger_support.h"
#include "support/result_macros.h"

#include <commander/limits.h>
#include <commander/verify.h>

#include <QTest>

#include <future>

using namespace commander;
using namespace std::chrono_literals;

namespace {

class SqliteFixture final : public LedgerFixture {
public:
    [[nodiscard]] Result<void> open()
    {
        auto opened = SqliteLedger::open(m_bench.options());
        if (!opened)
            return fail(opened.error());
        m_ledger = std::move(*opened);
        return {};
    }
    Ledger &ledger() override { return *m_ledger; }
    void close() override { m_ledger.reset(); }

private:
    LedgerBench m_bench;
    std::unique_ptr<SqliteLedger> m_ledger;
};

} // namespace

/// The contract, and what only a kept ledger can show: it is the same one after closing and opening.
class TestSqliteLedger final : public LedgerContract {
    Q_OBJECT

protected:
    Result<std::unique_ptr<LedgerFixture>> make() override
    {
        auto fixture = std::make_unique<SqliteFixture>();
        if (auto opened = fixture->open(); !opened)
            return fail(opened.error());
        return fixture;
    }

private Q_SLOTS:
    void isTheSameAfterReopening();
    void recordedAtNeverGoesBack();
    void followsFromDiskWhenFarBehind();
    void readsBesideAWriter();
    void readOnlyRefusesToAppend();
    void countsWhatItDoes();
    void oldRecordsLeaveMemory();
    void followsManyTopicsFromDisk();
    void answersBusyWhenTheQueueIsFull();
};

void TestSqliteLedger::isTheSameAfterReopening()
{
    LedgerBench bench;
    Uuid id;
    LedgerHead head;
    {
        auto ledger = SqliteLedger::open(bench.options());
        QVERIFY_RESULT(ledger);
        id = (*ledger)->ledgerId();
        for (std::uint64_t n = 1; n <= 700; ++n) {
            auto transaction = LedgerTransaction{{testCommand(n)}, {{"processor", {"commands", 0}, {n}}}};
            if (n == 700)
                QVERIFY_RESULT((*ledger)->appendAndWait(std::move(transaction)));
            else
                (*ledger)->append(std::move(transaction), [](const Result<Appended> &) {});
        }
        head = (*ledger)->head().value();
        QCOMPARE(head.position.value, 700u);
    }
    for (int round = 0; round < 3; ++round) {
        auto ledger = SqliteLedger::open(bench.options());
        QVERIFY_RESULT(ledger);
        QVERIFY((*ledger)->ledgerId() == id);
        const auto now = (*ledger)->head();
        QVERIFY_RESULT(now);
        QVERIFY(now->position == head.position && now->chain == head.chain && now->recordedAt == head.recordedAt);
        QVERIFY((*ledger)->progress("processor", {"commands", 0}).value()->value >= 700);
        const auto appended = (*ledger)->appendAndWait(
            {{testCommand(1000 + static_cast<std::uint64_t>(round))}, {{"processor", {"commands", 0}, {701}}}});
        QVERIFY_RESULT(appended);
        QCOMPARE(appended->records[0]->offset.value, head.position.value);
        head = (*ledger)->head().value();
    }
    const auto report = verifyLedger(bench.path(), bench.fileSystem());
    QVERIFY_RESULT(report);
    QVERIFY2(report->verdict == VerifyReport::Verdict::Intact, report->problem.c_str());
    QCOMPARE(report->records, 703u);
    QVERIFY(report->chain == head.chain);
    QVERIFY(report->promised == head.position);
}

void TestSqliteLedger::recordedAtNeverGoesBack()
{
    LedgerBench bench;
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(ledger);
    Timestamp highest{};
    for (const auto step : {0s, 10s, -3600s, 5s, 7200s}) {
        bench.clock().advance(step);
        highest = std::max(highest, bench.clock().now());
        const auto appended
            = (*ledger)->appendAndWait({{testCommand(static_cast<std::uint64_t>(step.count() + 10'000))}, {}});
        QVERIFY_RESULT(appended);
        QVERIFY(appended->records[0]->recordedAt == highest);
    }
    ledger->reset();
    bench.clock().advance(-100'000s);
    auto again = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(again);
    QVERIFY((*again)->appendAndWait({{testCommand(1)}, {}}).value().records[0]->recordedAt == highest);
}

void TestSqliteLedger::followsFromDiskWhenFarBehind()
{
    LedgerBench bench;
    const std::uint64_t total = limits::recentRecordsMax + 5000;
    {
        auto ledger = SqliteLedger::open(bench.options(Durability::Relaxed));
        QVERIFY_RESULT(ledger);
        bench.fill(**ledger, 1, total);
        auto cursor = (*ledger)->follow(Position{0});
        QVERIFY_RESULT(cursor);
        std::uint64_t next = 1;
        while (next <= total) {
            const auto records = (*cursor)->next(1000, 0ms);
            QVERIFY_RESULT(records);
            QVERIFY(!records->empty());
            for (const auto &record : *records) {
                QCOMPARE(record->position.value, next);
                ++next;
            }
        }
    }
}

void TestSqliteLedger::followsManyTopicsFromDisk()
{
    LedgerBench bench;
    {
        auto ledger = SqliteLedger::open(bench.options(Durability::Relaxed));
        QVERIFY_RESULT(ledger);
        for (std::uint64_t n = 1; n <= 300; ++n) {
            QVERIFY_RESULT(
                (*ledger)->appendAndWait({{testCommand(n), testEvent(n, n % 2 ? "odd-events" : "even-events")}, {}}));
        }
    }
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(ledger);
    // From the middle of one topic, from beyond the end of another, and one that is not there yet.
    auto cursor = (*ledger)->follow(
        std::vector<TopicStart>{{{"odd-events", 0}, {100}}, {{"even-events", 0}, {151}}, {{"new-events", 0}, {1}}});
    QVERIFY_RESULT(cursor);
    for (std::uint64_t n = 301; n <= 304; ++n) {
        QVERIFY_RESULT((*ledger)->appendAndWait(
            {{testEvent(n, n % 2 ? "odd-events" : "even-events"), testEvent(n + 1000, "new-events")}, {}}));
    }
    std::map<std::string, std::vector<std::uint64_t>> offsets;
    for (;;) {
        const auto records = (*cursor)->next(10, 0ms);
        QVERIFY_RESULT(records);
        if (records->empty())
            break;
        for (const auto &record : *records)
            offsets[record->topic].push_back(record->offset.value);
    }
    QCOMPARE(offsets["odd-events"].size(), 52u);
    QCOMPARE(offsets["odd-events"].front(), 100u);
    QVERIFY(offsets["even-events"] == std::vector<std::uint64_t>{151});
    QVERIFY((offsets["new-events"] == std::vector<std::uint64_t>{1, 2, 3}));
}

void TestSqliteLedger::readsBesideAWriter()
{
    LedgerBench bench;
    auto writer = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(writer);
    bench.fill(**writer, 1, 100);
    auto readOnly = bench.options();
    readOnly.readOnly = true;
    auto reader = SqliteLedger::open(readOnly);
    QVERIFY_RESULT(reader);
    QVERIFY((*reader)->ledgerId() == (*writer)->ledgerId());
    QCOMPARE((*reader)->head().value().position.value, 100u);
    auto cursor = (*reader)->follow(Position{90});
    QVERIFY_RESULT(cursor);
    QCOMPARE((*cursor)->next(100, 1s).value().size(), 10u);
    auto waiting = std::async(std::launch::async, [&] { return (*cursor)->next(100, 10s); });
    bench.fill(**writer, 101, 105);
    const auto seen = waiting.get();
    QVERIFY_RESULT(seen);
    QVERIFY(!seen->empty());
    QCOMPARE(seen->front()->position.value, 101u);
    QVERIFY_RESULT((*writer)->appendAndWait({{}, {{"processor", {"commands", 0}, {3}}}}));
    QVERIFY((*reader)->progress("processor", {"commands", 0}).value() == Offset{3});

    // The reader stays when the writer goes, and sees the next one's records.
    writer->reset();
    QCOMPARE((*reader)->readAt({1}, 1000).value().size(), 105u);
    auto next = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(next);
    bench.fill(**next, 106, 110);
    QCOMPARE((*reader)->readAt({1}, 1000).value().size(), 110u);
    const auto report = verifyLedger(bench.path(), bench.fileSystem());
    QVERIFY_RESULT(report);
    QVERIFY2(report->verdict == VerifyReport::Verdict::Intact, report->problem.c_str());
}

void TestSqliteLedger::readOnlyRefusesToAppend()
{
    LedgerBench bench;
    auto options = bench.options();
    options.readOnly = true;
    QCOMPARE_ERROR(SqliteLedger::open(options), ErrorCode::NotFound);
    QVERIFY(!bench.fileSystem().exists(bench.path()));
    QVERIFY_RESULT(SqliteLedger::open(bench.options()));
    auto ledger = SqliteLedger::open(options);
    QVERIFY_RESULT(ledger);
    QCOMPARE_ERROR((*ledger)->appendAndWait({{testCommand(1)}, {}}), ErrorCode::LedgerReadOnly);
}

void TestSqliteLedger::countsWhatItDoes()
{
    LedgerBench bench;
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(ledger);
    QVERIFY_RESULT((*ledger)->appendAndWait({{testCommand(1), testCommand(2)}, {}}));
    QVERIFY_RESULT((*ledger)->appendAndWait({{testCommand(3)}, {}}));
    QVERIFY(!(*ledger)->appendAndWait({{testCommand(3)}, {}}));
    const auto counters = (*ledger)->counters();
    QCOMPARE(counters.commits, 2u);
    QCOMPARE(counters.transactions, 2u);
    QCOMPARE(counters.records, 3u);
    QCOMPARE(counters.refused, 1u);
    QCOMPARE(counters.largestCommit, 2u);
}

void TestSqliteLedger::answersBusyWhenTheQueueIsFull()
{
    LedgerBench bench;
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(ledger);
    // The first Done holds the writer until the queue is over its bound.
    std::promise<void> held;
    std::promise<void> release;
    (*ledger)->append({{testCommand(1)}, {}}, [&](const Result<Appended> &) {
        held.set_value();
        release.get_future().wait();
    });
    held.get_future().wait();
    std::atomic<std::size_t> busy{0};
    std::atomic<std::size_t> written{0};
    for (std::size_t i = 0; i < limits::appendQueueMax + 10; ++i) {
        (*ledger)->append({}, [&](const Result<Appended> &appended) {
            if (appended)
                ++written;
            else if (appended.error().code == ErrorCode::Busy)
                ++busy;
        });
    }
    release.set_value();
    // … and afterwards it goes on.
    QTRY_COMPARE_WITH_TIMEOUT(written.load() + busy.load(), limits::appendQueueMax + 10, 60'000);
    QCOMPARE(busy.load(), 10u);
    QVERIFY_RESULT((*ledger)->appendAndWait({{testCommand(2)}, {}}));
}

void TestSqliteLedger::oldRecordsLeaveMemory()
{
    LedgerBench bench;
    auto ledger = SqliteLedger::open(bench.options());
    QVERIFY_RESULT(ledger);
    std::weak_ptr<const Record> first;
    {
        const auto appended = (*ledger)->appendAndWait({{testCommand(1)}, {}});
        QVERIFY_RESULT(appended);
        first = appended->records.front();
    }
    QVERIFY(!first.expired()); // followers that keep up are served from memory
    bench.fill(**ledger, 2, limits::recentRecordsMax + 1);
    QVERIFY(first.expired());
}

QTEST_GUILESS_MAIN(TestSqliteLedger)
#include "tst_sqlite_ledger.moc"
