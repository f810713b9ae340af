// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/command_intake.h"
#include "domain/domain_registry.h"
#include "ledger/memory/memory_ledger.h"

#include <commander/limits.h>

#include <QTest>

#include <atomic>
#include <future>
#include <random>
#include <thread>

using namespace commander;
using namespace std::chrono_literals;

namespace {

/// Time that moves only when told.
class ManualClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return {m_micros.load()}; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override
    {
        return std::chrono::steady_clock::time_point(std::chrono::microseconds(m_micros.load()));
    }
    void advance(std::chrono::microseconds by) { m_micros += by.count(); }

private:
    std::atomic<std::int64_t> m_micros{1'463'754'808'902'000};
};

class SeededRandom final : public RandomSource {
public:
    void fill(std::span<std::uint8_t> bytes) override
    {
        const std::scoped_lock lock(m_mutex);
        for (auto &byte : bytes)
            byte = static_cast<std::uint8_t>(m_engine());
    }

private:
    std::mutex m_mutex;
    std::mt19937_64 m_engine{1};
};

/// A memory ledger that can pretend to be another kind.
class DressedLedger final : public Ledger {
public:
    explicit DressedLedger(Ledger &real) : m_real(real) { }
    bool detects = true; ///< notices duplicate ids
    bool readOnly = false;
    std::atomic<int> phantoms{0}; ///< refuses this many appends for an id that is not there
    std::atomic<int> appends{0};

    [[nodiscard]] LedgerTraits traits() const noexcept override { return {true, detects, true}; }
    void append(LedgerTransaction transaction, Done done) override
    {
        ++appends;
        if (readOnly)
            done(fail(ErrorCode::LedgerReadOnly, "opened for reading only"));
        else if (phantoms > 0 && phantoms-- > 0)
            done(fail(ErrorCode::DuplicateId, "on its way"));
        else
            m_real.append(std::move(transaction), std::move(done));
    }
    [[nodiscard]] Result<std::unique_ptr<LedgerCursor>> follow(FollowFrom from) override { return m_real.follow(from); }
    [[nodiscard]] Result<std::vector<RecordPtr>> read(const TopicPartition &source, Offset from,
                                                      std::size_t max) override
    {
        return m_real.read(source, from, max);
    }
    [[nodiscard]] Result<std::vector<RecordPtr>> readAt(Position from, std::size_t max) override
    {
        return m_real.readAt(from, max);
    }
    [[nodiscard]] Result<RecordPtr> find(const Uuid &id) override { return m_real.find(id); }
    [[nodiscard]] Result<std::optional<Offset>> progress(const std::string &consumer,
                                                         const TopicPartition &source) override
    {
        return m_real.progress(consumer, source);
    }
    [[nodiscard]] Result<LedgerHead> head() override { return m_real.head(); }
    [[nodiscard]] Uuid ledgerId() const noexcept override { return m_real.ledgerId(); }

private:
    Ledger &m_real;
};

struct Bench {
    ManualClock clock;
    SeededRandom random;
    MemoryLedger real{clock, random};
    DressedLedger ledger{real};
    std::unique_ptr<DomainRegistry> domains
        = std::move(*DomainRegistry::create({makeBankDomain(), makeCustomersDomain()}));
    std::unique_ptr<CommandIntake> intake = std::make_unique<CommandIntake>(ledger, *domains, clock, random);

    /// What the processor does, for one command.
    RecordPtr decide(const Record &command)
    {
        LedgerTransaction transaction;
        RecordDraft result;
        result.kind = RecordKind::Result;
        result.id = uuid5(command.id, "result");
        result.parent = command.id;
        result.correlation = command.correlation;
        result.topic = resultsTopic;
        result.action = "succeeded";
        result.data = R"({"status":"succeeded","events":[]})";
        transaction.records.push_back(std::move(result));
        return real.appendAndWait(std::move(transaction))->records.front();
    }
    std::size_t records() { return real.readAt({1}, 100'000)->size(); }
};

CommandDraft deposit(std::optional<Uuid> id = {}, const std::string &data = R"({"account":"1","amount":1})")
{
    CommandDraft draft;
    draft.id = id;
    draft.action = "deposit-money";
    draft.data = data;
    draft.actor = "test";
    return draft;
}

const Uuid someId = uuid5({}, "some id");

} // namespace

class TestCommandIntake : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void appendsAsSent();
    void parentGivesCorrelation();
    void refuses_data();
    void refuses();
    void refusesAtOnce();
    void sameIdSameBytes_data();
    void sameIdSameBytes();
    void idsOfOtherRecords();
    void parallelSameId();
    void duplicateStillOnItsWay();
    void readOnlyLedger();
    void resultThatIsThereAlready();
    void resultThatComesLater();
    void deadlines();
    void onlyTheCommandsOwnResult();
    void noResultIsMissed();
    void destructionEndsAllWaiting();
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
    const auto receipt = bench.intake->submitAndWait(draft);
    if (code == static_cast<int>(ErrorCode::Count)) { // 50 characters of 4 bytes still fit
        QVERIFY(receipt);
        return;
    }
    QVERIFY(!receipt);
    QCOMPARE(static_cast<int>(receipt.error().code), code);
    QVERIFY(!receipt.error().what.empty());
    QCOMPARE(bench.records(), std::size_t(0));
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

void TestCommandIntake::resultThatIsThereAlready()
{
    Bench bench;
    const auto receipt = *bench.intake->submitAndWait(deposit());
    const auto result = bench.decide(*receipt.command);
    const auto waited = bench.intake->waitForResult(receipt.command->id, 1h); // time stands still
    QVERIFY(waited);
    QVERIFY((*waited)->id == result->id);
}

void TestCommandIntake::resultThatComesLater()
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

void TestCommandIntake::deadlines()
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
    QTest::qWait(120);
    QCOMPARE(answered.load(), 1);
    bench.clock.advance(1ms);
    QTRY_COMPARE(answered.load(), 2);
    bench.clock.advance(200ms);
    QTRY_COMPARE(answered.load(), 4);
    const std::scoped_lock lock(mutex);
    QCOMPARE(order, (std::vector<int>{0, 1, 2, 3}));

    auto timedOut = std::async(std::launch::async, [&] { return bench.intake->waitForResult(someId, 1s); });
    while (timedOut.wait_for(10ms) != std::future_status::ready)
        bench.clock.advance(1s);
    QCOMPARE(timedOut.get().error().code, ErrorCode::TimedOut);
}

// Any record may carry the id that a result would have.
void TestCommandIntake::onlyTheCommandsOwnResult()
{
    std::atomic<bool> answered{false};
    Bench bench; // last: its end answers whoever still waits
    const auto receipt = *bench.intake->submitAndWait(deposit());
    QVERIFY(bench.intake->submitAndWait(deposit(uuid5(receipt.command->id, "result"))));
    bench.intake->awaitResult(receipt.command->id, 1s, [&](const RecordPtr &) { answered = true; });
    QTest::qWait(100);
    QVERIFY(!answered);
}

void TestCommandIntake::noResultIsMissed()
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

void TestCommandIntake::destructionEndsAllWaiting()
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

void TestCommandIntake::describesDomains()
{
    Bench bench;
    const auto domains = bench.intake->domains();
    QCOMPARE(domains.size(), std::size_t(2));
    QCOMPARE(domains[0].name, std::string("bank"));
}

QTEST_GUILESS_MAIN(TestCommandIntake)
#include "tst_command_intake.moc"
