// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/world_checker.h"
#include "model/world_domains.h"
#include "model/world_session.h"

#include "support/manual_clock.h"
#include "support/seeded_random.h"
#include "support/temporary_workspace.h"

#include <commander/verify.h>

#include <filesystem>
#include <map>
#include <QtTest>

using namespace commander;
using namespace commander::model;

namespace {

using namespace std::chrono_literals;

Sent command(std::uint64_t number, std::string action, std::string data)
{
    return {uuid5({}, "crash pairs/" + std::to_string(number)), std::move(action), std::move(data)};
}

void replaceBy(const std::string &folder, const std::string &from)
{
    std::filesystem::remove_all(folder);
    std::filesystem::copy(from, folder, std::filesystem::copy_options::recursive);
}

} // namespace

/// One step of everything (a transfer with a follow-up command, a scripted command, one that was waiting and is due,
/// one that parks, a view's version promoted), in which the process dies at each of its writes; and for each of these,
/// dies again at each write of the recovery. COMMANDER_EVERY_PAIR=1 leaves none out.
class CrashPairsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void diesTwice();

private:
    [[nodiscard]] WorldPlan plan(std::uint64_t dieAtWrite) const;
    /// What is there after both deaths, opened once more.
    [[nodiscard]] std::string look(const std::string &ledger, WorldChecker &checker, Timestamp clock) const;

    const TemporaryWorkspace m_place;
    const std::string m_base = m_place.file("base");
    const std::string m_crashed = m_place.file("crashed");
    const std::string m_work = m_place.file("work");
    const std::string m_ledger = m_work + "/test.ledger";
    WorldChecker m_checker; ///< of the workspace at the beginning
    Timestamp m_clock = ManualClock().now();
};

WorldPlan CrashPairsTest::plan(std::uint64_t dieAtWrite) const
{
    WorldPlan plan;
    plan.clock = m_clock;
    plan.seed = 2;
    plan.dieAtWrite = dieAtWrite;
    return plan;
}

void CrashPairsTest::initTestCase()
{
    std::filesystem::create_directories(m_work);
    auto before = plan(0);
    before.commands = {command(1, "open-account", R"({"account":"1","owner":"Ada","opening_balance":9000000})"),
                       command(2, "open-account", R"({"account":"2","owner":"Ben"})"),
                       command(3, "deposit-money", R"({"account":"2","amount":5})")};
    before.commands[2].notBefore = Timestamp{m_clock.micros / 1000 * 1000 + std::chrono::microseconds(10min).count()};
    WorldStep install;
    install.kind = WorldStep::Kind::Install;
    install.version = 2;
    before.steps = {{}, {}, {}, install};
    before.steps[1].command = 1;
    before.steps[2].command = 2;
    WorldReport report;
    const auto problem = runWorldSession(m_ledger, before, report);
    QVERIFY2(problem.empty(), problem.c_str());
    m_checker.sent(std::move(before.commands));
    const auto finding = look(m_ledger, m_checker, m_clock);
    QVERIFY2(finding.empty(), finding.c_str());
    replaceBy(m_base, m_work);
}

std::string CrashPairsTest::look(const std::string &ledger, WorldChecker &checker, Timestamp clock) const
{
    const ManualClock standing(clock);
    SeededRandom random(3);
    auto options = worldOptions(ledger, true);
    options.clock = &standing;
    options.random = &random;
    {
        auto engine = Engine::open(options);
        if (!engine)
            return engine.error().text();
        if (auto problem = awaitRest(**engine, clock); !problem.empty())
            return problem;
        if (auto finding = checker.checkRecords(**engine); !finding.empty())
            return finding;
        if (auto finding = checker.checkDocuments(**engine, servingTurnover(**engine)); !finding.empty())
            return finding;
    }
    SystemFileSystem files;
    const auto verified = verifyLedger(ledger, files);
    return verified && verified->verdict == VerifyReport::Verdict::Intact ? std::string() : "it does not verify";
}

void CrashPairsTest::diesTwice()
{
    const auto session = [this](std::uint64_t dieAtWrite) {
        auto all = plan(dieAtWrite);
        all.commands = {command(4, "transfer-money", R"({"from_account":"1","to_account":"2","amount":2000000})"),
                        command(5, "add", R"({"key":"t5","n":7})"), command(6, "add", R"({"key":"t0","n":1})")};
        WorldStep wait;
        wait.kind = WorldStep::Kind::Wait;
        wait.wait = 20min;
        WorldStep exchange;
        exchange.kind = WorldStep::Kind::Exchange;
        all.steps = {{}, {}, wait, {}, exchange};
        all.steps[1].command = 1;
        all.steps[3].command = 2;
        return all;
    };
    replaceBy(m_work, m_base);
    auto undisturbed = session(0);
    WorldReport whole;
    auto problem = runWorldSession(m_ledger, undisturbed, whole);
    QVERIFY2(problem.empty(), problem.c_str());
    const auto firsts = whole.operations.size();
    QVERIFY(firsts > 20);

    const bool every = qEnvironmentVariableIsSet("COMMANDER_EVERY_PAIR");
    std::map<std::pair<std::string, std::string>, int> pairs;
    std::size_t tried = 0;
    for (std::size_t first = 1; first <= firsts; first += every ? 1 : 3) {
        replaceBy(m_work, m_base);
        auto dying = session(first);
        WorldReport died;
        problem = runWorldSession(m_ledger, dying, died);
        QVERIFY2(problem.empty(), problem.c_str());
        if (!died.died)
            continue; // it closes with fewer writes at times
        replaceBy(m_crashed, m_work);
        for (std::size_t second = every ? 1 : 1 + first % 7;; second += every ? 1 : 2 + first % 5) {
            replaceBy(m_work, m_crashed);
            auto recovery = plan(second);
            recovery.clock = died.clock;
            recovery.second = true;
            WorldReport again;
            problem = runWorldSession(m_ledger, recovery, again);
            QVERIFY2(problem.empty(), problem.c_str());
            auto checker = m_checker;
            checker.sent(dying.commands);
            const auto finding = look(m_ledger, checker, died.clock);
            QVERIFY2(finding.empty(),
                     (finding + " after deaths at write " + std::to_string(first) + " (" + died.operations.back()
                      + ") and at write " + std::to_string(second) + " of the recovery")
                         .c_str());
            if (!again.died)
                break; // it was through before
            ++tried;
            ++pairs[{died.operations.back(), again.operations.back()}];
        }
    }
    for (const auto &[pair, count] : pairs)
        qInfo("%-24s then %-24s %5d", pair.first.c_str(), pair.second.c_str(), count);
    qInfo("%zu pairs of deaths, %zu writes of the step", tried, firsts);
    QVERIFY(tried > 10);
}

QTEST_GUILESS_MAIN(CrashPairsTest)
#include "tst_crash_pairs.moc"
