// SPDX-License-Identifier: GPL-3.0-or-later
// A fault parks the key's sequence, not the processor. Set COMMANDER_SEED to repeat the random run.
#include "processor_bench.h"

#include <random>

using namespace commander;
using namespace commander::simulation;
using namespace std::chrono_literals;

class TestDeadLetters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parksItsKeyOnly();
    void replaysInOrder();
    void faultsAgain();
    void discards();
    void waitingOnesCanBeCancelled();
    void expireWhileParked();
    void scheduledOnesQueueUp();
    void longSequencesGoInSteps();
    void survivesRestarts();
    void commandsWithoutAKeyParkAlone();
    void everyCommandOneResultInOrder();
};

static std::string work(const std::string &item, int n)
{
    return R"({"item":")" + item + R"(","n":)" + std::to_string(n) + "}";
}

static std::string machine(const std::string &item, bool broken)
{
    return R"({"item":")" + item + R"(","broken":)" + (broken ? "true}" : "false}");
}

void TestDeadLetters::parksItsKeyOnly()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const auto first = bench.send("work", work("a", 1));
    const auto second = bench.send("work", work("a", 2));
    const auto other = bench.send("work", work("b", 3));
    QVERIFY(bench.taken());
    QCOMPARE(bench.outcome(first).status, CommandStatus::Accepted);
    QCOMPARE(bench.outcome(second).status, CommandStatus::Accepted);
    QCOMPARE(bench.outcome(other).status, CommandStatus::Succeeded);
    const auto letter = *parseJson(bench.document("commander-dead-letters/workshop/a"));
    QCOMPARE(letter.stringAt("command"), std::string_view(first.text()));
    QCOMPARE(letter.integerAt("waiting").value_or(0), std::int64_t(2));
    QCOMPARE(letter.find("fault")->stringAt("code"), std::string_view("domain-fault"));
    QCOMPARE(letter.find("fault")->stringAt("message"), std::string_view("the machine is broken"));
    const auto waiting = *parseJson(bench.document("commander-waiting/" + second.text()));
    QCOMPARE(waiting.stringAt("reason"), std::string_view("parked"));
    QVERIFY(!waiting.find("fault"));
}

void TestDeadLetters::replaysInOrder()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const auto first = bench.send("work", work("a", 1));
    for (int n = 2; n <= 5; ++n)
        bench.send("work", work("a", n));
    bench.send("set-machine", machine("a", false));
    QVERIFY(bench.taken());
    bench.send("work", work("a", 6)); // mended, but those before it come first
    QVERIFY(bench.taken());
    QCOMPARE(bench.document("work/a"), std::string());
    bench.sendAbout("replay-dead-letter", first);
    bench.send("work", work("a", 7));
    QVERIFY(bench.idle());
    QCOMPARE(bench.document("work/a"), std::string("[1,2,3,4,5,6,7]"));
    QCOMPARE(bench.document("commander-dead-letters/workshop/a"), std::string());
}

void TestDeadLetters::faultsAgain()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const auto first = bench.send("work", work("a", 1));
    const auto second = bench.send("work", work("a", 2));
    const auto notTheFirst = bench.sendAbout("replay-dead-letter", second);
    const auto replay = bench.sendAbout("replay-dead-letter", first);
    const auto release = bench.sendAbout("release-command", second);
    QVERIFY(bench.taken());
    QCOMPARE(bench.outcome(notTheFirst).errorCode, std::string("not-a-dead-letter"));
    QCOMPARE(bench.outcome(release).errorCode, std::string("parked"));
    QCOMPARE(bench.outcome(replay).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(first).status, CommandStatus::Accepted);
    auto letter = *parseJson(bench.document("commander-dead-letters/workshop/a"));
    QCOMPARE(letter.stringAt("command"), std::string_view(first.text()));
    QCOMPARE(letter.integerAt("waiting").value_or(0), std::int64_t(2));
    bench.send("set-machine", machine("a", false));
    bench.sendAbout("replay-dead-letter", first);
    QVERIFY(bench.idle());
    QCOMPARE(bench.document("work/a"), std::string("[1,2]"));
}

void TestDeadLetters::discards()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const auto first = bench.send("work", work("a", 1));
    const auto second = bench.send("work", work("a", 2));
    bench.sendAbout("discard-dead-letter", first);
    QVERIFY(bench.taken());
    QCOMPARE(bench.said(first), std::string("failed domain-fault: the machine is broken"));
    QCOMPARE(bench.outcome(second).status, CommandStatus::Accepted); // it faulted in its turn
    const auto letter = *parseJson(bench.document("commander-dead-letters/workshop/a"));
    QCOMPARE(letter.stringAt("command"), std::string_view(second.text()));
    QVERIFY(letter.find("fault"));
    bench.sendAbout("discard-dead-letter", second);
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(second).status, CommandStatus::Failed);
    QCOMPARE(bench.document("commander-dead-letters/workshop/a"), std::string());
}

void TestDeadLetters::waitingOnesCanBeCancelled()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const auto first = bench.send("work", work("a", 1));
    const auto second = bench.send("work", work("a", 2));
    bench.send("work", work("a", 3));
    bench.sendAbout("cancel-command", second);
    bench.send("set-machine", machine("a", false));
    QVERIFY(bench.taken());
    QCOMPARE(bench.outcome(second).status, CommandStatus::Cancelled);
    bench.sendAbout("cancel-command", first); // the head: the next one has its turn
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(first).status, CommandStatus::Cancelled);
    QCOMPARE(bench.document("work/a"), std::string("[3]"));
}

void TestDeadLetters::expireWhileParked()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const Timestamp soon{bench.clock.now().micros + 60'000'000};
    const auto first = bench.send("work", work("a", 1), {.expiresAt = soon});
    bench.send("work", work("a", 2));
    bench.send("set-machine", machine("a", false));
    QVERIFY(bench.taken());
    bench.clock.advance(2min);
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(first).status, CommandStatus::Expired);
    QCOMPARE(bench.document("work/a"), std::string("[2]"));
}

void TestDeadLetters::scheduledOnesQueueUp()
{
    Bench bench;
    bench.start();
    const Timestamp soon{bench.clock.now().micros + 60'000'000};
    bench.send("work", work("a", 1), {.notBefore = soon});
    bench.send("set-machine", machine("a", true));
    const auto head = bench.send("work", work("a", 2));
    QVERIFY(bench.taken());
    bench.clock.advance(2min);
    QVERIFY(QTest::qWaitFor([&] {
        return bench.document("commander-dead-letters/workshop/a").find(R"("waiting":2)") != std::string::npos;
    }));
    bench.send("set-machine", machine("a", false));
    bench.sendAbout("replay-dead-letter", head);
    QVERIFY(bench.idle());
    QCOMPARE(bench.document("work/a"), std::string("[2,1]"));
}

void TestDeadLetters::longSequencesGoInSteps()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const auto first = bench.send("work", work("a", 0));
    const int count = 3 * int(limits::sequenceStepMax) + 5;
    for (int n = 1; n < count; ++n)
        bench.send("work", work("a", n));
    bench.send("set-machine", machine("a", false));
    bench.sendAbout("replay-dead-letter", first);
    bench.send("work", work("a", count)); // comes while the sequence is gone through
    QVERIFY(bench.idle());
    const auto done = *parseJson(bench.document("work/a"));
    QCOMPARE(done.asArray()->size(), std::size_t(count + 1));
    for (int n = 0; n <= count; ++n)
        QCOMPARE((*done.asArray())[std::size_t(n)].asInteger().value_or(-1), std::int64_t(n));
    QVERIFY(std::ranges::any_of(allRecords(bench.real),
                                [](const RecordPtr &record) { return record->action == "resume-sequence"; }));
}

void TestDeadLetters::survivesRestarts()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("a", true));
    const auto first = bench.send("work", work("a", 1));
    QVERIFY(bench.taken());
    bench.restart();
    bench.send("work", work("a", 2));
    bench.send("set-machine", machine("a", false));
    QVERIFY(bench.taken());
    QCOMPARE(bench.document("work/a"), std::string());
    bench.restart();
    bench.sendAbout("replay-dead-letter", first);
    QVERIFY(bench.idle());
    QCOMPARE(bench.document("work/a"), std::string("[1,2]"));
}

void TestDeadLetters::commandsWithoutAKeyParkAlone()
{
    Bench bench;
    bench.start();
    bench.send("set-machine", machine("", true));
    bench.send("work", R"({"n":1})");
    bench.send("work", R"({"n":2})");
    QVERIFY(bench.taken());
    std::size_t letters = 0;
    for (const auto &[key, document] : bench.views.all())
        letters += key.starts_with("commander-dead-letters/") ? 1 : 0;
    QCOMPARE(letters, std::size_t(2));
}

// The processor dies again and again, the ledger refuses or does not answer, machines break and are mended, operators
// replay, discard and cancel: in the end each command has one result, and each key was worked on in order.
void TestDeadLetters::everyCommandOneResultInOrder()
{
    const auto seed = qEnvironmentVariableIsSet("COMMANDER_SEED") ? qEnvironmentVariableIntValue("COMMANDER_SEED")
                                                                  : int(std::random_device()() & 0x7fffffff);
    qInfo("COMMANDER_SEED=%d", seed);
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    const auto pick = [&random](int max) { return int(random() % std::uint32_t(max)); };
    Bench bench;
    std::mt19937 moods(static_cast<std::uint32_t>(seed) + 1);
    bench.ledger.setMood([&moods](const LedgerTransaction &) -> std::optional<MoodyLedger::Failure> {
        const auto after = moods() % 2 ? MoodyLedger::When::AfterCommit : MoodyLedger::When::BeforeCommit;
        if (moods() % 20 == 0)
            return MoodyLedger::Failure{{ErrorCode::TimedOut, "simulated", {}, {}, {}}, after};
        return std::nullopt;
    });
    bench.start(16);
    std::vector<Uuid> worked;
    const auto items = QByteArray("abcde");
    const auto item = [&] { return std::string(1, items[pick(int(items.size()))]); };
    for (int n = 0; n < 1500; ++n) {
        const auto what = pick(20);
        if (what == 0)
            bench.send("set-machine", machine(item(), pick(2) == 0));
        else if (what == 1 && !worked.empty())
            bench.sendAbout(pick(2) ? "discard-dead-letter" : "cancel-command",
                            worked[std::size_t(pick(int(worked.size())))]);
        else if (what < 6 && !worked.empty())
            bench.sendAbout("replay-dead-letter",
                            worked[worked.size() - 1 - std::size_t(pick(int(worked.size())) % 40)]);
        else
            worked.push_back(bench.send("work", work(item(), n)));
        if (pick(60) == 0)
            bench.restart();
    }
    for (const auto one : items)
        bench.send("set-machine", machine(std::string(1, one), false));
    QVERIFY(bench.taken());
    for (int round = 0; round < 50; ++round) {
        std::vector<std::string> heads;
        for (const auto &[key, text] : bench.views.all()) {
            if (key.starts_with("commander-dead-letters/"))
                heads.emplace_back(parseJson(text)->stringAt("command"));
        }
        for (const auto &head : heads)
            bench.send("replay-dead-letter", R"({"command":")" + head + R"("})");
        QVERIFY(bench.taken());
    }
    QVERIFY(bench.idle());
    QVERIFY(bench.processor->status().running);
    bench.processor->stop();

    std::map<Uuid, int> results;
    for (const auto &record : allRecords(bench.real)) {
        if (record->kind == RecordKind::Command)
            results.try_emplace(record->id, 0);
        else if (record->kind == RecordKind::Result)
            ++results[record->parent];
    }
    for (const auto &[id, count] : results)
        QVERIFY2(count == 1, (id.text() + " has " + std::to_string(count)).c_str());
    std::size_t done = 0;
    for (const auto &[key, text] : bench.views.all()) {
        QVERIFY2(!key.starts_with("commander-"), key.c_str()); // nothing waits any more
        if (!key.starts_with("work/"))
            continue;
        const auto list = *parseJson(text);
        std::int64_t before = -1;
        for (const auto &one : *list.asArray()) {
            QVERIFY2(one.asInteger().value_or(-1) > before, text.c_str());
            before = one.asInteger().value_or(-1);
            ++done;
        }
    }
    std::size_t succeeded = 0;
    for (const auto &id : worked)
        succeeded += bench.outcome(id).status == CommandStatus::Succeeded ? 1 : 0;
    QCOMPARE(done, succeeded);
    QVERIFY(succeeded > 0 && succeeded < worked.size());
}

QTEST_GUILESS_MAIN(TestDeadLetters)
#include "tst_dead_letters.moc"
