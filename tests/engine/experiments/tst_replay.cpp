// SPDX-License-Identifier: GPL-3.0-or-later
#include "changed_domain.h"
#include "experiment_fixture.h"

#include <commander/derived_id.h>

#include <stdexcept>

using namespace commander;
using namespace commander::test;

class TestReplay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameDomainsGiveTheSame();
    void differencesAreNamed();
    void ownStateHasConsequences();
    void eventDataAndIgnoredPointers();
    void foldsOfTheCandidateCount();
    void ranges();
    void onlySome();
    void faultsAreCounted();
    void progressAndCancel();
    void clashingDomainsAreRefused();

private:
    static ReplayRequest request(std::shared_ptr<const Domain> bank)
    {
        ReplayRequest request;
        request.domains = {std::move(bank), makeCustomersDomain()};
        return request;
    }
};

void TestReplay::sameDomainsGiveTheSame()
{
    Workspace workspace;
    workspace.openAccounts();
    workspace.transfer("1", "2", 2'000'000);
    workspace.transfer("3", "2", 1);
    QVERIFY(workspace.settle());
    const auto head = workspace.head();
    // The very same, and the same under another version, which has to fold the past by itself.
    for (const auto &bank :
         {makeBankDomain(), std::shared_ptr<const Domain>(std::make_shared<ChangedDomain>(makeBankDomain()))}) {
        for (const auto state : {CandidateState::Own, CandidateState::Recorded}) {
            auto ask = request(bank);
            ask.state = state;
            const auto report = workspace->experiments().replay(ask);
            QVERIFY_RESULT(report);
            QCOMPARE(report->comparison.commands, std::uint64_t(6));
            QCOMPARE(report->comparison.same, std::uint64_t(6));
            QVERIFY(report->comparison.examples.empty());
            QVERIFY(report->viewFaults.empty());
            QVERIFY(report->to == head);
        }
    }
    QVERIFY(workspace.head() == head); // nothing was recorded, no reaction either
}

void TestReplay::differencesAreNamed()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto large = workspace.transfer("1", "2", 2'000'000);
    workspace.transfer("1", "2", 5);
    QVERIFY(workspace.settle());
    const auto report = workspace->experiments().replay(request(carefulBank(1000)));
    QVERIFY_RESULT(report);
    const auto &comparison = report->comparison;
    QCOMPARE(comparison.commands, std::uint64_t(6));
    QCOMPARE(comparison.different(), std::uint64_t(2));
    QCOMPARE(comparison.of(DifferenceKind::Status), std::uint64_t(1));
    QCOMPARE(comparison.of(DifferenceKind::Code), std::uint64_t(1));
    QCOMPARE(comparison.of(DifferenceKind::Events), std::uint64_t(1));
    QCOMPARE(comparison.of(DifferenceKind::Commands), std::uint64_t(1));
    QCOMPARE(comparison.of(DifferenceKind::EventData), std::uint64_t(0));
    QCOMPARE(comparison.of(DifferenceKind::Gone), std::uint64_t(1)); // the flagging that followed
    QCOMPARE(comparison.faults, std::uint64_t(0));
    QCOMPARE(comparison.examples.size(), std::size_t(2));
    const auto &first = comparison.examples[0];
    QVERIFY(first.command == large);
    QVERIFY(first.position == workspace.positionOf(large));
    const auto status = std::find_if(first.fields.begin(), first.fields.end(),
                                     [](const FieldChange &field) { return field.pointer == "/status"; });
    QVERIFY(status != first.fields.end());
    QCOMPARE(*status->before, std::string(R"("succeeded")"));
    QCOMPARE(*status->after, std::string(R"("rejected")"));
    QVERIFY(first.recorded.find("money-transferred") != std::string::npos);
    QVERIFY(first.other.find("too-much") != std::string::npos);
}

void TestReplay::ownStateHasConsequences()
{
    Workspace workspace;
    workspace.openAccounts();
    workspace.transfer("1", "3", 2000);                     // the candidate says no …
    const auto second = workspace.transfer("3", "2", 1000); // … so there is nothing to pass on
    QVERIFY(workspace.settle());
    auto ask = request(carefulBank(1500));
    const auto own = workspace->experiments().replay(ask);
    QVERIFY_RESULT(own);
    QCOMPARE(own->comparison.different(), std::uint64_t(2));
    QVERIFY(own->comparison.examples[1].command == second);
    QVERIFY(own->comparison.examples[1].other.find("insufficient-funds") != std::string::npos);
    ask.state = CandidateState::Recorded;
    const auto recorded = workspace->experiments().replay(ask);
    QVERIFY_RESULT(recorded);
    QCOMPARE(recorded->comparison.different(), std::uint64_t(1));
}

void TestReplay::eventDataAndIgnoredPointers()
{
    Workspace workspace;
    workspace.openAccounts();
    workspace.transfer("1", "2", 10);
    QVERIFY(workspace.settle());
    // Another id of the transfer, as if the handler asked for one more.
    auto bank = std::make_shared<ChangedDomain>(
        makeBankDomain(),
        [](const Domain &old, const ParsedRecord &command, DocumentSource &views, HandlerContext &context) {
            (void)context.newId();
            return old.decide(command, views, context);
        });
    auto ask = request(bank);
    const auto strict = workspace->experiments().replay(ask);
    QVERIFY_RESULT(strict);
    QCOMPARE(strict->comparison.of(DifferenceKind::EventData), std::uint64_t(1));
    QCOMPARE(strict->comparison.different(), std::uint64_t(1));
    QCOMPARE(strict->comparison.examples[0].fields.size(), std::size_t(1));
    QCOMPARE(strict->comparison.examples[0].fields[0].pointer, std::string("/events/0/data/id"));
    ask.rules.ignore = {"/id"};
    const auto lenient = workspace->experiments().replay(ask);
    QVERIFY_RESULT(lenient);
    QCOMPARE(lenient->comparison.different(), std::uint64_t(0));
    ask.rules.ignore = {"/amount"};
    QCOMPARE(workspace->experiments().replay(ask)->comparison.different(), std::uint64_t(1));
}

void TestReplay::foldsOfTheCandidateCount()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto opened = workspace.head();
    workspace.transfer("2", "3", 900);
    QVERIFY(workspace.settle());
    // The candidate gives new accounts nothing, so what happened before the range matters.
    auto bank = std::make_shared<ChangedDomain>(
        makeBankDomain(), ChangedDomain::Decide(),
        [](const Domain &old, const ViewSpec &view, const ParsedRecord &event, DocumentFold &documents) {
            auto folded = old.fold(view, event, documents);
            if (view.name == "accounts" && event.record.action == "account-opened") {
                auto account = *documents.get(event.data.stringAt("account"));
                account.set("balance", Json(0));
                documents.put(event.data.stringAt("account"), account);
            }
            return folded;
        });
    auto ask = request(bank);
    ask.from = opened;
    const auto report = workspace->experiments().replay(ask);
    QVERIFY_RESULT(report);
    QCOMPARE(report->comparison.commands, std::uint64_t(1));
    QCOMPARE(report->comparison.of(DifferenceKind::Code), std::uint64_t(1));
    QVERIFY(report->comparison.examples[0].other.find("insufficient-funds") != std::string::npos);
}

void TestReplay::ranges()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto first = workspace.transfer("1", "2", 2'000'000);
    QVERIFY(workspace.settle());
    const auto end = workspace.head();
    workspace.transfer("1", "2", 2'000'000);
    QVERIFY(workspace.settle());
    auto ask = request(makeBankDomain());
    ask.from = workspace.positionOf(derivedId(first, "event/1")); // between the records of the first transfer
    ask.to = end;
    const auto report = workspace->experiments().replay(ask);
    QVERIFY_RESULT(report);
    QCOMPARE(report->from.value, ask.from.value - 1);
    QVERIFY(report->to == end);
    QCOMPARE(report->comparison.commands, std::uint64_t(2)); // it and what followed
    QCOMPARE(report->comparison.same, std::uint64_t(2));
    ask.from = workspace.head();
    QCOMPARE_ERROR(workspace->experiments().replay(ask), ErrorCode::InvalidArgument);
}

void TestReplay::onlySome()
{
    Workspace workspace;
    workspace.openAccounts();
    workspace.transfer("1", "2", 5000);
    QVERIFY(workspace.settle());
    auto ask = request(carefulBank(1000));
    ask.only = [](const Record &command) { return command.action == "open-account"; };
    const auto report = workspace->experiments().replay(ask);
    QVERIFY_RESULT(report);
    QCOMPARE(report->comparison.commands, std::uint64_t(3));
    QCOMPARE(report->comparison.same, std::uint64_t(3));
}

void TestReplay::faultsAreCounted()
{
    Workspace workspace;
    workspace.openAccounts();
    workspace.transfer("1", "2", 7);
    workspace.transfer("1", "2", 8);
    QVERIFY(workspace.settle());
    auto bank = std::make_shared<ChangedDomain>(makeBankDomain(),
                                                [](const Domain &old, const ParsedRecord &command,
                                                   DocumentSource &views, HandlerContext &context) -> Result<Decision> {
                                                    if (command.data.integerAt("amount") == 7)
                                                        throw std::runtime_error("unlucky");
                                                    return old.decide(command, views, context);
                                                });
    auto ask = request(bank);
    ask.rules.examplesMax = 0;
    const auto report = workspace->experiments().replay(ask);
    QVERIFY_RESULT(report);
    QCOMPARE(report->comparison.faults, std::uint64_t(1));
    QCOMPARE(report->comparison.different(), std::uint64_t(1));
    QVERIFY(report->comparison.examples.empty());
}

void TestReplay::progressAndCancel()
{
    Workspace workspace;
    workspace.openAccounts();
    for (int i = 0; i < 300; ++i)
        workspace.record("deposit-money", R"({"account":"1","amount":1})");
    QVERIFY(workspace.settle());
    std::stop_source stop;
    auto ask = request(makeBankDomain());
    std::vector<ExperimentProgress> told;
    ask.onProgress = [&told](const ExperimentProgress &progress) { told.push_back(progress); };
    QVERIFY_RESULT(workspace->experiments().replay(ask));
    QVERIFY(told.size() >= 2);
    QCOMPARE(told.back().commands, std::uint64_t(303));
    QVERIFY(told.back().to == workspace.head());
    QVERIFY(told.front().at < told.back().to);
    ask.onProgress = [&stop](const ExperimentProgress &) { stop.request_stop(); };
    QCOMPARE_ERROR(workspace->experiments().replay(ask, stop.get_token()), ErrorCode::Cancelled);
}

void TestReplay::clashingDomainsAreRefused()
{
    Workspace workspace;
    ReplayRequest ask;
    ask.domains = {makeBankDomain(), makeBankDomain()};
    QCOMPARE_ERROR(workspace->experiments().replay(ask), ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(TestReplay)
#include "tst_replay.moc"
