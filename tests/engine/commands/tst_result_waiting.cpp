// SPDX-License-Identifier: GPL-3.0-or-later
#include "intake_bench.h"

#include <QTest>

#include <future>
#include <thread>
#include <vector>

using namespace commander;
using namespace commander::intakebench;
using namespace std::chrono_literals;

class TestResultWaiting : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resultThatIsThereAlready();
    void resultThatComesLater();
    void deadlines();
    void onlyTheCommandsOwnResult();
    void noResultIsMissed();
    void destructionEndsAllWaiting();
};

void TestResultWaiting::resultThatIsThereAlready()
{
    Bench bench;
    const auto receipt = *bench.intake->submitAndWait(deposit());
    const auto result = bench.decide(*receipt.command);
    const auto waited = bench.intake->waitForResult(receipt.command->id, 1h); // time stands still
    QVERIFY(waited);
    QVERIFY((*waited)->id == result->id);
}

void TestResultWaiting::resultThatComesLater()
{
    Bench bench;
    const auto receipt = *bench.intake->submitAndWait(deposit());
    std::promise<RecordPtr> first;
    std::promise<RecordPtr> second;
    bench.intake->awaitResult(receipt.command->id, 1h, [&](RecordPtr result) { first.set_value(result); });
    bench.intake->awaitResult(receipt.command->id, 1h, [&](RecordPtr result) { second.set_value(result); });
    const std::vector<RecordPtr> results{bench.decide(*receipt.command)};
    bench.intake->resultCommitted(results);
    QVERIFY(first.get_future().get() == results.front());
    QVERIFY(second.get_future().get() == results.front());
    bench.intake->resultCommitted(results); // nobody waits any more
}

void TestResultWaiting::deadlines()
{
    std::vector<int> order;
    std::mutex mutex;
    std::atomic<int> answered{0};
    Bench bench; // last: its end answers whoever still waits
    const auto wait = [&](int number, std::chrono::milliseconds time) {
        bench.intake->awaitResult(uuid5(someId, std::to_string(number)), time, [&, number](const RecordPtr &result) {
            const std::scoped_lock lock(mutex);
            order.push_back(result ? -number : number);
            ++answered;
        });
    };
    wait(3, 300ms);
    wait(1, 100ms);
    wait(2, 200ms);
    wait(0, 0ms);
    QTRY_COMPARE(answered.load(), 1);
    bench.clock.advance(99ms);
    wait(4, std::chrono::milliseconds::max());
    wait(5, 0ms); // when this is answered, the clock was looked at
    QTRY_COMPARE(answered.load(), 2);
    bench.clock.advance(1ms);
    QTRY_COMPARE(answered.load(), 3);
    bench.clock.advance(200ms);
    QTRY_COMPARE(answered.load(), 5);
    const std::scoped_lock lock(mutex);
    QCOMPARE(order, (std::vector<int>{0, 5, 1, 2, 3}));

    auto timedOut = std::async(std::launch::async, [&] { return bench.intake->waitForResult(someId, 1s); });
    while (timedOut.wait_for(10ms) != std::future_status::ready)
        bench.clock.advance(1s);
    QCOMPARE(timedOut.get().error().code, ErrorCode::TimedOut);
}

// Any record may carry the id that a result would have.
void TestResultWaiting::onlyTheCommandsOwnResult()
{
    std::atomic<bool> answered{false};
    Bench bench; // last: its end answers whoever still waits
    const auto receipt = *bench.intake->submitAndWait(deposit());
    QVERIFY(bench.intake->submitAndWait(deposit(uuid5(receipt.command->id, "result"))));
    bench.intake->awaitResult(receipt.command->id, 1h, [&](const RecordPtr &) { answered = true; });
    QVERIFY(!bench.intake->waitForResult(someId, 0ms)); // the thread that would have answered has been round
    QVERIFY(!answered);
}

void TestResultWaiting::noResultIsMissed()
{
    Bench bench;
    constexpr int count = 400;
    std::atomic<int> answered{0};
    std::vector<RecordPtr> commands;
    for (int i = 0; i < count; ++i)
        commands.push_back(bench.intake->submitAndWait(deposit())->command);
    std::jthread deciding([&] {
        for (const auto &command : commands) {
            const std::vector<RecordPtr> results{bench.decide(*command)};
            bench.intake->resultCommitted(results);
        }
    });
    for (const auto &command : commands) {
        bench.intake->awaitResult(command->id, 1h, [&, id = command->id](const RecordPtr &result) {
            if (result && result->parent == id)
                ++answered;
        });
    }
    QTRY_COMPARE(answered.load(), count);
}

void TestResultWaiting::destructionEndsAllWaiting()
{
    Bench bench;
    std::atomic<int> answered{0};
    for (int i = 0; i < 10; ++i) {
        bench.intake->awaitResult(uuid5(someId, std::to_string(i / 2)), 1h,
                                  [&](const RecordPtr &result) { answered += result ? 100 : 1; });
    }
    std::vector<std::future<bool>> sent;
    for (int i = 0; i < 100; ++i) {
        auto done = std::make_shared<std::promise<bool>>();
        sent.push_back(done->get_future());
        bench.intake->submit(deposit(uuid5(someId, std::to_string(i % 50))),
                             [done](const Result<CommandReceipt> &receipt) { done->set_value(receipt.has_value()); });
    }
    bench.intake.reset();
    QCOMPARE(answered.load(), 10);
    // Each submission is answered, whether it came through or not.
    for (auto &one : sent)
        (void)one.get();
    QCOMPARE(bench.records(), std::size_t(50));
}

QTEST_GUILESS_MAIN(TestResultWaiting)
#include "tst_result_waiting.moc"
