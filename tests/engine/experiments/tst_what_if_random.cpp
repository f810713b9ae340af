// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiment_fixture.h"

#include <atomic>
#include <random>

using namespace commander;
using namespace commander::test;

/// A branch without edits is the real ledger again, wherever it begins: every record that was decided, byte for byte,
/// and every document.
class TestWhatIfRandom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void unedited();

private:
    static constexpr int rounds = 4;
    static constexpr int commandsPerRound = 250;
};

namespace {

std::uint64_t chosenSeed()
{
    const auto given = qEnvironmentVariable("COMMANDER_SEED");
    return given.isEmpty() ? std::random_device()() : given.toULongLong();
}

std::string account(SeededRandom &random)
{
    return std::to_string(random.below(12)); // some are never opened, some twice
}

CommandDraft randomCommand(SeededRandom &random)
{
    const auto amount = std::to_string(1 + random.below(random.below(5) == 0 ? 3'000'000 : 500));
    switch (random.below(6)) {
    case 0:
        return Workspace::draft("open-account",
                                R"({"account":")" + account(random) + R"(","owner":"Ä","opening_balance":)"
                                    + std::to_string(random.below(4'000'000)) + "}");
    case 1:
        return Workspace::draft("deposit-money", R"({"account":")" + account(random) + R"(","amount":)" + amount + "}");
    case 2:
        return Workspace::draft("withdraw-money",
                                R"({"account":")" + account(random) + R"(","amount":)" + amount + "}");
    default:
        return Workspace::draft("transfer-money",
                                R"({ "from_account":")" + account(random) + R"(", "to_account":")" + account(random)
                                    + R"(","amount":)" + amount + "}");
    }
}

std::string text(const RecordDraft &record)
{
    return record.id.text() + ' ' + record.parent.text() + ' ' + record.correlation.text() + ' ' + record.topic + ' '
        + record.key + ' ' + record.action + ' ' + record.actor + ' ' + std::to_string(record.depth) + ' '
        + std::to_string(record.schemaVersion) + ' ' + toHex(record.domainVersion) + ' '
        + (record.timestamp ? std::to_string(record.timestamp->micros) : "-") + ' ' + record.headers + ' '
        + record.data;
}

} // namespace

void TestWhatIfRandom::unedited()
{
    const auto seed = chosenSeed();
    qInfo("COMMANDER_SEED=%llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    std::atomic<std::size_t> recorded{0};
    Workspace workspace(seed);
    for (int round = 0; round < rounds; ++round) {
        // In bursts, so that follow-up commands are recorded between commands that came from outside.
        for (int i = 0; i < commandsPerRound; ++i) {
            if (random.below(10) == 0)
                workspace.clock.advance(std::chrono::milliseconds(random.below(1000)));
            workspace->commands().submit(randomCommand(random), [&recorded](const Result<CommandReceipt> &receipt) {
                if (!receipt)
                    qFatal("%s", receipt.error().text().c_str());
                ++recorded;
            });
        }
        const auto sent = static_cast<std::size_t>(commandsPerRound) * static_cast<std::size_t>(round + 1);
        QTRY_COMPARE_WITH_TIMEOUT(recorded.load(), sent, 30'000);
        QVERIFY(workspace.settle());
        WhatIfRequest ask;
        ask.from = {round == 0 ? 0 : random.below(workspace.head().value)};
        const auto branch = workspace->experiments().whatIf(ask);
        QVERIFY_RESULT(branch);
        const auto &summary = (*branch)->summary();
        QVERIFY2(summary.outcomes.examples.empty(),
                 summary.outcomes.examples.empty() ? "" : summary.outcomes.examples[0].recorded.c_str());
        QCOMPARE(summary.outcomes.different(), std::uint64_t(0));
        QCOMPARE(summary.documentsDifferent, std::uint64_t(0));
        QVERIFY(summary.viewFaults.empty());
        QVERIFY(summary.to == workspace.head());

        std::map<Uuid, std::string> branched;
        std::uint64_t results = 0;
        const auto records = (*branch)->records({}, 1'000'000);
        QVERIFY_RESULT(records);
        for (const auto &record : *records) {
            branched[record.id] = text(record);
            results += record.kind == RecordKind::Result ? 1 : 0;
        }
        QCOMPARE(branched.size(), std::size_t(summary.records));
        QCOMPARE(results, summary.outcomes.commands);
        std::size_t real = 0;
        for (const auto &record : workspace.all()) {
            if (record->position <= summary.from && !branched.contains(record->id))
                continue;
            ++real;
            QVERIFY2(branched[record->id] == text(*record), text(*record).c_str());
        }
        QCOMPARE(branched.size(), real);
        for (const auto &[name, json] : workspace.documents()) {
            const auto cut = name.find('/');
            const auto document = (*branch)->document(name.substr(0, cut), name.substr(cut + 1));
            QVERIFY_RESULT(document);
            QVERIFY2(*document == json, name.c_str());
        }
    }
}

QTEST_GUILESS_MAIN(TestWhatIfRandom)
#include "tst_what_if_random.moc"
