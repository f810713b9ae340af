// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/manual_clock.h"
#include "support/record_factory.h"
#include "support/seeded_random.h"

#include "ledger/ledger_follower.h"
#include "ledger/memory/memory_ledger.h"

#include <QtTest>

#include <mutex>

using namespace commander;

class LedgerFollowerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void largeBatchesWhereRecordsAreQuick();
    void smallerOnesWhereTheyAreSlow();

private:
    struct Taken {
        std::vector<std::size_t> batches;
        std::vector<Position> positions;
    };
    [[nodiscard]] static Taken follow(std::size_t records, std::size_t batchMax, std::chrono::milliseconds perRecord);
};

LedgerFollowerTest::Taken LedgerFollowerTest::follow(std::size_t records, std::size_t batchMax,
                                                     std::chrono::milliseconds perRecord)
{
    ManualClock clock;
    SeededRandom random(7);
    MemoryLedger ledger(clock, random);
    LedgerTransaction transaction;
    for (std::size_t i = 0; i < records; ++i)
        transaction.records.push_back(testCommand(i));
    if (!ledger.appendAndWait(std::move(transaction)))
        return {};
    std::mutex mutex;
    std::condition_variable all;
    Taken taken;
    LedgerFollower follower(ledger, "test", batchMax, [&](std::span<const RecordPtr> batch) -> Result<void> {
        const auto end = std::chrono::steady_clock::now() + perRecord * batch.size();
        while (std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        const std::scoped_lock lock(mutex);
        taken.batches.push_back(batch.size());
        for (const auto &record : batch)
            taken.positions.push_back(record->position);
        all.notify_one();
        return {};
    });
    if (!follower.start(Position{}))
        return {};
    {
        std::unique_lock lock(mutex);
        all.wait(lock, [&] { return taken.positions.size() == records; });
    }
    follower.stop();
    return taken;
}

void LedgerFollowerTest::largeBatchesWhereRecordsAreQuick()
{
    const auto taken = follow(1000, 400, {});
    QCOMPARE(taken.batches, (std::vector<std::size_t>{400, 400, 200}));
}

void LedgerFollowerTest::smallerOnesWhereTheyAreSlow()
{
    const auto taken = follow(120, 80, std::chrono::milliseconds(5));
    QCOMPARE(taken.positions.size(), 120u);
    for (std::size_t i = 0; i < taken.positions.size(); ++i)
        QCOMPARE(taken.positions[i].value, i + 1);
    QCOMPARE(taken.batches.front(), 80u);
    for (std::size_t i = 1; i < taken.batches.size(); ++i)
        QVERIFY2(taken.batches[i] <= 40, std::to_string(taken.batches[i]).c_str()); // at least 5 ms each of 200
}

QTEST_GUILESS_MAIN(LedgerFollowerTest)
#include "tst_ledger_follower.moc"
