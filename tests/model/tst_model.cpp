// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/session.h"

#include "support/temporary_workspace.h"

#include <commander/verify.h>

#include <filesystem>
#include <QElapsedTimer>
#include <QtTest>

using namespace commander;
using namespace commander::model;

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t fixedSeed = 20160520;
constexpr std::uint64_t stepsInCi = 100'000;
constexpr std::uint64_t roundCommandsMax = 900;
constexpr std::size_t accountsMax = 400;
constexpr auto patience = 120s;

std::uint64_t seedOf(std::uint64_t otherwise)
{
    const auto seed = qEnvironmentVariableIsSet("COMMANDER_SEED") ? qEnvironmentVariable("COMMANDER_SEED").toULongLong()
                                                                  : otherwise;
    qInfo("seed %llu (COMMANDER_SEED repeats it)", static_cast<unsigned long long>(seed));
    return seed;
}

/// Random commands, more sensible than not.
class CommandMaker {
public:
    explicit CommandMaker(std::mt19937_64 &chance) : m_chance(chance) { }
    [[nodiscard]] Sent next()
    {
        Sent sent;
        for (auto &byte : sent.id.bytes)
            byte = static_cast<std::uint8_t>(m_chance());
        sent.id.bytes[6] = static_cast<std::uint8_t>((sent.id.bytes[6] & 0x0f) | 0x40);
        sent.id.bytes[8] = static_cast<std::uint8_t>((sent.id.bytes[8] & 0x3f) | 0x80);
        switch (m_chance() % 10) {
        case 0:
        case 1:
            sent.action = "open-account";
            sent.data = R"({"account":")" + account() + R"(","owner":"Owner )" + account() + "\"" + opening() + "}";
            break;
        case 2:
        case 3:
        case 4:
            sent.action = "deposit-money";
            sent.data = R"({ "account": ")" + account() + R"(", "amount": )" + amount() + "}";
            break;
        case 5:
            sent.action = "withdraw-money";
            sent.data = R"({"amount":)" + amount() + R"(,"account":")" + account() + "\"}";
            break;
        default:
            sent.action = "transfer-money";
            sent.data = R"({"from_account":")" + account() + R"(","to_account":")" + account() + R"(","amount":)"
                + amount() + "}";
        }
        return sent;
    }

private:
    [[nodiscard]] std::string account() { return "a" + std::to_string(m_chance() % accountsMax); }
    [[nodiscard]] std::string amount()
    {
        switch (m_chance() % 12) {
        case 0:
            return std::to_string(1'000'000 + m_chance() % 5'000'000);
        case 1:
            return "9007199254740991";
        default:
            return std::to_string(1 + m_chance() % 50'000);
        }
    }
    [[nodiscard]] std::string opening()
    {
        return m_chance() % 4 == 0 ? std::string() : R"(,"opening_balance":)" + std::to_string(m_chance() % 20'000'000);
    }

    std::mt19937_64 &m_chance;
};

} // namespace

/// Random commands, deaths at any write, clean restarts and rebuilds, held against a model that knows nothing of the
/// engine. A round is one process that sends commands and then closes or dies, and one look at everything it left.
class ModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fixedSeedRun() { run(fixedSeed, stepsInCi / 2); }
    void randomSeedRun() { run(seedOf(std::random_device{}()), stepsInCi / 2); }

private:
    void run(std::uint64_t seed, std::uint64_t steps);
    /// Opens the workspace, waits until everything has come to rest, and checks it.
    [[nodiscard]] static std::string look(const std::string &ledger, LedgerChecker &checker);
};

std::string ModelTest::look(const std::string &ledger, LedgerChecker &checker)
{
    auto engine = Engine::open(modelOptions(ledger));
    if (!engine)
        return engine.error().text();
    QElapsedTimer timer;
    timer.start();
    // At rest: everything decided, and nothing new while everybody caught up.
    for (;;) {
        const auto status = (*engine)->status();
        if (!status.faults.empty())
            return status.faults.front();
        const auto head = status.progress.ledger;
        if (status.processedTo >= head && status.progress.indexed >= head && status.progress.viewed >= head
            && (*engine)->ledger().head()->position == head)
            break;
        if (timer.hasExpired(std::chrono::milliseconds(patience).count()))
            return "the engine does not come to rest";
        static_cast<void>((*engine)->views().waitFor(head.next(), 2ms));
    }
    auto finding = checker.checkRecords(**engine);
    return finding.empty() ? checker.checkViews(**engine) : finding;
}

void ModelTest::run(std::uint64_t seed, std::uint64_t steps)
{
    std::mt19937_64 chance(seed);
    CommandMaker maker(chance);
    const TemporaryWorkspace workspace;
    const auto ledger = workspace.ledger();
    LedgerChecker checker(seed + 1);
    int rounds = 0;
    int deaths = 0;
    int rebuilds = 0;
    std::uint64_t sent = 0;
    while (checker.commands() < steps) {
        ++rounds;
        SessionPlan plan;
        plan.burst = 1 + chance() % 64;
        if (chance() % 3 != 0)
            plan.dieAtWrite = 1 + chance() % (chance() % 2 == 0 ? 300 : 6000);
        const auto count = 1 + chance() % roundCommandsMax;
        for (std::uint64_t i = 0; i < count; ++i)
            plan.commands.push_back(maker.next());
        for (std::uint64_t i = 0; i < 20 && !checker.recorded().empty(); ++i)
            plan.repeats.push_back(checker.recorded()[chance() % checker.recorded().size()]);
        sent += count;

        bool died = false;
        const auto problem = runSession(ledger, plan, died);
        QVERIFY2(problem.empty(), (problem + " in round " + std::to_string(rounds)).c_str());
        deaths += died;
        checker.sent(std::move(plan.commands));
        if (chance() % 10 == 0) {
            ++rebuilds;
            std::filesystem::remove_all(ledger + ".derived");
        }
        const auto finding = look(ledger, checker);
        QVERIFY2(finding.empty(), (finding + " after round " + std::to_string(rounds)).c_str());
        if (rounds % 20 == 0) {
            SystemFileSystem files;
            const auto report = verifyLedger(ledger, files);
            QVERIFY(report.has_value());
            QVERIFY2(report->verdict == VerifyReport::Verdict::Intact, report->problem.c_str());
        }
    }
    qInfo("%llu commands sent, %llu decided, %llu records, %d rounds, %d deaths, %d rebuilds",
          static_cast<unsigned long long>(sent), static_cast<unsigned long long>(checker.commands()),
          static_cast<unsigned long long>(checker.position().value), rounds, deaths, rebuilds);
    QVERIFY(deaths > rounds / 10);
}

QTEST_GUILESS_MAIN(ModelTest)
#include "tst_model.moc"
