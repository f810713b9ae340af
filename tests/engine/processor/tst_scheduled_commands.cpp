// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that wait for their time, expire, or are cancelled before it.
#include "processor_bench.h"

using namespace commander;
using namespace commander::simulation;
using namespace std::chrono_literals;

class TestScheduledCommands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isDecidedWhenItIsDue();
    void survivesARestart();
    void survivesLostProgress();
    void canBeCancelled();
    void canBeReleasedEarly();
    void expiresWhileItWaits();
    void expiresInTheTopic();
    void expiredAlready();
    void decidedInTimeDoesNotExpire();
    void followUpsMayWait();
    void manyAtOnce();
    void takenIdsDoNotStopIt();
    void sameRecordsAgain();
};

static Timestamp in(const Bench &bench, std::chrono::microseconds time)
{
    return {bench.clock.now().micros + time.count()};
}

static std::string work(int n)
{
    return R"({"item":"a","n":)" + std::to_string(n) + "}";
}

void TestScheduledCommands::isDecidedWhenItIsDue()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("work", work(1), {.notBefore = in(bench, 1h)});
    const auto other = bench.send("work", work(2));
    QVERIFY(bench.taken());
    QCOMPARE(bench.outcome(other).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(id).status, CommandStatus::Accepted);
    const auto waiting = *parseJson(bench.document("commander-waiting/" + id.text()));
    QCOMPARE(waiting.stringAt("reason"), std::string_view("scheduled"));
    QCOMPARE(waiting.stringAt("action"), std::string_view("work"));

    bench.clock.advance(59min);
    bench.send("work", work(3)); // the processor looks at the clock before it takes this one
    QVERIFY(bench.taken());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Accepted);
    bench.clock.advance(1min);
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
    QCOMPARE(bench.document("work/a"), std::string("[2,3,1]"));
    QCOMPARE(bench.document("commander-waiting/" + id.text()), std::string());

    // Time came in by a record, and the handler was given that time.
    const auto release = *bench.real.find(uuid5(id, "release"));
    QCOMPARE(release->kind, RecordKind::Command);
    QCOMPARE(release->action, std::string("release-command"));
    QVERIFY(release->parent == id);
    const auto event = *bench.real.find(uuid5(id, "event/1"));
    QVERIFY(event->timestamp == release->recordedAt);
    QCOMPARE(parseJson(event->data)->stringAt("decided_at"), std::string_view(release->recordedAt.text()));
    QCOMPARE(bench.outcome(release->id).status, CommandStatus::Succeeded);
}

void TestScheduledCommands::survivesARestart()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("work", work(1), {.notBefore = in(bench, 1h)});
    QVERIFY(bench.taken());
    bench.restart();
    bench.clock.advance(2h);
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
    bench.restart();
    const auto next = bench.send("work", work(2));
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(next).status, CommandStatus::Succeeded);
    QCOMPARE(bench.document("work/a"), std::string("[1,2]"));
}

// It takes every command again: what waits must go on waiting, what waited must not be decided twice.
void TestScheduledCommands::survivesLostProgress()
{
    Bench bench;
    bench.start();
    bench.send("work", work(1), {.notBefore = in(bench, 1h)});
    const auto second = bench.send("work", work(2), {.notBefore = in(bench, 3h)});
    QVERIFY(bench.taken());
    bench.clock.advance(2h);
    QVERIFY(QTest::qWaitFor([&] { return bench.document("work/a") == "[1]"; }));
    bench.processor->stop();
    bench.ledger.loseProgress(true);
    bench.start();
    bench.send("work", work(3));
    QVERIFY(QTest::qWaitFor([&] { return bench.document("work/a") == "[1,3]"; }));
    bench.clock.advance(2h);
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(second).status, CommandStatus::Succeeded);
    QCOMPARE(bench.document("work/a"), std::string("[1,3,2]"));
    QVERIFY(bench.processor->status().running);
}

void TestScheduledCommands::canBeCancelled()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("work", work(1), {.notBefore = in(bench, 1h)});
    const auto cancel = bench.sendAbout("cancel-command", id);
    const auto again = bench.sendAbout("cancel-command", id);
    QVERIFY(bench.idle());
    QCOMPARE(bench.said(id), std::string("cancelled cancelled: it was cancelled by test"));
    QCOMPARE(bench.outcome(cancel).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(again).errorCode, std::string("not-waiting"));
    bench.clock.advance(2h);
    bench.send("work", work(2));
    QVERIFY(bench.idle());
    QCOMPARE(bench.document("work/a"), std::string("[2]"));
    QVERIFY(!bench.real.find(uuid5(id, "release")));
    QTRY_COMPARE(bench.processor->status().cancelled, std::uint64_t(1));
}

void TestScheduledCommands::canBeReleasedEarly()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("work", work(1), {.notBefore = in(bench, 1h)});
    bench.sendAbout("release-command", id);
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
    bench.clock.advance(2h);
    bench.send("work", work(2));
    QVERIFY(bench.idle());
    QCOMPARE(bench.document("work/a"), std::string("[1,2]"));
}

// The engine was away when it was due.
void TestScheduledCommands::expiresWhileItWaits()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("work", work(1), {.notBefore = in(bench, 1h), .expiresAt = in(bench, 2h)});
    QVERIFY(bench.taken());
    bench.processor->stop();
    bench.clock.advance(3h);
    bench.start();
    QVERIFY(bench.idle());
    QCOMPARE(bench.said(id), std::string("expired expired: it was not decided by its expires_at"));
    QCOMPARE(bench.document("work/a"), std::string());
    QTRY_COMPARE(bench.processor->status().expired, std::uint64_t(1));
}

// Nobody decided it in time: the ledger says so with a time of its own, not only the processor's clock.
void TestScheduledCommands::expiresInTheTopic()
{
    Bench bench;
    const auto id = bench.send("work", work(1), {.expiresAt = in(bench, 1h)});
    bench.clock.advance(2h);
    bench.start();
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Expired);
    const auto expire = *bench.real.find(uuid5(id, "expire"));
    QCOMPARE(expire->action, std::string("expire-command"));
    QVERIFY(expire->recordedAt >= *parseTerms((*bench.real.find(id))->headers)->expiresAt);
}

void TestScheduledCommands::expiredAlready()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("work", work(1), {.expiresAt = in(bench, -1h)});
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Expired);
    QVERIFY(!bench.real.find(uuid5(id, "expire")));
}

void TestScheduledCommands::decidedInTimeDoesNotExpire()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("work", work(1), {.expiresAt = in(bench, 1h)});
    QVERIFY(bench.idle());
    bench.clock.advance(2h);
    const auto late = bench.sendAbout("expire-command", id);
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(late).errorCode, std::string("not-waiting"));
    const auto scheduled = bench.send("work", work(2), {.notBefore = in(bench, 1h), .expiresAt = in(bench, 2h)});
    const auto early = bench.sendAbout("expire-command", scheduled);
    QVERIFY(bench.taken());
    QCOMPARE(bench.outcome(early).errorCode, std::string("not-expired"));
    QCOMPARE(bench.outcome(scheduled).status, CommandStatus::Accepted);
}

void TestScheduledCommands::followUpsMayWait()
{
    Bench bench;
    bench.start();
    bench.send("finish-order", R"({"order":"later"})");
    QVERIFY(bench.taken());
    QCOMPARE(bench.document("orders/later"), std::string(R"({"order-paid":1,"order-packed":1})"));
    bench.clock.advance(30s);
    QVERIFY(bench.idle());
    QCOMPARE(bench.document("orders/later"), std::string(R"({"order-paid":1,"order-packed":1,"order-shipped":1})"));
}

void TestScheduledCommands::manyAtOnce()
{
    Bench bench;
    bench.start();
    constexpr int count = 700; // more than are released in one transaction
    for (int i = 0; i < count; ++i)
        bench.send("work", work(i), {.notBefore = Timestamp{in(bench, 1h).micros - 2'000 * i}});
    QVERIFY(bench.taken());
    QCOMPARE(bench.document("work/a"), std::string());
    bench.clock.advance(2h);
    QVERIFY(bench.idle());
    const auto done = *parseJson(bench.document("work/a"));
    QCOMPARE(done.asArray()->size(), std::size_t(count));
    QCOMPARE((*done.asArray())[0].asInteger().value_or(-1), std::int64_t(count - 1)); // the soonest comes first
}

// A client may choose any id, also those that the engine would give.
void TestScheduledCommands::takenIdsDoNotStopIt()
{
    Bench bench;
    bench.start();
    const auto victim = uuid5({}, "3");
    for (const auto *name : {"release", "deferred"}) {
        LedgerTransaction transaction;
        transaction.records.push_back(commandDraft(uuid5(victim, name), "work", R"({"item":"b","n":1})"));
        QVERIFY(bench.real.appendAndWait(std::move(transaction)));
    }
    bench.sent = 2;
    const auto id = bench.send("work", work(1), {.notBefore = in(bench, 1h)});
    QVERIFY(id == victim);
    QVERIFY(bench.taken());
    QVERIFY(bench.processor->status().running);
    bench.clock.advance(2h);
    QVERIFY(bench.idle());
    QVERIFY(bench.processor->status().running);
    QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
    QCOMPARE(bench.document("work/a"), std::string("[1]"));
    QCOMPARE((*bench.real.find(uuid5(id, "release/2")))->action, std::string("release-command"));
}

void TestScheduledCommands::sameRecordsAgain()
{
    // What was recorded is all that decides: the same topic, taken all at once, gives the same events and results.
    Bench bench;
    bench.start();
    bench.send("work", work(1), {.notBefore = in(bench, 1h)});
    bench.send("work", work(2), {.notBefore = in(bench, 30min), .expiresAt = in(bench, 40min)});
    bench.send("work", work(3));
    QVERIFY(bench.taken());
    bench.clock.advance(2h);
    QVERIFY(bench.idle());

    Bench replayed;
    for (const auto &record : allRecords(bench.real)) {
        if (record->kind != RecordKind::Command)
            continue;
        replayed.clock.advance(std::chrono::microseconds(record->recordedAt.micros - replayed.clock.now().micros));
        LedgerTransaction transaction;
        transaction.records.push_back(*record);
        QVERIFY(replayed.real.appendAndWait(std::move(transaction)));
    }
    replayed.start();
    QVERIFY(replayed.idle());
    const auto decided = [](Ledger &ledger) {
        std::map<std::string, std::string> out;
        for (const auto &record : allRecords(ledger)) {
            if (record->kind != RecordKind::Command)
                out.emplace(record->id.text(), decidedText(*record));
        }
        return out;
    };
    QVERIFY(decided(replayed.real) == decided(bench.real));
    QVERIFY(replayed.views.all() == bench.views.all());
}

QTEST_GUILESS_MAIN(TestScheduledCommands)
#include "tst_scheduled_commands.moc"
