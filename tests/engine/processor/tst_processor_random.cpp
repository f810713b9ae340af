// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of random bank commands, a processor that dies and comes back, a ledger in changing moods, and a simple
// model of what every command must come to. Set COMMANDER_SEED to repeat a run.
#include "simulation.h"

#include "ledger/memory/memory_ledger.h"
#include "processor/processor.h"

#include <QTest>

using namespace commander;
using namespace commander::simulation;

namespace {

/// The bank in a few lines.
class Model {
public:
    /// Status, and the code of a rejection.
    std::string apply(const std::string &action, const std::string &a, const std::string &b, std::int64_t amount)
    {
        if (action == "open-account") {
            if (m_balances.contains(a))
                return "rejected account-exists";
            m_balances[a] = amount;
            return "succeeded ";
        }
        if (action == "transfer-money") {
            if (a == b)
                return "rejected same-account";
            if (!m_balances.contains(a) || !m_balances.contains(b))
                return "rejected unknown-account";
            if (m_balances[a] < amount)
                return "rejected insufficient-funds";
            m_balances[a] -= amount;
            m_balances[b] += amount;
            if (amount >= 1'000'000)
                ++m_flags[a];
            return "succeeded ";
        }
        if (!m_balances.contains(a))
            return "rejected unknown-account";
        if (action == "withdraw-money" && m_balances[a] < amount)
            return "rejected insufficient-funds";
        m_balances[a] += action == "withdraw-money" ? -amount : amount;
        return "succeeded ";
    }
    std::map<std::string, std::int64_t> m_balances;
    std::map<std::string, std::int64_t> m_flags;
};

} // namespace

class TestProcessorRandom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void againstTheModel();
};

void TestProcessorRandom::againstTheModel()
{
    const unsigned given = qEnvironmentVariable("COMMANDER_SEED").toUInt();
    const unsigned seed = given != 0 ? given : std::random_device{}();
    qInfo("COMMANDER_SEED=%u", seed);
    std::mt19937 random(seed);
    const auto pick = [&random](int count) { return std::uniform_int_distribution<int>(0, count - 1)(random); };

    ManualClock clock;
    SeededRandom bytes(seed);
    MemoryLedger real(clock, bytes);
    MoodyLedger ledger(real);
    const std::shared_ptr<const DomainRegistry> domains = std::move(*DomainRegistry::create({makeBankDomain()}));
    ReplayedViews views(real, *domains);
    std::mt19937 moods(seed + 1);
    ledger.setMood([&moods](const LedgerTransaction &) -> std::optional<MoodyLedger::Failure> {
        switch (moods() % 40) {
        case 0:
            return MoodyLedger::Failure{{ErrorCode::Busy, "simulated", {}, {}, {}}};
        case 1:
            return MoodyLedger::Failure{{ErrorCode::TimedOut, "simulated", {}, {}, {}}, MoodyLedger::When::AfterCommit};
        case 2:
            return MoodyLedger::Failure{{ErrorCode::TimedOut, "simulated", {}, {}, {}}};
        default:
            return std::nullopt;
        }
    });
    const auto start = [&] {
        auto processor = std::make_unique<Processor>(Processor::Options{.ledger = ledger,
                                                                        .domains = [&domains] { return domains; },
                                                                        .clock = clock,
                                                                        .settled = views,
                                                                        .onCommitted = {},
                                                                        .documentsMax = 20});
        return processor->start() ? std::move(processor) : nullptr;
    };

    constexpr int commandsMax = 4000;
    constexpr int accounts = 60;
    Model model;
    std::vector<std::pair<Uuid, std::string>> expected;
    auto processor = start();
    for (int i = 0; i < commandsMax;) {
        LedgerTransaction transaction;
        for (int burst = 1 + pick(60); burst > 0 && i < commandsMax; --burst, ++i) {
            static const std::vector<std::string> actions{"open-account",   "deposit-money",  "deposit-money",
                                                          "withdraw-money", "transfer-money", "transfer-money"};
            const auto action = actions[static_cast<std::size_t>(pick(static_cast<int>(actions.size())))];
            const auto a = std::to_string(pick(accounts));
            const auto b = std::to_string(pick(accounts));
            const std::int64_t amount = 1 + pick(pick(4) == 0 ? 2'000'000 : 50'000);
            auto data = R"({"account":")" + a + R"(","amount":)" + std::to_string(amount) + "}";
            if (action == "open-account")
                data = R"({"account":")" + a + R"(","owner":"O","opening_balance":)" + std::to_string(amount) + "}";
            else if (action == "transfer-money")
                data = R"({"from_account":")" + a + R"(","to_account":")" + b + R"(","amount":)"
                    + std::to_string(amount) + "}";
            const auto id = uuid5({}, std::to_string(i));
            transaction.records.push_back(commandDraft(id, action, data));
            expected.emplace_back(id, model.apply(action, a, b, amount));
        }
        clock.advance(std::chrono::milliseconds(7));
        QVERIFY(real.appendAndWait(std::move(transaction)));
        if (pick(12) == 0) {
            processor->stop();
            QCOMPARE(processor->status().fault.find("stopped"), std::string::npos);
            processor = start();
        }
    }
    const auto lastResult = [&] { return real.find(uuid5(expected.back().first, "result")).has_value(); };
    QVERIFY(QTest::qWaitFor(lastResult, 30'000));
    // Follow-ups of the last commands may still be on their way.
    const auto head = real.head()->position;
    QVERIFY(QTest::qWaitFor([&] { return processor->status().processedTo.value + 5000 > head.value; }));
    const auto countOpen = [&] {
        std::map<Uuid, int> results;
        for (const auto &record : allRecords(real)) {
            if (record->kind == RecordKind::Command)
                results.try_emplace(record->id, 0);
            else if (record->kind == RecordKind::Result)
                ++results[record->parent];
        }
        return std::count_if(results.begin(), results.end(), [](const auto &one) { return one.second != 1; });
    };
    QTRY_COMPARE_WITH_TIMEOUT(countOpen(), 0, 10'000);
    QVERIFY(processor->status().running);
    processor->stop();

    for (const auto &[id, outcome] : expected) {
        const auto result = real.find(uuid5(id, "result"));
        QVERIFY(result);
        const auto parsed = parseOutcome((*result)->data);
        const auto said = std::string(commandStatusName(parsed->status)) + ' ' + parsed->errorCode;
        if (said != outcome)
            qInfo("%s: %s, expected %s", id.text().c_str(), said.c_str(), outcome.c_str());
        QVERIFY(said == outcome);
    }
    const auto documents = views.all();
    for (const auto &[account, balance] : model.m_balances) {
        const auto document = parseJson(documents.at("accounts/" + account));
        QCOMPARE(document->integerAt("balance").value_or(-1), balance);
        QCOMPARE(document->integerAt("flagged").value_or(0), model.m_flags[account]);
    }
}

QTEST_GUILESS_MAIN(TestProcessorRandom)
#include "tst_processor_random.moc"
