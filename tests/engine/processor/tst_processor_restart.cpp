// SPDX-License-Identifier: GPL-3.0-or-later
// Every command gets exactly one result and its events appear once, wherever the processor dies.
#include "simulation.h"

#include "ledger/memory/memory_ledger.h"
#include "processor/processor.h"

#include <QTest>

using namespace commander;
using namespace commander::simulation;

namespace {

struct Workspace {
    ManualClock clock; ///< stands still, so that what is decided does not depend on when
    SeededRandom random;
    MemoryLedger real{clock, random};
    MoodyLedger ledger{real};
    std::shared_ptr<const DomainRegistry> domains
        = std::move(*DomainRegistry::create({makeBankDomain(), makeCustomersDomain()}));
    ReplayedViews views{real, *domains};

    std::unique_ptr<Processor> start()
    {
        auto processor = std::make_unique<Processor>(Processor::Options{.ledger = ledger,
                                                                        .domains = [this] { return domains; },
                                                                        .clock = clock,
                                                                        .settled = views,
                                                                        .onCommitted = {}});
        if (!processor->start())
            std::abort();
        return processor;
    }
    void send(const Uuid &id, const std::string &action, const std::string &data)
    {
        LedgerTransaction transaction;
        transaction.records.push_back(commandDraft(id, action, data));
        if (!real.appendAndWait(std::move(transaction)))
            std::abort();
    }
    [[nodiscard]] bool complete()
    {
        std::size_t open = 0;
        for (const auto &record : allRecords(real)) {
            if (record->kind == RecordKind::Command)
                ++open;
            else if (record->kind == RecordKind::Result)
                --open;
        }
        return open == 0;
    }
    /// What was decided, by record id; commands from outside left out.
    [[nodiscard]] std::map<std::string, std::string> decided()
    {
        std::map<std::string, std::string> out;
        for (const auto &record : allRecords(real)) {
            if (record->kind != RecordKind::Command || record->depth > 0)
                out.emplace(record->id.text(), decidedText(*record));
        }
        return out;
    }
};

struct Sent {
    const char *action;
    const char *data;
};

const std::vector<Sent> &day()
{
    static const std::vector<Sent> commands{
        {"open-account", R"({"account":"1","owner":"A","opening_balance":9000000})"},
        {"open-account", R"({"account":"2","owner":"B"})"},
        {"transfer-money", R"({"from_account":"1","to_account":"2","amount":2000000})"},
        {"create-customer", R"({"first_name":"A","last_name":"B","address":{"zip":1}})"},
        {"withdraw-money", R"({"account":"2","amount":2000001})"},
        {"transfer-money", R"({"from_account":"2","to_account":"1","amount":1500000})"},
        {"deposit-money", R"({"account":"1","amount":5})"},
        {"nobody-knows", "{}"},
        {"withdraw-money", R"({"account":"1","amount":8500005})"}};
    return commands;
}

Uuid idOf(std::size_t n)
{
    return uuid5({}, "command " + std::to_string(n));
}

std::map<std::string, std::string> undisturbed()
{
    Workspace workspace;
    const auto processor = workspace.start();
    for (std::size_t i = 0; i < day().size(); ++i)
        workspace.send(idOf(i), day()[i].action, day()[i].data);
    if (!QTest::qWaitFor([&] { return workspace.complete(); }))
        return {};
    return workspace.decided();
}

/// Fails the n-th append (from 0).
MoodyLedger::Mood failing(int n, ErrorCode code, MoodyLedger::When when)
{
    return [n, code, when](const LedgerTransaction &) mutable -> std::optional<MoodyLedger::Failure> {
        if (n-- != 0)
            return std::nullopt;
        return MoodyLedger::Failure{{code, "simulated", {}, {}, {}}, when};
    };
}

} // namespace

class TestProcessorRestart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void diesAtEveryCommit_data();
    void diesAtEveryCommit();
    void unknownOutcome();
    void lostProgress();
    void idsTakenByOthers_data();
    void idsTakenByOthers();
    void sameCommandsSameBytes();
};

void TestProcessorRestart::diesAtEveryCommit_data()
{
    QTest::addColumn<bool>("afterCommit");
    QTest::addColumn<bool>("oneByOne");
    QTest::newRow("before the commit") << false << true;
    QTest::newRow("after the commit") << true << true;
    QTest::newRow("before the commit, in batches") << false << false;
    QTest::newRow("after the commit, in batches") << true << false;
}

void TestProcessorRestart::diesAtEveryCommit()
{
    QFETCH(bool, afterCommit);
    QFETCH(bool, oneByOne);
    const auto expected = undisturbed();
    QVERIFY(!expected.empty());
    const auto when = afterCommit ? MoodyLedger::When::AfterCommit : MoodyLedger::When::BeforeCommit;
    bool died = true;
    for (int at = 0; died; ++at) {
        Workspace workspace;
        workspace.ledger.setMood(failing(at, ErrorCode::LedgerUnavailable, when));
        auto processor = workspace.start();
        for (std::size_t i = 0; i < day().size(); ++i) {
            workspace.send(idOf(i), day()[i].action, day()[i].data);
            if (oneByOne)
                QVERIFY(QTest::qWaitFor([&] { return workspace.complete() || !processor->status().running; }));
        }
        QVERIFY(QTest::qWaitFor([&] { return workspace.complete() || !processor->status().running; }));
        processor->stop();
        died = !processor->status().fault.empty();
        workspace.ledger.setMood({});
        processor = workspace.start();
        QVERIFY(QTest::qWaitFor([&] { return workspace.complete(); }));
        processor->stop();
        QCOMPARE(processor->status().fault, std::string());
        QVERIFY(workspace.decided() == expected);
    }
}

// The commit went through, but the ledger could not say so: nothing is decided twice.
void TestProcessorRestart::unknownOutcome()
{
    const auto expected = undisturbed();
    for (int at = 0; at < 6; ++at) {
        Workspace workspace;
        workspace.ledger.setMood(failing(at, ErrorCode::TimedOut, MoodyLedger::When::AfterCommit));
        const auto processor = workspace.start();
        for (std::size_t i = 0; i < day().size(); ++i) {
            workspace.send(idOf(i), day()[i].action, day()[i].data);
            QVERIFY(QTest::qWaitFor([&] { return workspace.complete(); }));
        }
        QVERIFY(processor->status().running);
        QVERIFY(workspace.decided() == expected);
    }
}

void TestProcessorRestart::lostProgress()
{
    Workspace workspace;
    auto processor = workspace.start();
    std::size_t sent = 0;
    const auto sendHalf = [&] {
        for (const auto end = sent + day().size() / 2; sent < end; ++sent)
            workspace.send(idOf(sent), day()[sent].action, day()[sent].data);
    };
    sendHalf();
    QVERIFY(QTest::qWaitFor([&] { return workspace.complete(); }));
    processor->stop();

    workspace.ledger.loseProgress(true);
    sendHalf();
    workspace.send(idOf(sent), day()[sent].action, day()[sent].data);
    processor = workspace.start();
    QVERIFY(QTest::qWaitFor([&] { return workspace.complete(); }));
    QVERIFY(processor->status().running);
    QCOMPARE(processor->status().fault, std::string());
    QVERIFY(workspace.decided() == undisturbed());
}

void TestProcessorRestart::idsTakenByOthers_data()
{
    QTest::addColumn<QByteArray>("taken"); // name within the command's or its event's id
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<int>("status");
    QTest::newRow("result") << QByteArray("result") << QByteArray("result/2") << int(CommandStatus::Succeeded);
    QTest::newRow("event") << QByteArray("event/1") << QByteArray("result") << int(CommandStatus::Failed);
    QTest::newRow("follow-up") << QByteArray("command/1") << QByteArray("result") << int(CommandStatus::Failed);
}

// A client may choose any id for its command, also one that the engine would have given.
void TestProcessorRestart::idsTakenByOthers()
{
    QFETCH(QByteArray, taken);
    QFETCH(QByteArray, result);
    QFETCH(int, status);
    Workspace workspace;
    const auto processor = workspace.start();
    workspace.send(idOf(0), "open-account", R"({"account":"1","owner":"A","opening_balance":9000000})");
    workspace.send(idOf(1), "open-account", R"({"account":"2","owner":"B"})");
    const auto victim = idOf(2);
    const auto space = taken.startsWith("command") ? uuid5(victim, "event/1") : victim;
    workspace.send(uuid5(space, taken.toStdString()), "deposit-money", R"({"account":"1","amount":1})");
    workspace.send(victim, "transfer-money", R"({"from_account":"1","to_account":"2","amount":1000000})");
    workspace.send(idOf(3), "deposit-money", R"({"account":"2","amount":1})");
    QVERIFY(QTest::qWaitFor([&] { return workspace.complete(); }));
    QVERIFY(processor->status().running);
    const auto record = workspace.real.find(uuid5(victim, result.toStdString()));
    QVERIFY(record);
    QCOMPARE((*record)->kind, RecordKind::Result);
    QVERIFY((*record)->parent == victim);
    const auto outcome = parseOutcome((*record)->data);
    QCOMPARE(static_cast<int>(outcome->status), status);
    const auto expected = status == int(CommandStatus::Succeeded) ? "8000001" : "9000001";
    QVERIFY(workspace.views.all().at("accounts/1").find(std::string(R"("balance":)") + expected) != std::string::npos);
    QCOMPARE((*workspace.real.find(uuid5(idOf(3), "result")))->action, std::string("succeeded"));
}

void TestProcessorRestart::sameCommandsSameBytes()
{
    const auto first = undisturbed();
    QVERIFY(!first.empty());
    QVERIFY(first == undisturbed());
    Workspace workspace;
    for (std::size_t i = 0; i < day().size(); ++i)
        workspace.send(idOf(i), day()[i].action, day()[i].data);
    const auto processor = workspace.start(); // all in one batch
    QVERIFY(QTest::qWaitFor([&] { return workspace.complete(); }));
    QVERIFY(workspace.decided() == first);
}

QTEST_GUILESS_MAIN(TestProcessorRestart)
#include "tst_processor_restart.moc"
