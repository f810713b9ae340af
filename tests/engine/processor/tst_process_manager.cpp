// SPDX-License-Identifier: GPL-3.0-or-later
// A process manager is a view and reactions that read it.
#include "processor_bench.h"

#include <commander/command_terms.h>

using namespace commander;
using namespace commander::simulation;

class TestProcessManager : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shipsOnceAndOnlyWhenReady();
    void seesOnlyTheEventsSoFar();
    void isSerialWithinABatch();
    void readingWhatDoesNotDecideIsAFault();
    void carriesWhoStartedIt();
    void idsAndTimeAreDerived();
    void nothingReactsTwice();
    void termsRoundTrip();
    void badTerms_data();
    void badTerms();
};

static std::vector<RecordPtr> shipments(Ledger &ledger)
{
    std::vector<RecordPtr> out;
    for (const auto &record : allRecords(ledger)) {
        if (record->kind == RecordKind::Command && record->action == "ship-order")
            out.push_back(record);
    }
    return out;
}

void TestProcessManager::shipsOnceAndOnlyWhenReady()
{
    Bench bench;
    bench.start();
    bench.send("pay-order", R"({"order":"a"})");
    bench.send("pack-order", R"({"order":"b"})");
    QVERIFY(bench.idle());
    QVERIFY(shipments(bench.real).empty());
    bench.send("pack-order", R"({"order":"a"})");
    bench.send("pay-order", R"({"order":"b"})");
    QVERIFY(bench.idle());
    QCOMPARE(shipments(bench.real).size(), std::size_t(2));
    bench.send("pay-order", R"({"order":"a"})");
    QVERIFY(bench.idle());
    QCOMPARE(shipments(bench.real).size(), std::size_t(2));
    QCOMPARE(bench.views.all().at("orders/b"), std::string(R"({"order-packed":1,"order-paid":1,"order-shipped":1})"));
}

// Both events come from one command: the reaction to the first must not see the second.
void TestProcessManager::seesOnlyTheEventsSoFar()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("finish-order", R"({"order":"a"})");
    QVERIFY(bench.idle());
    const auto found = shipments(bench.real);
    QCOMPARE(found.size(), std::size_t(1));
    QVERIFY(found.front()->parent == uuid5(id, "event/2"));
    QVERIFY(found.front()->data.find(R"("state":{"order-paid":1,"order-packed":1})") != std::string::npos);
}

void TestProcessManager::isSerialWithinABatch()
{
    Bench bench;
    constexpr int orders = 200;
    for (int i = 0; i < orders; ++i) {
        const auto data = R"({"order":")" + std::to_string(i) + R"("})";
        bench.send(i % 2 ? "pay-order" : "pack-order", data);
        bench.send(i % 2 ? "pack-order" : "pay-order", data);
    }
    bench.start(16);
    QVERIFY(bench.idle());
    QCOMPARE(shipments(bench.real).size(), std::size_t(orders));
    QCOMPARE(bench.reactions.load(), 2 * orders);
}

void TestProcessManager::readingWhatDoesNotDecideIsAFault()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("misread-order", R"({"order":"a"})");
    QVERIFY(bench.idle());
    QCOMPARE(bench.said(id),
             std::string("failed domain-fault: the view archive is declared as not read by handlers. "
                         "Correct the domain."));
}

void TestProcessManager::carriesWhoStartedIt()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("finish-order", R"({"order":"a"})");
    const auto deep = bench.send("misbehave", R"({"how":"for ever"})");
    QVERIFY(bench.idle());
    const auto ship = shipments(bench.real).front();
    QCOMPARE(ship->actor, std::string("reaction:ship-when-ready"));
    QVERIFY(ship->correlation == id);
    std::size_t chained = 0;
    for (const auto &record : allRecords(bench.real)) {
        if (record->kind != RecordKind::Command)
            continue;
        const auto terms = parseTerms(record->headers);
        QVERIFY(terms);
        QCOMPARE(terms->origin, record->depth > 0 ? std::string("test") : std::string());
        chained += record->correlation == deep ? 1 : 0;
    }
    QCOMPARE(chained, limits::causationDepthMax + 2);
}

void TestProcessManager::idsAndTimeAreDerived()
{
    Bench bench;
    bench.start();
    const auto id = bench.send("finish-order", R"({"order":"a"})");
    QVERIFY(bench.idle());
    const auto ship = shipments(bench.real).front();
    const auto data = *parseJson(ship->data);
    const auto command = *bench.real.find(id);
    QCOMPARE(data.stringAt("shipment"), uuid5(uuid5(ship->parent, "reaction/orders"), "data/1").text());
    QCOMPARE(data.stringAt("at"), command->recordedAt.text());
    QCOMPARE(parseTerms(ship->headers)->expiresAt.value_or(Timestamp{}).text(),
             Timestamp{command->recordedAt.micros + 60'000'000}.text());
    QVERIFY(!parseTerms(ship->headers)->notBefore);
}

// Neither folding again nor a processor that starts over calls a reaction.
void TestProcessManager::nothingReactsTwice()
{
    Bench bench;
    bench.start();
    bench.send("finish-order", R"({"order":"a"})");
    QVERIFY(bench.idle());
    QCOMPARE(bench.reactions.load(), 2);
    bench.processor->stop();
    bench.ledger.loseProgress(true); // it takes every command again, and finds each decided
    bench.start();
    bench.send("pay-order", R"({"order":"c"})");
    QVERIFY(bench.idle());
    const auto reactions = bench.reactions.load();
    ReplayedViews rebuilt(bench.real, *bench.domains);
    QVERIFY(rebuilt.all() == bench.views.all());
    QCOMPARE(bench.reactions.load(), reactions);
    QCOMPARE(shipments(bench.real).size(), std::size_t(1));
}

void TestProcessManager::termsRoundTrip()
{
    QCOMPARE(writeTerms({}), std::string());
    QVERIFY(*parseTerms("") == CommandTerms{});
    const CommandTerms terms{"Ada \"the\" first", Timestamp{1'463'754'808'902'000}, Timestamp{1'463'754'809'000'000}};
    const std::string text = "{\"origin\":\"Ada \\\"the\\\" first\",\"not_before\":\"2016-05-20T14:33:28.902Z\","
                             "\"expires_at\":\"2016-05-20T14:33:29.000Z\"}";
    QCOMPARE(writeTerms(terms), text);
    QVERIFY(*parseTerms(writeTerms(terms)) == terms);
    QVERIFY(*parseTerms(R"({"traceparent":"00-a-b-01"})") == CommandTerms{});
}

void TestProcessManager::badTerms_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *headers, const char *said) {
        QTest::newRow(headers) << QByteArray(headers) << QByteArray(said);
    };
    row("[]", "failed invalid-argument: the headers are no JSON object");
    row(R"({"not_before":17})", "failed invalid-time: a time is a text (not_before)");
    row(R"({"expires_at":"soon"})", "failed invalid-time: ");
    row("{", "failed invalid-json: ");
}

// A record that came in by another door than ours.
void TestProcessManager::badTerms()
{
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, said);
    Bench bench;
    bench.start();
    auto draft = commandDraft(uuid5({}, "bad"), "pay-order", R"({"order":"a"})");
    draft.headers = headers.toStdString();
    LedgerTransaction transaction;
    transaction.records.push_back(draft);
    QVERIFY(bench.real.appendAndWait(std::move(transaction)));
    QVERIFY(bench.idle());
    const auto text = QByteArray::fromStdString(bench.said(draft.id));
    QVERIFY2(text.startsWith(said), text.constData());
}

QTEST_GUILESS_MAIN(TestProcessManager)
#include "tst_process_manager.moc"
