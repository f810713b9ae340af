// SPDX-License-Identifier: GPL-3.0-or-later
#include "changed_domain.h"
#include "experiment_fixture.h"

#include <commander/derived_id.h>
#include <commander/variants.h>

#include <map>

using namespace commander;
using namespace commander::test;

namespace {

/// The bank, `percent` of whose keys are decided by one that lets nobody take more than 10.
std::shared_ptr<const Domain> splitBank(std::uint32_t percent,
                                        std::shared_ptr<const Domain> candidate = carefulBank(10))
{
    auto split = makeSplitDomain(makeBankDomain(), {{"careful", std::move(candidate), percent}});
    if (!split)
        qFatal("%s", split.error().text().c_str());
    return *split;
}

} // namespace

/// A part of the keys is decided by another version, and the records say so.
class TestSplit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theKeyDecides();
    void isRecorded();
    void eventsMustFit();
    void isReplayedAsItWas();
    void badVariants();
};

void TestSplit::theKeyDecides()
{
    const auto chosen = [](const Domain &bank, const std::string &key, const std::string &action = "withdraw-money") {
        RecordDraft command;
        command.key = key;
        command.action = action;
        command.id = uuid5({}, key); // of no importance
        return decidingVersion(bank, command).has_value();
    };
    std::map<std::uint32_t, int> counts;
    for (int i = 0; i < 2000; ++i) {
        const auto key = "account-" + std::to_string(i);
        bool before = false;
        for (const auto percent : {0u, 1u, 25u, 60u, 100u}) {
            const auto now = chosen(*splitBank(percent), key);
            QVERIFY(now || !before); // whoever is in stays in when there are more
            QCOMPARE(now, chosen(*splitBank(percent), key));
            QCOMPARE(now, chosen(*splitBank(percent), key, "deposit-money"));
            counts[percent] += now ? 1 : 0;
            before = now;
        }
    }
    QCOMPARE(counts[0], 0);
    QCOMPARE(counts[100], 2000);
    QVERIFY(counts[25] > 400 && counts[25] < 600);
    QVERIFY(counts[60] > 1100 && counts[60] < 1300);
    // Frozen: these keys have been on these sides since the first version.
    const auto bank = splitBank(50);
    std::string sides;
    for (int i = 0; i < 24; ++i)
        sides += chosen(*bank, std::to_string(i)) ? '1' : '0';
    QCOMPARE(sides, std::string("010111101110100110000100"));
    QVERIFY(!chosen(*splitBank(100), "1", "no-such-command"));
}

void TestSplit::isRecorded()
{
    Workspace workspace(1, splitBank(50));
    std::map<bool, int> seen;
    for (int i = 0; i < 24; ++i) {
        const auto key = std::to_string(i);
        const auto opened
            = workspace.send("open-account", R"({"account":")" + key + R"(","owner":"A","opening_balance":100})");
        const auto taken = workspace.send("withdraw-money", R"({"account":")" + key + R"(","amount":50})");
        const auto openedResult = *workspace->ledger().find(derivedId(opened, "result"));
        const auto event = *workspace->ledger().find(derivedId(opened, "event/1"));
        const auto result = *workspace->ledger().find(derivedId(taken, "result"));
        const bool careful = variantOf(*event) == "careful";
        ++seen[careful];
        QCOMPARE(result->action, std::string(careful ? "rejected" : "succeeded"));
        for (const auto &record : {openedResult, event, result}) {
            QCOMPARE(variantOf(*record), std::string(careful ? "careful" : ""));
            QVERIFY(record->domainVersion == (careful ? carefulBank(10) : makeBankDomain())->description().hash);
        }
        auto without = *event;
        QVERIFY(recordLeaf(without) == event->leaf);
        without.headers = R"({"variant":"another"})";
        QVERIFY(recordLeaf(without) != event->leaf); // hashed with the record
    }
    QVERIFY(seen[true] > 3 && seen[false] > 3);
    // The live domain's folds have both.
    QVERIFY(workspace.settle());
    const auto documents = workspace.documents();
    QVERIFY(documents.contains("accounts/0") && documents.contains("accounts/23"));
}

void TestSplit::eventsMustFit()
{
    auto sloppy = std::make_shared<ChangedDomain>(
        makeBankDomain(),
        [](const Domain &, const ParsedRecord &, DocumentSource &, HandlerContext &) -> Result<Decision> {
            return std::vector<EventDraft>{{"account-opened", "1", Json::object()}};
        });
    Workspace workspace(1, splitBank(100, sloppy));
    const auto id = workspace.send("open-account", R"({"account":"1","owner":"A"})");
    const auto result = *workspace->ledger().find(derivedId(id, "result"));
    QCOMPARE(result->action, std::string("failed"));
    QCOMPARE(variantOf(*result), std::string("careful"));
    QCOMPARE(parseOutcome(result->data)->errorCode, std::string("domain-fault"));
}

void TestSplit::isReplayedAsItWas()
{
    Workspace workspace(1, splitBank(50));
    workspace.openAccounts();
    for (const auto *account : {"1", "2"})
        workspace.send("withdraw-money", R"({"account":")" + std::string(account) + R"(","amount":11})");
    QVERIFY(workspace.settle());
    const auto branch = workspace->experiments().whatIf({});
    QVERIFY_RESULT(branch);
    QCOMPARE((*branch)->summary().outcomes.same, std::uint64_t(5));
    QCOMPARE((*branch)->summary().documentsDifferent, std::uint64_t(0));
    const auto records = (*branch)->records({}, 100);
    QVERIFY_RESULT(records);
    for (const auto &record : *records)
        QCOMPARE(record.headers, (*workspace->ledger().find(record.id))->headers);
}

void TestSplit::badVariants()
{
    const auto refused = [](std::vector<DomainVariant> variants) {
        const auto split = makeSplitDomain(makeBankDomain(), std::move(variants));
        return !split && split.error().code == ErrorCode::InvalidArgument;
    };
    QVERIFY(refused({{"", carefulBank(1), 10}}));
    QVERIFY(refused({{std::string(65, 'x'), carefulBank(1), 10}}));
    QVERIFY(refused({{"a", nullptr, 10}}));
    QVERIFY(refused({{"a", makeCustomersDomain(), 10}}));
    QVERIFY(refused({{"a", carefulBank(1), 10}, {"a", carefulBank(2), 10}}));
    QVERIFY(refused({{"a", carefulBank(1), 60}, {"b", carefulBank(2), 41}}));
    QVERIFY(!refused({{"a", carefulBank(1), 60}, {"b", carefulBank(2), 40}}));
}

QTEST_GUILESS_MAIN(TestSplit)
#include "tst_split.moc"
