// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/world_checker.h"
#include "model/world_domains.h"
#include "model/world_session.h"

#include "support/manual_clock.h"
#include "support/seeded_random.h"
#include "support/temporary_workspace.h"

#include <commander/exchange.h>
#include <commander/verify.h>

#include <filesystem>
#include <fstream>
#include <QElapsedTimer>
#include <QtTest>
#include <random>

using namespace commander;
using namespace commander::model;

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t fixedSeed = 20160520;
constexpr std::uint64_t stepsInCi = 1500;
constexpr std::uint64_t roundStepsMax = 300;
constexpr std::size_t accountsMax = 40;
constexpr std::size_t talliesMax = 8;

std::uint64_t numberFrom(const char *variable, std::uint64_t otherwise)
{
    return qEnvironmentVariableIsSet(variable) ? qEnvironmentVariable(variable).toULongLong() : otherwise;
}

/// The first of each kind.
std::string differences(WhatIfBranch &branch)
{
    std::string text = "from " + std::to_string(branch.summary().from.value);
    for (const auto &outcome : branch.outcomes(0, 1).value_or(std::vector<OutcomeDifference>()))
        text += "; " + outcome.action + " " + outcome.command.text() + ": " + outcome.recorded + " / " + outcome.other;
    for (const auto &document : branch.documents(0, 1).value_or(std::vector<DocumentDifference>())) {
        text += "; " + document.view + " " + document.key;
        for (const auto &field : document.fields)
            text += " " + field.pointer + " " + field.before.value_or("-") + " / " + field.after.value_or("-");
    }
    return text;
}

/// Random steps, more sensible than not.
class StepMaker {
public:
    explicit StepMaker(std::mt19937_64 &chance) : m_chance(chance) { }

    [[nodiscard]] WorldPlan next(const WorldChecker &checker, Timestamp clock)
    {
        WorldPlan plan;
        plan.clock = clock;
        plan.seed = m_chance();
        const auto count = 1 + below(roundStepsMax);
        for (std::uint64_t i = 0; i < count; ++i) {
            WorldStep step;
            const auto kind = below(1000);
            if (kind < 30) {
                step.kind = WorldStep::Kind::Wait;
                step.wait = std::chrono::minutes(1 + below(60));
                clock.micros += step.wait.count();
            } else if (kind < 36) {
                step.kind = WorldStep::Kind::Install;
                step.version = static_cast<int>(1 + below(tallyVersionsMax));
            } else if (kind < 46) {
                step.kind = WorldStep::Kind::Exchange;
            } else if (kind < 90 && !checker.recorded().empty()) {
                step.kind = WorldStep::Kind::Repeat;
                step.command = plan.repeats.size();
                plan.repeats.push_back(checker.recorded()[below(checker.recorded().size())]);
            } else {
                step.command = plan.commands.size();
                plan.commands.push_back(command(checker.model(), clock));
            }
            plan.steps.push_back(step);
        }
        if (below(3) != 0)
            plan.dieAtWrite = 1 + below(below(2) == 0 ? 40 : 1500);
        return plan;
    }

private:
    [[nodiscard]] std::uint64_t below(std::uint64_t below) { return m_chance() % below; }
    [[nodiscard]] std::string account() { return "a" + std::to_string(below(accountsMax)); }
    [[nodiscard]] std::string amount()
    {
        return std::to_string(below(10) == 0 ? 1'000'000 + below(5'000'000) : 1 + below(50'000));
    }
    [[nodiscard]] Sent command(const WorldModel &model, Timestamp clock)
    {
        Sent sent;
        for (auto &byte : sent.id.bytes)
            byte = static_cast<std::uint8_t>(m_chance());
        sent.id.bytes[6] = static_cast<std::uint8_t>((sent.id.bytes[6] & 0x0f) | 0x40);
        sent.id.bytes[8] = static_cast<std::uint8_t>((sent.id.bytes[8] & 0x3f) | 0x80);
        const auto waiting = model.waiting();
        const auto kind = below(100);
        if (kind < 8 && !waiting.empty()) {
            static constexpr const char *controls[]
                = {"cancel-command",     "release-command",     "replay-dead-letter",
                   "replay-dead-letter", "discard-dead-letter", "expire-command"};
            sent.action = controls[below(std::size(controls))];
            sent.data = R"({"command":")"
                + std::next(waiting.begin(), static_cast<std::ptrdiff_t>(below(waiting.size())))->first + "\"}";
            return sent;
        }
        if (kind < 35) {
            sent.action = "add";
            sent.data = R"({"key":"t)" + std::to_string(below(talliesMax)) + R"(", "n": )" + std::to_string(below(1000))
                + "}";
        } else if (kind < 45) {
            sent.action = "open-account";
            sent.data = R"({"account":")" + account() + R"(","owner":"Owner","opening_balance":)"
                + std::to_string(below(20'000'000)) + "}";
        } else if (kind < 65) {
            sent.action = kind < 58 ? "deposit-money" : "withdraw-money";
            sent.data = R"({ "account": ")" + account() + R"(", "amount": )" + amount() + "}";
        } else {
            sent.action = "transfer-money";
            sent.data = R"({"from_account":")" + account() + R"(","to_account":")" + account() + R"(","amount":)"
                + amount() + "}";
        }
        clock.micros -= clock.micros % 1000; // times are told to the millisecond
        const auto later = [this](Timestamp from) {
            return Timestamp{from.micros + std::chrono::microseconds(std::chrono::minutes(1 + below(150))).count()};
        };
        if (below(8) == 0)
            sent.notBefore = later(clock);
        if (below(8) == 0)
            sent.expiresAt = later(sent.notBefore.value_or(clock));
        return sent;
    }

    std::mt19937_64 &m_chance;
};

} // namespace

/// Everything that a workspace can go through, step by step: commands now, later and too late, faults that park,
/// versions of a domain installed and versions of a view exchanged while it runs, deaths at any write of the ledger,
/// rebuilds, replays, export and import; all of it held against a model that knows nothing of the engine. Each step is
/// waited for and time and chance come from the seed, so that a seed gives the same ledger byte for byte.
class WorldTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameSeedSameLedger();
    void randomSeed();

private:
    struct Outcome {
        std::string finding;
        std::vector<Hash256> chains; ///< after each round
        std::vector<Position> heads;
        WorldChecker checker;
        std::uint64_t steps = 0;
        int rounds = 0;
        int deaths = 0;
        int rebuilds = 0;
        int imports = 0;
        int replays = 0;
        int exchanges = 0;
    };
    [[nodiscard]] static Outcome run(std::uint64_t seed, std::uint64_t steps);
    [[nodiscard]] static std::string checkReplay(Engine &engine, const WorldChecker &checker, std::uint64_t chance);
    [[nodiscard]] static std::string checkImport(Engine &engine, const WorldChecker &checker, const std::string &copy,
                                                 const OpenOptions &options);
    static void report(const Outcome &outcome, std::uint64_t seed);
};

std::string WorldTest::checkReplay(Engine &engine, const WorldChecker &checker, std::uint64_t chance)
{
    const auto head = engine.ledger().head()->position;
    ReplayRequest request;
    request.domains = engine.domains().running();
    request.only = [](const Record &command) { return command.action != "add"; }; // decided by many versions
    const auto from = Position{chance % (head.value + 1)};
    const bool ofAll = chance % 2 == 0;
    request.from = ofAll ? Position{} : from;
    const auto replayed = engine.experiments().replay(std::move(request));
    if (!replayed)
        return "replay: " + replayed.error().text();
    if (replayed->comparison.different() != 0)
        return "a replay through the same domains differs: " + replayed->comparison.examples.front().recorded + " / "
            + replayed->comparison.examples.front().other;
    if (ofAll && replayed->comparison.commands < checker.model().bankDecisions())
        return "a replay left commands out";
    WhatIfRequest branch;
    branch.from = std::max(from, checker.lastInstallation());
    const auto ran = engine.experiments().whatIf(std::move(branch));
    if (!ran)
        return "what-if: " + ran.error().text();
    const auto &summary = (*ran)->summary();
    // Also while another version of a view serves than its domain declares.
    if (summary.outcomes.different() != 0 || summary.documentsDifferent != 0)
        return "a branch without edits differs: " + differences(**ran);
    return engine.ledger().head()->position == head ? std::string() : "an experiment appended to the ledger";
}

std::string WorldTest::checkImport(Engine &engine, const WorldChecker &checker, const std::string &copy,
                                   const OpenOptions &options)
{
    const auto file = copy + ".ndjson";
    {
        auto exported = LedgerExport::begin(engine.ledger(), {});
        if (!exported)
            return exported.error().text();
        std::ofstream out(file, std::ios::binary);
        const auto written = (*exported)->write([&out](std::string_view bytes) -> Result<void> {
            out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            return {};
        });
        if (!written)
            return written.error().text();
    }
    const auto imported = importLedger({file, copy});
    if (!imported)
        return "import: " + imported.error().text();
    if (imported->chain != checker.chain() || imported->position != checker.position())
        return "the import is another ledger";
    SystemFileSystem files;
    const auto verified = verifyLedger(copy, files);
    if (!verified || verified->verdict != VerifyReport::Verdict::Intact)
        return "the import does not verify";
    auto opening = options;
    opening.ledgerPath = copy;
    opening.folds = {};
    auto second = Engine::open(std::move(opening));
    if (!second)
        return "the import does not open: " + second.error().text();
    if (auto problem = awaitRest(**second, options.clock->now()); !problem.empty())
        return problem;
    if ((*second)->ledger().head()->chain != checker.chain())
        return "commands of the import were decided again";
    // Which version of a view serves is no part of a ledger.
    auto finding = checker.checkDocuments(**second, 1);
    return finding.empty() ? finding : "import: " + finding;
}

WorldTest::Outcome WorldTest::run(std::uint64_t seed, std::uint64_t steps)
{
    std::mt19937_64 chance(seed);
    StepMaker maker(chance);
    const TemporaryWorkspace workspace;
    const auto ledger = workspace.ledger();
    Outcome outcome;
    auto &checker = outcome.checker;
    ManualClock clock;
    std::uint32_t turnover = 1;
    bool second = false;
    const auto look = [&](bool mayHaveExchanged) -> std::string {
        SeededRandom random(chance());
        auto options = worldOptions(ledger, second);
        options.clock = &clock;
        options.random = &random;
        auto engine = Engine::open(options);
        if (!engine)
            return engine.error().text();
        if (auto problem = awaitRest(**engine, clock.now()); !problem.empty())
            return problem;
        if (outcome.rounds == 0) {
            if (const auto installed = (*engine)->domains().install(tallyFiles(1)); !installed)
                return installed.error().text();
            if (auto problem = awaitRest(**engine, clock.now()); !problem.empty())
                return problem;
        }
        if (auto finding = checker.checkRecords(**engine); !finding.empty())
            return finding;
        if (mayHaveExchanged)
            turnover = servingTurnover(**engine);
        if (servingTurnover(**engine) != turnover)
            return "another version of the turnover serves than was chosen";
        if (auto finding = checker.checkDocuments(**engine, turnover); !finding.empty())
            return finding;
        const auto whatElse = chance();
        if (whatElse % 6 == 0) {
            ++outcome.replays;
            if (auto finding = checkReplay(**engine, checker, whatElse / 6); !finding.empty())
                return finding;
        }
        if (whatElse % 25 == 1) {
            ++outcome.imports;
            const TemporaryWorkspace elsewhere;
            return checkImport(**engine, checker, elsewhere.ledger(), options);
        }
        return {};
    };
    outcome.finding = look(false);
    while (outcome.finding.empty() && outcome.steps < steps) {
        ++outcome.rounds;
        auto plan = maker.next(checker, clock.now());
        plan.second = second;
        WorldReport report;
        outcome.finding = runWorldSession(ledger, plan, report);
        if (!outcome.finding.empty())
            break;
        outcome.steps += report.done;
        outcome.deaths += report.died;
        clock.set(report.clock);
        bool mayHaveExchanged = false;
        for (std::size_t i = 0; i < std::min(plan.steps.size(), report.done + 1); ++i) {
            if (plan.steps[i].kind != WorldStep::Kind::Exchange)
                continue;
            second = true;
            if (i < report.done) {
                ++outcome.exchanges;
                turnover = 3 - turnover;
            } else {
                mayHaveExchanged = true;
            }
        }
        checker.sent(std::move(plan.commands));
        if (chance() % 10 == 0) {
            ++outcome.rebuilds;
            std::filesystem::remove_all(ledger + ".derived");
        }
        outcome.finding = look(mayHaveExchanged);
        outcome.chains.push_back(checker.chain());
        outcome.heads.push_back(checker.position());
    }
    if (outcome.finding.empty()) {
        SystemFileSystem files;
        const auto verified = verifyLedger(ledger, files);
        if (!verified || verified->verdict != VerifyReport::Verdict::Intact)
            outcome.finding = "the ledger does not verify";
    } else {
        outcome.finding += " in or after round " + std::to_string(outcome.rounds);
        if (const auto keep = qEnvironmentVariable("COMMANDER_MODEL_KEEP").toStdString(); !keep.empty()) {
            std::error_code error;
            std::filesystem::copy(std::filesystem::path(ledger).parent_path(), keep,
                                  std::filesystem::copy_options::recursive, error);
            if (error)
                outcome.finding += "; its files could not be kept: " + error.message();
        }
    }
    return outcome;
}

void WorldTest::report(const Outcome &outcome, std::uint64_t seed)
{
    qInfo("seed %llu: %llu steps, %llu records, chain %s; %s; %d rounds, %d deaths, %d rebuilds, %d exchanges of "
          "versions, "
          "%d replays, %d imports",
          static_cast<unsigned long long>(seed), static_cast<unsigned long long>(outcome.steps),
          static_cast<unsigned long long>(outcome.checker.position().value),
          toHex(outcome.checker.chain()).substr(0, 16).c_str(), outcome.checker.outcomes().c_str(), outcome.rounds,
          outcome.deaths, outcome.rebuilds, outcome.exchanges, outcome.replays, outcome.imports);
}

void WorldTest::sameSeedSameLedger()
{
    const auto seed = numberFrom("COMMANDER_SEED", fixedSeed);
    const auto steps = numberFrom("COMMANDER_MODEL_STEPS", stepsInCi);
    const auto first = run(seed, steps);
    QVERIFY2(first.finding.empty(), first.finding.c_str());
    report(first, seed);
    QVERIFY(first.deaths > 0);
    const auto second = run(seed, steps);
    QVERIFY2(second.finding.empty(), second.finding.c_str());
    QCOMPARE(second.chains.size(), first.chains.size());
    for (std::size_t round = 0; round < first.chains.size(); ++round) {
        QVERIFY2(first.chains[round] == second.chains[round] && first.heads[round] == second.heads[round],
                 ("round " + std::to_string(round + 1) + " gave two ledgers, of "
                  + std::to_string(first.heads[round].value) + " and " + std::to_string(second.heads[round].value)
                  + " records")
                     .c_str());
    }
    QCOMPARE(second.steps, first.steps);
}

void WorldTest::randomSeed()
{
    const auto seed = numberFrom("COMMANDER_SEED", std::random_device{}());
    qInfo("seed %llu (COMMANDER_SEED repeats it)", static_cast<unsigned long long>(seed));
    const auto outcome = run(seed, numberFrom("COMMANDER_MODEL_STEPS", stepsInCi));
    QVERIFY2(outcome.finding.empty(), outcome.finding.c_str());
    report(outcome, seed);
}

QTEST_GUILESS_MAIN(WorldTest)
#include "tst_model_world.moc"
