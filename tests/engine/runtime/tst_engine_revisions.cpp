// SPDX-License-Identifier: GPL-3.0-or-later
// Revisions of keys in a real workspace: over restarts, with and without an index, in replays.
#include "support/temporary_workspace.h"

#include <commander/engine.h>

#include <QTest>

using namespace commander;

namespace {

std::unique_ptr<Engine> openBank(const TemporaryWorkspace &workspace)
{
    OpenOptions options;
    options.ledgerPath = workspace.ledger();
    options.domains = {makeBankDomain()};
    auto engine = Engine::open(std::move(options));
    return engine ? std::move(*engine) : nullptr;
}

/// "succeeded", or the code and the details.
std::string run(Engine &engine, const std::string &action, const std::string &data, const char *expected = "any")
{
    CommandDraft draft;
    draft.action = action;
    draft.data = data;
    draft.expectedRevision = *ExpectedRevision::parse(expected);
    const auto receipt = engine.commands().submitAndWait(std::move(draft));
    if (!receipt)
        return receipt.error().text();
    const auto result = engine.commands().waitForResult(receipt->command->id, std::chrono::seconds(20));
    if (!result)
        return result.error().text();
    const auto outcome = parseOutcome((*result)->data);
    if (outcome->status == CommandStatus::Succeeded)
        return "succeeded";
    return outcome->errorCode + outcome->errorDetails;
}

const std::string deposit = R"({"account":"7","amount":1})";

} // namespace

class TestEngineRevisions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRestartKnowsTheRevision();
    void replaysAndBranchesAgree();
};

void TestEngineRevisions::aRestartKnowsTheRevision()
{
    TemporaryWorkspace workspace;
    auto engine = openBank(workspace);
    QCOMPARE(run(*engine, "open-account", R"({"account":"7","owner":"A"})", "none"), std::string("succeeded"));
    QCOMPARE(run(*engine, "deposit-money", deposit, "1"), std::string("succeeded"));
    engine.reset();
    engine = openBank(workspace);
    QCOMPARE(run(*engine, "deposit-money", deposit, "1"), std::string(R"(revision-conflict{"expected":1,"actual":2})"));
    QCOMPARE(run(*engine, "deposit-money", deposit, "2"), std::string("succeeded"));
    engine.reset();
    // Without derived files the ledger alone answers, while the index is being built.
    OpenOptions files;
    files.ledgerPath = workspace.ledger();
    QVERIFY(removeDerivedFiles(files));
    engine = openBank(workspace);
    QCOMPARE(run(*engine, "deposit-money", deposit, "3"), std::string("succeeded"));
    QCOMPARE(run(*engine, "deposit-money", deposit, "3"), std::string(R"(revision-conflict{"expected":3,"actual":4})"));
}

void TestEngineRevisions::replaysAndBranchesAgree()
{
    TemporaryWorkspace workspace;
    const auto engine = openBank(workspace);
    QCOMPARE(run(*engine, "open-account", R"({"account":"7","owner":"A"})", "none"), std::string("succeeded"));
    for (const auto *const expected : {"1", "1", "2", "exists", "none", "3", "4", "4"})
        (void)run(*engine, "deposit-money", deposit, expected);
    ReplayRequest request;
    request.domains = {makeBankDomain()};
    for (const auto state : {CandidateState::Recorded, CandidateState::Own}) {
        request.state = state;
        for (const auto from : {Position{0}, Position{7}}) {
            request.from = from;
            const auto report = engine->experiments().replay(request, {});
            QVERIFY(report);
            QVERIFY(report->comparison.commands > 0);
            QCOMPARE(report->comparison.different(), std::uint64_t{0});
        }
    }
    // Without the second deposit everything after it stands at another revision.
    RecordFilter filter;
    filter.kinds = {RecordKind::Command};
    filter.actions = {"deposit-money"};
    const auto commands = engine->records().match(filter, Position{1}, ScanDirection::OldestFirst, 10, {});
    QVERIFY(commands);
    const auto first = engine->records().at(std::span(commands->positions).first(1));
    QVERIFY(first);
    WhatIfRequest branch;
    branch.from = Position{0};
    CommandEdit edit;
    edit.kind = CommandEdit::Kind::Remove;
    edit.command = first->front()->id;
    branch.edits.push_back(edit);
    const auto made = engine->experiments().whatIf(branch, {});
    QVERIFY(made);
    const auto differences = (*made)->outcomes(0, 100);
    QVERIFY(differences);
    // Removed; then 1 succeeds instead of conflicting, and so on: the branch counts its own events.
    QVERIFY(differences->size() >= 2);
}

QTEST_GUILESS_MAIN(TestEngineRevisions)
#include "tst_engine_revisions.moc"
