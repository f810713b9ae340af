// SPDX-License-Identifier: GPL-3.0-or-later
#include "intake_bench.h"

#include <commander/limits.h>

#include <QTest>

#include <optional>
#include <thread>
#include <vector>

using namespace commander;
using namespace commander::intakebench;

class TestCommandIntake : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void appendsAsSent();
    void parentGivesCorrelation();
    void refuses_data();
    void refuses();
    void validatesWithoutATrace();
    void refusesAtOnce();
    void sameIdSameBytes_data();
    void sameIdSameBytes();
    void idsOfOtherRecords();
    void parallelSameId();
    void duplicateStillOnItsWay();
    void readOnlyLedger();
    void describesDomains();
};

void TestCommandIntake::appendsAsSent()
{
    Bench bench;
    auto draft = deposit();
    draft.data = "{ \"amount\": 5,\n\"note\":1.0, \"account\":\"12\\u00345\" }";
    draft.timestamp = *Timestamp::parse("2016-05-20T14:33:28.902-00:00");
    const auto receipt = bench.intake->submitAndWait(draft);
    QVERIFY2(receipt, receipt ? "" : receipt.error().text().c_str());
    QVERIFY(!receipt->replayed);
    const auto &record = *receipt->command;
    QCOMPARE(record.kind, RecordKind::Command);
    QCOMPARE(record.data, draft.data);
    QCOMPARE(record.key, std::string("1245")); // the member's text, escapes undone
    QCOMPARE(record.topic, std::string("commands"));
    QCOMPARE(record.actor, std::string("test"));
    QCOMPARE(record.depth, std::uint16_t(0));
    QVERIFY(record.timestamp == draft.timestamp);
    QVERIFY(record.correlation == record.id);
    QVERIFY(record.parent.isNull());
    QVERIFY(record.domainVersion == Hash256{});
    QVERIFY(!record.id.isNull());

    CommandDraft customer;
    customer.action = "create-customer";
    customer.data = R"({"first_name":"A","last_name":"B"})";
    const auto keyless = bench.intake->submitAndWait(customer);
    QVERIFY(keyless);
    QCOMPARE(keyless->command->key, std::string());
    QVERIFY(keyless->command->id > record.id);
}

void TestCommandIntake::parentGivesCorrelation()
{
    Bench bench;
    const auto root = *bench.intake->submitAndWait(deposit());
    auto draft = deposit();
    draft.parent = root.command->id;
    const auto child = *bench.intake->submitAndWait(draft);
    QVERIFY(child.command->parent == root.command->id);
    QVERIFY(child.command->correlation == root.command->id);
    draft.parent = child.command->id;
    QVERIFY(bench.intake->submitAndWait(draft)->command->correlation == root.command->id);
    draft.parent = someId; // not in this ledger
    const auto orphan = *bench.intake->submitAndWait(draft);
    QVERIFY(orphan.command->parent == someId);
    QVERIFY(orphan.command->correlation == orphan.command->id);
}

void TestCommandIntake::refuses_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, QByteArray action, QByteArray data, ErrorCode code) {
        QTest::newRow(name) << std::move(action) << std::move(data) << static_cast<int>(code);
    };
    row("not JSON", "deposit-money", "{", ErrorCode::InvalidJson);
    row("empty", "deposit-money", "", ErrorCode::InvalidJson);
    row("not UTF-8", "deposit-money", "{\"account\":\"\xff\",\"amount\":1}", ErrorCode::InvalidJson);
    row("a member twice", "deposit-money", R"({"account":"1","amount":1,"amount":2})", ErrorCode::DuplicateKey);
    row("JSON before action", "fly", "{", ErrorCode::InvalidJson);
    row("unknown action", "fly", "{}", ErrorCode::UnknownAction);
    row("an event's action", "money-deposited", "{}", ErrorCode::UnknownAction);
    row("schema", "deposit-money", R"({"account":"1"})", ErrorCode::SchemaInvalid);
    row("large", "deposit-money", QByteArray(int(limits::payloadBytesMax) + 1, ' '), ErrorCode::LimitExceeded);
    row("long action", QByteArray(256, 'a'), "{}", ErrorCode::LimitExceeded);
    row("long key", "deposit-money",
        QByteArray(R"({"amount":1,"account":")") + QByteArray("\xf0\x9f\x98\x80").repeated(50) + "\"}",
        ErrorCode::Count);
}

void TestCommandIntake::refuses()
{
    QFETCH(QByteArray, action);
    QFETCH(QByteArray, data);
    QFETCH(int, code);
    Bench bench;
    auto draft = deposit();
    draft.action = action.toStdString();
    draft.data = data.toStdString();
    const auto valid = bench.intake->validate(draft);
    QCOMPARE(bench.records(), std::size_t(0));
    const auto receipt = bench.intake->submitAndWait(draft);
    // Whoever asks beforehand hears the same.
    QCOMPARE(valid.has_value(), receipt.has_value());
    if (!valid)
        QCOMPARE(valid.error().text(), receipt.error().text());
    if (code == static_cast<int>(ErrorCode::Count)) { // 50 characters of 4 bytes still fit
        QVERIFY(receipt);
        return;
    }
    QVERIFY(!receipt);
    QCOMPARE(static_cast<int>(receipt.error().code), code);
    QVERIFY(!receipt.error().what.empty());
    QCOMPARE(bench.records(), std::size_t(0));
}

void TestCommandIntake::validatesWithoutATrace()
{
    Bench bench;
    const auto sent = bench.intake->submitAndWait(deposit(someId));
    QVERIFY(sent);
    const auto appends = bench.ledger.appends.load();
    QVERIFY(bench.intake->validate(deposit()));
    auto draft = deposit(someId); // taken, which only the ledger can say
    draft.data = R"({"account":"9","amount":1})";
    QVERIFY(bench.intake->validate(draft));
    draft.notBefore = *Timestamp::parse("2030-01-01T00:00:00Z");
    draft.expiresAt = draft.notBefore;
    const auto over = bench.intake->validate(draft);
    QVERIFY(!over);
    QCOMPARE(over.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(over.error().where, std::string("expires_at"));
    QCOMPARE(bench.intake->validate(deposit(Uuid{})).error().code, ErrorCode::InvalidArgument);
    draft = deposit();
    draft.data = R"({"account":"1","amount":"five"})";
    const auto invalid = bench.intake->validate(draft);
    QVERIFY(!invalid);
    QCOMPARE(invalid.error().code, ErrorCode::SchemaInvalid);
    QCOMPARE(invalid.error().details.front().pointer, std::string("/amount"));
    QCOMPARE(bench.ledger.appends.load(), appends);
    QCOMPARE(bench.records(), std::size_t(1));
}

void TestCommandIntake::refusesAtOnce()
{
    Bench bench;
    auto draft = deposit();
    draft.actor = std::string(256, 'x');
    std::optional<std::thread::id> thread;
    ErrorCode code{};
    bench.intake->submit(draft, [&](const Result<CommandReceipt> &receipt) {
        thread = std::this_thread::get_id();
        code = receipt.error().code;
    });
    QVERIFY(thread == std::this_thread::get_id());
    QCOMPARE(code, ErrorCode::LimitExceeded);
    const auto null = bench.intake->submitAndWait(deposit(Uuid{}));
    QCOMPARE(null.error().code, ErrorCode::InvalidArgument);
    const auto unknown = [&] {
        auto wrong = deposit();
        wrong.action = "deposit-mony";
        return bench.intake->submitAndWait(wrong);
    }();
    QVERIFY(unknown.error().remedy.find("deposit-money") != std::string::npos);
}

void TestCommandIntake::sameIdSameBytes_data()
{
    QTest::addColumn<bool>("detects");
    QTest::newRow("the ledger notices") << true;
    QTest::newRow("the ledger does not notice") << false;
}

void TestCommandIntake::sameIdSameBytes()
{
    QFETCH(bool, detects);
    Bench bench;
    bench.ledger.detects = detects;
    const auto first = bench.intake->submitAndWait(deposit(someId));
    QVERIFY(first && !first->replayed);
    const auto again = bench.intake->submitAndWait(deposit(someId));
    QVERIFY(again && again->replayed);
    QCOMPARE(again->command->position, first->command->position);
    QCOMPARE(bench.records(), std::size_t(1));

    const auto otherData = bench.intake->submitAndWait(deposit(someId, R"({"account":"1", "amount":1})"));
    QVERIFY(!otherData);
    QCOMPARE(otherData.error().code, ErrorCode::IdReused);
    QCOMPARE(otherData.error().where, someId.text());
    auto otherAction = deposit(someId);
    otherAction.action = "withdraw-money";
    QCOMPARE(bench.intake->submitAndWait(otherAction).error().code, ErrorCode::IdReused);
    QCOMPARE(bench.records(), std::size_t(1));
}

void TestCommandIntake::idsOfOtherRecords()
{
    Bench bench;
    const auto receipt = *bench.intake->submitAndWait(deposit());
    const auto result = bench.decide(*receipt.command);
    QCOMPARE(bench.intake->submitAndWait(deposit(result->id)).error().code, ErrorCode::IdReused);
}

void TestCommandIntake::parallelSameId()
{
    Bench bench;
    constexpr int threadsMax = 8;
    constexpr int rounds = 50;
    std::atomic<int> fresh{0};
    std::atomic<int> replayed{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < threadsMax; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                const auto receipt = bench.intake->submitAndWait(deposit(uuid5(someId, std::to_string(round))));
                if (receipt)
                    ++(receipt->replayed ? replayed : fresh);
            }
        });
    }
    threads.clear();
    QCOMPARE(fresh.load(), rounds);
    QCOMPARE(replayed.load(), rounds * (threadsMax - 1));
    QCOMPARE(bench.records(), std::size_t(rounds));
}

// The other one was refused by the disk after all: its id is free.
void TestCommandIntake::duplicateStillOnItsWay()
{
    Bench bench;
    bench.ledger.phantoms = 2;
    const auto receipt = bench.intake->submitAndWait(deposit(someId));
    QVERIFY(receipt && !receipt->replayed);
    QCOMPARE(bench.ledger.appends.load(), 3);
    bench.ledger.phantoms = 100;
    QCOMPARE(bench.intake->submitAndWait(deposit(uuid5(someId, "2"))).error().code, ErrorCode::LedgerUnavailable);
}

void TestCommandIntake::readOnlyLedger()
{
    Bench bench;
    bench.ledger.readOnly = true;
    QCOMPARE(bench.intake->submitAndWait(deposit()).error().code, ErrorCode::LedgerReadOnly);
}

void TestCommandIntake::describesDomains()
{
    Bench bench;
    const auto domains = bench.intake->domains();
    QCOMPARE(domains.size(), std::size_t(2));
    QCOMPARE(domains[0].name, std::string("bank"));
}

QTEST_GUILESS_MAIN(TestCommandIntake)
#include "tst_command_intake.moc"
