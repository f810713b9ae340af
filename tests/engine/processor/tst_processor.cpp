// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor_bench.h"

using namespace commander;
using namespace commander::simulation;

class TestProcessor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordsOfATransfer();
    void laterCommandsSeeEarlierOnes();
    void followUps();
    void failures_data();
    void failures();
    void failedCommandsLeaveNothing();
    void rejectionKeepsDetails();
    void timeAndIdsComeFromTheCommand();
    void endlessReactionsEnd();
    void badFollowUps();
    void documentsComeFromTheViewsAfterEviction();
    void slowViewsHoldItBack();
    void brokenViewsStopIt();
    void retriesWhenTheLedgerIsBusy();
    void stopsWhenTheLedgerFails();
    void needsTotalOrder();
    void statusCounts();
    void stopsWhileWaiting();
};

void TestProcessor::recordsOfATransfer()
{
    Bench bench;
    bench.start();
    bench.send("open-account", R"({"account":"12345","owner":"Ada","opening_balance":50000})");
    bench.send("open-account", R"({"account":"54321","owner":"Ben"})");
    const auto id = bench.send("transfer-money", R"({"from_account":"12345","to_account":"54321","amount":10000})");
    QVERIFY(bench.idle());
    const auto command = *bench.real.find(id);
    const auto event = *bench.real.find(uuid5(id, "event/1"));
    const auto result = *bench.real.find(uuid5(id, "result"));

    QCOMPARE(event->kind, RecordKind::Event);
    QVERIFY(event->parent == id);
    QVERIFY(event->correlation == id);
    QCOMPARE(event->topic, std::string("bank-events"));
    QCOMPARE(event->key, std::string("12345"));
    QCOMPARE(event->action, std::string("money-transferred"));
    QCOMPARE(event->actor, std::string("domain:bank"));
    QCOMPARE(event->depth, std::uint16_t(0));
    QVERIFY(event->domainVersion == makeBankDomain()->description().hash);
    QVERIFY(event->timestamp == command->recordedAt);
    QCOMPARE(event->data,
             R"({"id":")" + uuid5(id, "data/1").text()
                 + R"(","from_account":"12345","to_account":"54321","amount":10000})");

    QCOMPARE(result->kind, RecordKind::Result);
    QVERIFY(result->parent == id);
    QVERIFY(result->correlation == id);
    QCOMPARE(result->topic, std::string("command-results"));
    QCOMPARE(result->action, std::string("succeeded"));
    QCOMPARE(result->actor, std::string("engine"));
    QVERIFY(result->domainVersion == makeBankDomain()->description().hash);
    QCOMPARE(result->data, R"({"status":"succeeded","events":[")" + event->id.text() + R"("]})");
    QTRY_COMPARE(bench.committed.load(), std::size_t(3));
}

void TestProcessor::laterCommandsSeeEarlierOnes()
{
    Bench bench;
    // All there before the start: one batch.
    bench.send("open-account", R"({"account":"1","owner":"A","opening_balance":100})");
    bench.send("open-account", R"({"account":"2","owner":"B"})");
    const auto twice = bench.send("open-account", R"({"account":"1","owner":"A"})");
    const auto all = bench.send("transfer-money", R"({"from_account":"1","to_account":"2","amount":100})");
    const auto more = bench.send("transfer-money", R"({"from_account":"1","to_account":"2","amount":1})");
    const auto back = bench.send("transfer-money", R"({"from_account":"2","to_account":"1","amount":100})");
    bench.start();
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(twice).errorCode, std::string("account-exists"));
    QCOMPARE(bench.outcome(all).status, CommandStatus::Succeeded);
    QCOMPARE(bench.outcome(more).errorCode, std::string("insufficient-funds"));
    QCOMPARE(bench.outcome(more).errorDetails, std::string(R"({"account":"1","balance":0})"));
    QCOMPARE(bench.outcome(back).status, CommandStatus::Succeeded);
}

void TestProcessor::followUps()
{
    Bench bench;
    bench.start();
    bench.send("open-account", R"({"account":"1","owner":"A","opening_balance":5000000})");
    bench.send("open-account", R"({"account":"2","owner":"B"})");
    const auto id = bench.send("transfer-money", R"({"from_account":"1","to_account":"2","amount":1000000})");
    QVERIFY(bench.idle());
    const auto eventId = uuid5(id, "event/1");
    const auto followUp = *bench.real.find(uuid5(eventId, "command/1"));
    QCOMPARE(followUp->kind, RecordKind::Command);
    QCOMPARE(followUp->action, std::string("flag-large-transfer"));
    QVERIFY(followUp->parent == eventId);
    QVERIFY(followUp->correlation == id);
    QCOMPARE(followUp->depth, std::uint16_t(1));
    QCOMPARE(followUp->actor, std::string("reaction:watch-large-transfers"));
    QCOMPARE(followUp->topic, std::string("commands"));
    QCOMPARE(followUp->key, std::string("1"));
    QVERIFY(followUp->domainVersion == makeBankDomain()->description().hash);
    const auto flagged = *bench.real.find(uuid5(followUp->id, "event/1"));
    QCOMPARE(flagged->action, std::string("large-transfer-flagged"));
    QVERIFY(flagged->correlation == id);
    QCOMPARE(flagged->depth, std::uint16_t(1));
    QVERIFY(bench.views.all().at("accounts/1").find(R"("flagged":1)") != std::string::npos);
}

void TestProcessor::failures_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::addColumn<QByteArray>("said");
    const auto row
        = [](const char *how, const char *said) { QTest::newRow(how) << QByteArray(how) << QByteArray(said); };
    row("throw", "failed domain-fault: the handler threw: oh no (domain rogue)");
    row("throw a number", "failed domain-fault: the handler threw: an unknown exception (domain rogue)");
    row("fail", "failed domain-fault: cannot decide (here). Do that.");
    row("read unread", "failed domain-fault: the view unread is declared as not read by handlers");
    row("read nothing", "failed domain-fault: there is no view no such view");
    row("emit unknown", "failed domain-fault: the domain rogue does not declare the event nobody-knows");
    row("emit foreign", "failed domain-fault: the domain rogue does not declare the event account-opened");
    row("emit invalid", "failed domain-fault: the data of misbehaved does not match its schema");
    row("emit huge", "failed domain-fault: the data of misbehaved has more than 1048576 bytes");
    row("long key", "failed domain-fault: the key of misbehaved has more than 255 bytes");
    row("huge rejection", "failed domain-fault: the data of rejected has more than 1048576 bytes");
    row("fold fails", "failed domain-fault: cannot fold");
    row("fold throws", "failed domain-fault: the fold of view deeds threw: fold oh no (domain rogue)");
    row("react fails", "failed domain-fault: cannot react");
    row("react throws", "failed domain-fault: the reaction threw: react oh no (domain rogue)");
}

void TestProcessor::failures()
{
    QFETCH(QByteArray, how);
    QFETCH(QByteArray, said);
    Bench bench;
    bench.start();
    const auto id = bench.send("misbehave", R"({"how":")" + how.toStdString() + "\"}");
    const auto after = bench.send("misbehave", R"({"how":"fine"})");
    QVERIFY(bench.idle());
    const auto text = QByteArray::fromStdString(bench.said(id));
    QVERIFY2(text.startsWith(said), text.constData());
    QVERIFY(bench.outcome(id).events.empty());
    QVERIFY(!bench.real.find(uuid5(id, "event/1")));
    QCOMPARE(bench.outcome(after).status, CommandStatus::Succeeded);
    QVERIFY(bench.processor->status().fault.empty());
}

void TestProcessor::failedCommandsLeaveNothing()
{
    Bench bench;
    bench.start();
    bench.send("misbehave", R"({"how":"fine"})");
    const auto half = bench.send("misbehave", R"({"how":"half"})"); // its first event was folded
    const auto count = bench.send("misbehave", R"({"how":"count"})");
    const auto unknown = bench.send("launch-rocket", "{}");
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(half).status, CommandStatus::Failed);
    QCOMPARE(bench.outcome(count).errorMessage, std::string("1"));
    QCOMPARE(bench.said(unknown), std::string("failed unknown-action: no domain offers the command 'launch-rocket'"));
    QCOMPARE(bench.views.all().at("deeds/fine"), std::string("1"));
}

void TestProcessor::rejectionKeepsDetails()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("misbehave", R"({"how":"reject"})");
    const auto nothing = bench.send("misbehave", R"({"how":"nothing"})");
    QVERIFY(bench.idle());
    QCOMPARE(
        (*bench.real.find(uuid5(id, "result")))->data,
        std::string(R"({"status":"rejected","events":[],"error":{"code":"no","message":"because","details":1.0}})"));
    QCOMPARE((*bench.real.find(uuid5(nothing, "result")))->data, std::string(R"({"status":"succeeded","events":[]})"));
}

void TestProcessor::timeAndIdsComeFromTheCommand()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("misbehave", R"({"how":"time and ids"})");
    QVERIFY(bench.idle());
    const auto command = *bench.real.find(id);
    QCOMPARE((*bench.real.find(uuid5(id, "event/1")))->data,
             R"({"how":"x","now":")" + command->recordedAt.text() + R"(","first":")" + uuid5(id, "data/1").text()
                 + R"(","second":")" + uuid5(id, "data/2").text() + "\"}");
}

void TestProcessor::endlessReactionsEnd()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("misbehave", R"({"how":"for ever"})");
    QVERIFY(bench.idle());
    std::size_t commands = 0;
    Uuid deepest;
    for (const auto &record : allRecords(bench.real)) {
        QVERIFY(record->correlation == id);
        if (record->kind == RecordKind::Command) {
            QCOMPARE(record->depth, static_cast<std::uint16_t>(commands));
            ++commands;
            deepest = record->id;
        }
    }
    QCOMPARE(commands, limits::causationDepthMax + 2); // 0 to the limit, and the one that fails
    QCOMPARE(bench.outcome(deepest).errorCode, std::string("causation-too-deep"));
    QCOMPARE(bench.processor->status().failed, std::uint64_t(1));
}

void TestProcessor::badFollowUps()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("misbehave", R"({"how":"ask badly"})");
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
    const auto event = uuid5(id, "event/1");
    const auto invalid = bench.outcome(uuid5(event, "command/1"));
    QCOMPARE(invalid.errorCode, std::string("schema-invalid"));
    QCOMPARE(invalid.errorDetails, std::string(R"([{"pointer":"","message":"required member 'how' is missing"}])"));
    QCOMPARE(bench.outcome(uuid5(event, "command/2")).errorCode, std::string("unknown-action"));
}

void TestProcessor::documentsComeFromTheViewsAfterEviction()
{
    Bench bench;
    for (int i = 0; i < 60; ++i)
        bench.send("open-account", R"({"account":")" + std::to_string(i) + R"(","owner":"A","opening_balance":10})");
    bench.start(8);
    QVERIFY(bench.idle());
    const auto before = bench.views.reads();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 60; ++i) {
            bench.send("withdraw-money", R"({"account":")" + std::to_string(i) + R"(","amount":3})");
            if (i % 7 == 0)
                QVERIFY(bench.idle());
        }
    }
    QVERIFY(bench.idle());
    QVERIFY(bench.views.reads() > before);
    for (const auto &[key, document] : bench.views.all()) {
        if (key.starts_with("accounts/"))
            QVERIFY2(document.find(R"("balance":1,)") != std::string::npos, document.c_str());
    }
    QTRY_COMPARE(bench.processor->status().succeeded, std::uint64_t(240)); // counted a moment after they are recorded
}

// Views that stay behind must neither show old documents nor let memory grow without bound.
void TestProcessor::slowViewsHoldItBack()
{
    Bench bench;
    bench.views.keepUp(false);
    bench.start(4);
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 30; ++i) {
            const auto account = std::to_string(i);
            if (round == 0)
                bench.send("open-account", R"({"account":")" + account + R"(","owner":"A","opening_balance":10})");
            else
                bench.send("withdraw-money", R"({"account":")" + account + R"(","amount":3})");
        }
    }
    QVERIFY(bench.idle());
    QCOMPARE(bench.processor->status().succeeded, std::uint64_t(120));
    QVERIFY(bench.processor->status().fault.empty());
}

void TestProcessor::brokenViewsStopIt()
{
    Bench bench;
    bench.start();
    bench.send("open-account", R"({"account":"1","owner":"A"})");
    QVERIFY(bench.idle());
    bench.views.breakDown();
    const auto unread = bench.send("deposit-money", R"({"account":"2","amount":1})");
    QTRY_VERIFY(!bench.processor->status().running);
    QVERIFY(bench.processor->status().fault.find("the views cannot be read") != std::string::npos);
    QVERIFY(!bench.real.find(uuid5(unread, "result")));
}

void TestProcessor::retriesWhenTheLedgerIsBusy()
{
    Bench bench;
    int refusals = 5;
    bench.ledger.setMood([&](const LedgerTransaction &) -> std::optional<MoodyLedger::Failure> {
        if (refusals-- <= 0)
            return std::nullopt;
        return MoodyLedger::Failure{{refusals % 2 ? ErrorCode::Busy : ErrorCode::DiskFull, "not now", {}, {}, {}}};
    });
    bench.start();
    bench.send("open-account", R"({"account":"1","owner":"A","opening_balance":1})");
    bench.send("withdraw-money", R"({"account":"1","amount":1})");
    QVERIFY(bench.idle());
    QCOMPARE(bench.processor->status().succeeded, std::uint64_t(2));
    QTRY_VERIFY(bench.processor->status().fault.empty());
    QVERIFY(bench.processor->status().running);
}

void TestProcessor::stopsWhenTheLedgerFails()
{
    Bench bench;
    bench.start();
    bench.send("open-account", R"({"account":"1","owner":"A"})");
    QVERIFY(bench.idle());
    bench.ledger.setMood([](const LedgerTransaction &) {
        return MoodyLedger::Failure{{ErrorCode::LedgerUnavailable, "the disk is gone", {}, {}, {}}};
    });
    const auto id = bench.send("deposit-money", R"({"account":"1","amount":1})");
    QTRY_VERIFY(!bench.processor->status().running);
    QVERIFY(bench.processor->status().fault.find("the disk is gone") != std::string::npos);
    bench.ledger.setMood({});
    bench.start();
    QVERIFY(bench.idle());
    QCOMPARE(bench.outcome(id).status, CommandStatus::Succeeded);
}

void TestProcessor::needsTotalOrder()
{
    Bench bench;
    bench.ledger.setTraits({});
    Processor processor({.ledger = bench.ledger,
                         .domains = [&bench] { return bench.domains; },
                         .clock = bench.clock,
                         .settled = bench.views,
                         .onCommitted = {}});
    const auto started = processor.start();
    QVERIFY(!started);
    QCOMPARE(started.error().code, ErrorCode::Unsupported);
}

void TestProcessor::statusCounts()
{
    Bench bench;
    bench.start();
    bench.send("open-account", R"({"account":"1","owner":"A"})");
    bench.send("withdraw-money", R"({"account":"1","amount":1})");
    bench.send("misbehave", R"({"how":"throw"})");
    const auto last = bench.send("misbehave", R"({"how":"fine"})");
    QVERIFY(bench.idle());
    QTRY_COMPARE(bench.processor->status().succeeded, std::uint64_t(2));
    const auto status = bench.processor->status();
    QCOMPARE(status.rejected, std::uint64_t(1));
    QCOMPARE(status.failed, std::uint64_t(1));
    QCOMPARE(status.events, std::uint64_t(3));
    QCOMPARE(status.processedTo, (*bench.real.find(last))->position);
    bench.processor->stop();
    QVERIFY(!bench.processor->status().running);

    bench.start();
    QTRY_COMPARE(bench.processor->status().processedTo, (*bench.real.find(last))->position);
}

void TestProcessor::stopsWhileWaiting()
{
    Bench bench;
    for (int i = 0; i < 50; ++i) {
        bench.start();
        bench.processor->stop();
        bench.processor->stop();
    }
    Processor never({.ledger = bench.ledger,
                     .domains = [&bench] { return bench.domains; },
                     .clock = bench.clock,
                     .settled = bench.views,
                     .onCommitted = {}});
    never.stop();
}

QTEST_GUILESS_MAIN(TestProcessor)
#include "tst_processor.moc"
