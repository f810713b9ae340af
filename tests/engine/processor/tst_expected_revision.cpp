// SPDX-License-Identifier: GPL-3.0-or-later
// A command that expects its key at some revision is decided as the ledger before it says, in one batch, over restarts
// and refused transactions.
#include "processor_bench.h"

using namespace commander;
using namespace commander::simulation;

namespace {

CommandTerms expecting(const std::string &text)
{
    CommandTerms terms;
    terms.expectedRevision = *ExpectedRevision::parse(text);
    return terms;
}

std::string deposit(const std::string &account)
{
    return R"({"account":")" + account + R"(","amount":1})";
}

/// What every command with an expectation had to come to, from the ledger alone. Empty = all of them did.
std::string checkLedger(Ledger &ledger)
{
    std::map<Uuid, RecordPtr> commands;
    std::map<std::string, std::int64_t> revisions;
    std::map<Uuid, std::vector<std::string>> own; ///< keys of the events of a command whose result is still to come
    for (const auto &record : allRecords(ledger)) {
        if (record->kind == RecordKind::Command) {
            commands[record->id] = record;
        } else if (record->kind == RecordKind::Event) {
            own[record->parent].push_back(record->topic + '/' + record->key);
        } else {
            const auto &command = *commands.at(record->parent);
            const auto terms = parseTerms(command.headers);
            const auto outcome = parseOutcome(record->data);
            const auto actual = revisions["bank-events/" + command.key];
            if (terms->expectedRevision.isStated()) {
                const bool admitted = terms->expectedRevision.admits(static_cast<std::uint64_t>(actual));
                const bool conflict = outcome->errorCode == revisionConflict;
                if (admitted == conflict)
                    return command.id.text() + " expects " + terms->expectedRevision.text() + " at "
                        + std::to_string(actual) + ": " + record->data;
                if (conflict && parseJson(outcome->errorDetails)->integerAt("actual") != actual)
                    return command.id.text() + ": wrong details " + outcome->errorDetails;
            }
            for (const auto &name : own[command.id])
                ++revisions[name];
        }
    }
    return {};
}

} // namespace

class TestExpectedRevision : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textsAreRead();
    void termsAreKept();
    void verdicts();
    void aBatchCountsItsOwnEvents();
    void aScheduledCommandIsHeldAgainstItsOwnTurn();
    void restartsAnswerTheSame();
};

void TestExpectedRevision::textsAreRead()
{
    for (const auto *const text : {"any", "none", "exists", "0", "7", "9007199254740991"})
        QCOMPARE(ExpectedRevision::parse(text)->text(), std::string(text));
    for (const auto *const text : {"", "-1", "1.0", "07x", "None", "9007199254740992", "99999999999999999999"})
        QVERIFY2(!ExpectedRevision::parse(text), text);
    QVERIFY(ExpectedRevision::parse("none")->admits(0) && !ExpectedRevision::parse("none")->admits(1));
    QVERIFY(!ExpectedRevision::parse("exists")->admits(0) && ExpectedRevision::parse("exists")->admits(2));
    QVERIFY(ExpectedRevision::parse("2")->admits(2) && !ExpectedRevision::parse("2")->admits(3));
    QVERIFY(ExpectedRevision{}.admits(0) && ExpectedRevision{}.admits(9));
}

void TestExpectedRevision::termsAreKept()
{
    QCOMPARE(writeTerms(expecting("any")), std::string());
    QCOMPARE(writeTerms(expecting("3")), std::string(R"({"expected_revision":3})"));
    QCOMPARE(writeTerms(expecting("none")), std::string(R"({"expected_revision":"none"})"));
    for (const auto *const text : {"any", "none", "exists", "0", "12"})
        QVERIFY(*parseTerms(writeTerms(expecting(text))) == expecting(text));
    for (const auto *const headers : {R"({"expected_revision":-1})", R"({"expected_revision":1.5})",
                                      R"({"expected_revision":true})", R"({"expected_revision":"few"})"})
        QVERIFY2(!parseTerms(headers), headers);
}

void TestExpectedRevision::verdicts()
{
    Bench bench;
    bench.start();
    const std::string open = R"({"account":"7","owner":"A"})";
    const auto tooEarly = bench.send("deposit-money", deposit("7"), expecting("exists"));
    const auto first = bench.send("open-account", open, expecting("none"));
    const auto again = bench.send("open-account", open, expecting("none"));
    const auto second = bench.send("deposit-money", deposit("7"), expecting("1"));
    const auto stale = bench.send("deposit-money", deposit("7"), expecting("1"));
    const auto other = bench.send("open-account", R"({"account":"8","owner":"B"})", expecting("0"));
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(tooEarly).errorCode, std::string(revisionConflict));
    QCOMPARE(bench.outcome(tooEarly).errorDetails, std::string(R"({"expected":"exists","actual":0})"));
    QCOMPARE(bench.outcome(first).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(again).errorDetails, std::string(R"({"expected":"none","actual":1})"));
    QCOMPARE(bench.outcome(second).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(stale).status, CommandStatus::Rejected);
    QCOMPARE(bench.outcome(stale).errorDetails, std::string(R"({"expected":1,"actual":2})"));
    QVERIFY(bench.outcome(stale).events.empty());
    QCOMPARE(bench.outcome(other).status, CommandStatus::Succeeded);
    QCOMPARE(checkLedger(bench.real), std::string());
}

void TestExpectedRevision::aBatchCountsItsOwnEvents()
{
    Bench bench;
    const auto first = bench.send("open-account", R"({"account":"7","owner":"A"})");
    std::vector<Uuid> sent;
    for (int i = 1; i <= 300; ++i)
        sent.push_back(bench.send("deposit-money", deposit("7"), expecting(std::to_string(i))));
    const auto late = bench.send("deposit-money", deposit("7"), expecting("300"));
    bench.start(); // all of them in one batch
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(first).status, CommandStatus::Succeeded);
    for (const auto &id : sent)
        QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(late).errorDetails, std::string(R"({"expected":300,"actual":301})"));
}

void TestExpectedRevision::aScheduledCommandIsHeldAgainstItsOwnTurn()
{
    Bench bench;
    bench.start();
    bench.send("open-account", R"({"account":"7","owner":"A"})");
    auto terms = expecting("2");
    terms.notBefore = Timestamp{bench.clock.now().micros + 60'000'000};
    const auto scheduled = bench.send("deposit-money", deposit("7"), terms);
    bench.send("deposit-money", deposit("7"));
    QVERIFY(bench.taken());
    bench.clock.advance(std::chrono::minutes(2));
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(scheduled).status, CommandStatus::Succeeded);
    QCOMPARE(checkLedger(bench.real), std::string());
}

void TestExpectedRevision::restartsAnswerTheSame()
{
    const unsigned given = qEnvironmentVariable("COMMANDER_SEED").toUInt();
    const unsigned seed = given != 0 ? given : std::random_device{}();
    qInfo("COMMANDER_SEED=%u", seed);
    std::mt19937 random(seed);
    const auto pick = [&random](int count) { return std::uniform_int_distribution<int>(0, count - 1)(random); };
    Bench bench;
    std::mt19937 moods(random());
    bench.ledger.setMood([&moods](const LedgerTransaction &) -> std::optional<MoodyLedger::Failure> {
        switch (moods() % 12) {
        case 0:
            return MoodyLedger::Failure{{ErrorCode::Busy, "simulated", {}, {}, {}}};
        case 1:
            return MoodyLedger::Failure{{ErrorCode::TimedOut, "simulated", {}, {}, {}}, MoodyLedger::When::AfterCommit};
        default:
            return std::nullopt;
        }
    });
    bench.start();
    std::map<std::string, int> about; // how many events there may be by now
    for (int i = 0; i < 1500; ++i) {
        const auto account = std::to_string(pick(6));
        static const std::vector<std::string> words{"any", "none", "exists"};
        const auto expected = pick(3) == 0 ? words[static_cast<std::size_t>(pick(3))]
                                           : std::to_string(std::max(0, about[account] + pick(3) - 1));
        if (pick(4) == 0)
            bench.send("open-account", R"({"account":")" + account + R"(","owner":"A"})", expecting(expected));
        else
            bench.send("deposit-money", deposit(account), expecting(expected));
        if (pick(40) == 0) {
            if (pick(2) == 0)
                QVERIFY(bench.idle());
            bench.restart();
        }
        if (pick(10) == 0) {
            QVERIFY(bench.idle());
            about.clear();
            for (const auto &record : allRecords(bench.real)) {
                if (record->kind == RecordKind::Event)
                    ++about[record->key];
            }
        }
    }
    QVERIFY(bench.idle());
    QVERIFY(bench.processor->status().running);
    QCOMPARE(checkLedger(bench.real), std::string());
    QVERIFY(std::ranges::any_of(about, [](const auto &one) { return one.second > 20; }));
}

QTEST_GUILESS_MAIN(TestExpectedRevision)
#include "tst_expected_revision.moc"
