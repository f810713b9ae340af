// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiment_fixture.h"

#include <commander/derived_id.h>

using namespace commander;
using namespace commander::test;

namespace {

CommandEdit replaced(const Uuid &command, const std::string &data)
{
    CommandEdit edit;
    edit.command = command;
    edit.data = data;
    return edit;
}

CommandEdit removed(const Uuid &command)
{
    CommandEdit edit;
    edit.kind = CommandEdit::Kind::Remove;
    edit.command = command;
    return edit;
}

CommandEdit added(Position after, const std::string &action, const std::string &data)
{
    CommandEdit edit;
    edit.kind = CommandEdit::Kind::Add;
    edit.after = after;
    edit.action = action;
    edit.data = data;
    edit.actor = "test";
    return edit;
}

std::string transferData(const std::string &from, const std::string &to, std::int64_t amount)
{
    return R"({"from_account":")" + from + R"(","to_account":")" + to + R"(","amount":)" + std::to_string(amount) + "}";
}

std::optional<std::int64_t> balance(WhatIfBranch &branch, const std::string &account)
{
    const auto text = branch.document("accounts", account);
    return text ? parseJson(*text)->integerAt("balance") : std::nullopt;
}

} // namespace

class TestWhatIf : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void replacing();
    void removing();
    void removingTheFirst();
    void adding();
    void theSameAgain();
    void whatWaitedEndsAsItDid();
    void pages();
    void startsBetweenDecisions();
    void badEdits();
    void progressAndCancel();
};

void TestWhatIf::replacing()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto from = workspace.head();
    const auto first = workspace.transfer("1", "2", 100);
    const auto second = workspace.transfer("2", "3", 1100);
    QVERIFY(workspace.settle());
    const auto head = workspace.head();
    const auto before = workspace.documents();

    WhatIfRequest ask;
    ask.from = from;
    ask.edits = {replaced(first, transferData("1", "2", 99))};
    const auto branch = workspace->experiments().whatIf(ask);
    QVERIFY_RESULT(branch);
    const auto &summary = (*branch)->summary();
    QVERIFY(summary.from == from);
    QVERIFY(summary.to == head);
    QCOMPARE(summary.outcomes.commands, std::uint64_t(2));
    QCOMPARE(summary.outcomes.different(), std::uint64_t(2));
    QCOMPARE(summary.outcomes.of(DifferenceKind::EventData), std::uint64_t(1));
    QCOMPARE(summary.outcomes.of(DifferenceKind::Status), std::uint64_t(1)); // 1099 are not 1100
    const auto outcomes = (*branch)->outcomes(0, 10);
    QVERIFY_RESULT(outcomes);
    QCOMPARE(outcomes->size(), std::size_t(2));
    QVERIFY((*outcomes)[0].command == first);
    QCOMPARE((*outcomes)[0].fields[0].pointer, std::string("/events/0/data/amount"));
    QCOMPARE(*(*outcomes)[0].fields[0].before, std::string("100"));
    QCOMPARE(*(*outcomes)[0].fields[0].after, std::string("99"));
    QVERIFY((*outcomes)[1].command == second);
    QCOMPARE(balance(**branch, "1"), std::optional<std::int64_t>(4'999'901));
    QCOMPARE(balance(**branch, "2"), std::optional<std::int64_t>(1099));
    QCOMPARE(balance(**branch, "3"), std::optional<std::int64_t>(0));

    const auto documents = (*branch)->documents(0, 100);
    QVERIFY_RESULT(documents);
    QCOMPARE(documents->size(), std::size_t(summary.documentsDifferent));
    std::map<std::string, DocumentDifference> accounts;
    for (const auto &document : *documents) {
        if (document.view == "accounts")
            accounts.emplace(document.key, document);
    }
    QCOMPARE(accounts.size(), std::size_t(3));
    const auto field = std::find_if(accounts["1"].fields.begin(), accounts["1"].fields.end(),
                                    [](const FieldChange &one) { return one.pointer == "/balance"; });
    QVERIFY(field != accounts["1"].fields.end());
    QCOMPARE(*field->before, std::string("4999900"));
    QCOMPARE(*field->after, std::string("4999901"));

    QVERIFY(workspace.head() == head);
    QVERIFY(workspace.documents() == before);
}

void TestWhatIf::removing()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto from = workspace.head();
    const auto large = workspace.transfer("1", "2", 1'000'000); // flagged by a reaction
    QVERIFY(workspace.settle());
    WhatIfRequest ask;
    ask.from = from;
    ask.edits = {removed(large)};
    const auto branch = workspace->experiments().whatIf(ask);
    QVERIFY_RESULT(branch);
    QCOMPARE((*branch)->summary().records, std::uint64_t(0));
    QCOMPARE((*branch)->summary().outcomes.of(DifferenceKind::Gone), std::uint64_t(2));
    QCOMPARE(balance(**branch, "1"), std::optional<std::int64_t>(5'000'000));
    // Only the real ledger touched these documents; they are compared all the same.
    QVERIFY((*branch)->summary().documentsDifferent >= 4);
    const auto documents = *(*branch)->documents(0, 100);
    QVERIFY(std::any_of(documents.begin(), documents.end(),
                        [](const DocumentDifference &one) { return one.view == "accounts" && one.key == "1"; }));
    QVERIFY(std::any_of(documents.begin(), documents.end(), [](const DocumentDifference &one) {
        return one.fields.size() == 1 && one.fields[0].pointer.empty() && one.fields[0].before && !one.fields[0].after;
    })); // a movement that never was
}

void TestWhatIf::removingTheFirst()
{
    Workspace workspace;
    const auto opened = workspace.send("open-account", R"({"account":"1","owner":"Ada","opening_balance":10})");
    workspace.send("deposit-money", R"({"account":"1","amount":5})");
    QVERIFY(workspace.settle());
    WhatIfRequest ask; // from the very beginning
    ask.edits = {removed(opened)};
    const auto branch = workspace->experiments().whatIf(ask);
    QVERIFY_RESULT(branch);
    QCOMPARE((*branch)->summary().outcomes.of(DifferenceKind::Status), std::uint64_t(1));
    QCOMPARE_ERROR((*branch)->document("accounts", "1"), ErrorCode::NotFound);
    QCOMPARE_ERROR((*branch)->document("no such view", "1"), ErrorCode::UnknownView);
}

void TestWhatIf::adding()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto first = workspace.transfer("1", "2", 10);
    const auto second = workspace.transfer("2", "3", 1010);
    QVERIFY(workspace.settle());
    WhatIfRequest ask;
    ask.from = {workspace.positionOf(first).value - 1};
    ask.edits = {added(workspace.positionOf(first), "withdraw-money", R"({"account":"2","amount":1})"),
                 added(workspace.head(), "transfer-money", transferData("1", "3", 1'000'000))};
    const auto branch = workspace->experiments().whatIf(ask);
    QVERIFY_RESULT(branch);
    const auto &outcomes = (*branch)->summary().outcomes;
    QCOMPARE(outcomes.of(DifferenceKind::Added), std::uint64_t(3)); // two, and the flagging of the large one
    QCOMPARE(outcomes.of(DifferenceKind::Status), std::uint64_t(1));
    QVERIFY((*(*branch)->outcomes(1, 1))[0].command == second);
    QCOMPARE(balance(**branch, "2"), std::optional<std::int64_t>(1009));
    QCOMPARE(balance(**branch, "3"), std::optional<std::int64_t>(1'000'000));
    // The branch's own records are a history: causes before effects, positions without gaps.
    const auto records = (*branch)->records({1}, 100);
    QVERIFY_RESULT(records);
    QCOMPARE(records->size(), std::size_t((*branch)->summary().records));
    for (std::size_t i = 0; i < records->size(); ++i) {
        QCOMPARE((*records)[i].position.value, (*branch)->summary().from.value + i + 1);
        QVERIFY((*records)[i].leaf == recordLeaf((*records)[i]));
    }
    QVERIFY(records->back().chain == (*branch)->summary().chain);
    QCOMPARE((*records)[0].id, first);
    QCOMPARE((*records)[3].action, std::string("withdraw-money"));
    QCOMPARE((*branch)->records({records->back().position}, 5)->size(), std::size_t(1));
    for (const auto &record : *records)
        QVERIFY(record.id == first || record.id == second || workspace->ledger().find(record.id).has_value()
                || record.correlation != first);
}

void TestWhatIf::theSameAgain()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto first = workspace.transfer("1", "2", 2'000'000);
    workspace.transfer("2", "3", 500);
    QVERIFY(workspace.settle());
    WhatIfRequest ask;
    ask.edits = {replaced(first, transferData("1", "3", 3'000'000)),
                 added({3}, "deposit-money", R"({"account":"1","amount":1})")};
    const auto one = workspace->experiments().whatIf(ask);
    const auto two = workspace->experiments().whatIf(ask);
    QVERIFY_RESULT(one);
    QVERIFY_RESULT(two);
    QVERIFY((*one)->summary().records > 0);
    QVERIFY((*one)->summary().chain == (*two)->summary().chain);
    const auto left = *(*one)->records({}, 1000);
    const auto right = *(*two)->records({}, 1000);
    QCOMPARE(left.size(), right.size());
    for (std::size_t i = 0; i < left.size(); ++i)
        QVERIFY(left[i].leaf == right[i].leaf && left[i].chain == right[i].chain);
    ask.edits[1].data = R"({"account":"1","amount":2})";
    QVERIFY((*workspace->experiments().whatIf(ask))->summary().chain != (*one)->summary().chain);
}

void TestWhatIf::whatWaitedEndsAsItDid()
{
    using namespace std::chrono_literals;
    Workspace workspace;
    workspace.openAccounts();
    const auto later = [&workspace](const std::string &action, const std::string &data, std::chrono::hours after) {
        auto draft = Workspace::draft(action, data);
        draft.notBefore = Timestamp{workspace.clock.now().micros + std::chrono::microseconds(after).count()};
        return draft;
    };
    const auto cancelled = workspace.record(later("transfer-money", transferData("1", "3", 200), 1h));
    workspace.send("cancel-command", R"({"command":")" + cancelled.text() + "\"}");
    auto late = later("transfer-money", transferData("1", "3", 300), 1h);
    late.expiresAt = Timestamp{late.notBefore->micros + std::chrono::microseconds(1h).count()};
    const auto expired = workspace.record(std::move(late));
    // Its document tells when it was decided.
    const auto released = workspace.record(later("open-account", R"({"account":"4","owner":"Di"})", 2h));
    workspace.clock.advance(3h);
    QVERIFY(workspace.settle());
    const auto statusOf
        = [&workspace](const Uuid &command) { return (*workspace->commands().waitForResult(command, 10s))->action; };
    QCOMPARE(statusOf(cancelled), std::string("cancelled"));
    QCOMPARE(statusOf(expired), std::string("expired"));
    QCOMPARE(statusOf(released), std::string("succeeded"));

    const auto branch = workspace->experiments().whatIf({});
    QVERIFY_RESULT(branch);
    QCOMPARE((*branch)->summary().outcomes.different(), std::uint64_t{0});
    QCOMPARE((*branch)->summary().documentsDifferent, std::uint64_t{0});
    ReplayRequest request;
    request.domains = workspace->domains().running();
    for (const auto state : {CandidateState::Own, CandidateState::Recorded}) {
        request.state = state;
        const auto replayed = workspace->experiments().replay(request);
        QVERIFY_RESULT(replayed);
        QCOMPARE(replayed->comparison.commands, std::uint64_t{9}); // the engine's own among them
        QCOMPARE(replayed->comparison.different(), std::uint64_t{0});
    }
}

void TestWhatIf::pages()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto from = workspace.head();
    std::vector<CommandEdit> edits;
    for (int i = 0; i < 25; ++i)
        edits.push_back(replaced(workspace.send("deposit-money", R"({"account":"1","amount":5})"),
                                 R"({"account":"1","amount":6})"));
    QVERIFY(workspace.settle());
    WhatIfRequest ask;
    ask.from = from;
    ask.edits = edits;
    ask.rules.examplesMax = 3;
    const auto branch = workspace->experiments().whatIf(ask);
    QVERIFY_RESULT(branch);
    QCOMPARE((*branch)->summary().outcomes.examples.size(), std::size_t(3));
    std::vector<Uuid> paged;
    for (std::uint64_t skip = 0;; skip += 10) {
        const auto page = (*branch)->outcomes(skip, 10);
        QVERIFY_RESULT(page);
        for (const auto &difference : *page)
            paged.push_back(difference.command);
        if (page->size() < 10)
            break;
    }
    QCOMPARE(paged.size(), edits.size());
    for (std::size_t i = 0; i < paged.size(); ++i)
        QVERIFY(paged[i] == edits[i].command);
    const auto different = (*branch)->summary().documentsDifferent;
    QVERIFY(different > 25); // the account and its movements
    std::vector<std::string> keys;
    for (std::uint64_t skip = 0; skip < different; skip += 10) {
        const auto page = *(*branch)->documents(skip, 10);
        for (const auto &document : page)
            keys.push_back(document.view + '/' + document.key);
    }
    QCOMPARE(keys.size(), std::size_t(different));
    QVERIFY(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

void TestWhatIf::startsBetweenDecisions()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto large = workspace.transfer("1", "2", 1'000'000);
    QVERIFY(workspace.settle());
    const auto event = workspace.positionOf(derivedId(large, "event/1"));
    for (std::uint64_t place = event.value - 1; place <= event.value + 1; ++place) {
        WhatIfRequest ask;
        ask.from = {place};
        const auto branch = workspace->experiments().whatIf(ask);
        QVERIFY_RESULT(branch);
        QCOMPARE((*branch)->summary().from.value, event.value - 1);
        QCOMPARE((*branch)->summary().outcomes.same, std::uint64_t(2));
        QCOMPARE((*branch)->summary().documentsDifferent, std::uint64_t(0));
    }
    // After the decision: the follow-up command is recorded and has yet to be decided.
    WhatIfRequest ask;
    ask.from = {event.value + 2};
    const auto branch = workspace->experiments().whatIf(ask);
    QVERIFY_RESULT(branch);
    QCOMPARE((*branch)->summary().from.value, event.value + 2);
    QCOMPARE((*branch)->summary().outcomes.same, std::uint64_t(1));
    QCOMPARE((*branch)->summary().outcomes.different(), std::uint64_t(0));
}

void TestWhatIf::badEdits()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto first = workspace.transfer("1", "2", 1);
    QVERIFY(workspace.settle());
    const auto refused = [&](const CommandEdit &edit, Position from = {}) {
        WhatIfRequest ask;
        ask.from = from;
        ask.edits = {edit};
        const auto branch = workspace->experiments().whatIf(ask);
        return branch ? ErrorCode::Count : branch.error().code;
    };
    QCOMPARE(refused(replaced(first, "{}")), ErrorCode::SchemaInvalid);
    QCOMPARE(refused(replaced(first, "no")), ErrorCode::InvalidJson);
    QCOMPARE(refused(replaced(derivedId(first, "event/1"), "{}")), ErrorCode::InvalidArgument);
    QCOMPARE(refused(removed(uuid5(first, "nobody"))), ErrorCode::NotFound);
    QCOMPARE(refused(removed(first), workspace.head()), ErrorCode::InvalidArgument);
    QCOMPARE(refused(added({1}, "no-such", "{}")), ErrorCode::UnknownAction);
    QCOMPARE(refused(added({workspace.head().value + 1}, "deposit-money", R"({"account":"1","amount":1})")),
             ErrorCode::InvalidArgument);
    auto taken = added({1}, "deposit-money", R"({"account":"1","amount":1})");
    taken.command = first;
    QCOMPARE(refused(taken), ErrorCode::DuplicateId);
    QCOMPARE(refused(removed(first)), ErrorCode::Count);
}

void TestWhatIf::progressAndCancel()
{
    Workspace workspace;
    workspace.openAccounts();
    for (int i = 0; i < 600; ++i)
        workspace.record("deposit-money", R"({"account":"1","amount":1})");
    QVERIFY(workspace.settle());
    std::stop_source stop;
    WhatIfRequest ask;
    std::vector<ExperimentProgress> told;
    ask.onProgress = [&told](const ExperimentProgress &progress) { told.push_back(progress); };
    QVERIFY_RESULT(workspace->experiments().whatIf(ask));
    QVERIFY(told.size() >= 3);
    QCOMPARE(told.back().phase, ExperimentProgress::Phase::Documents);
    QVERIFY(std::any_of(told.begin(), told.end(), [](const auto &one) { return one.commands == 603; }));
    ask.onProgress = [&stop](const ExperimentProgress &) { stop.request_stop(); };
    QCOMPARE_ERROR(workspace->experiments().whatIf(ask, stop.get_token()), ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestWhatIf)
#include "tst_what_if.moc"
