// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiment_fixture.h"

#include <commander/derived_id.h>

using namespace commander;
using namespace commander::test;

namespace {

const std::string bigTransfer = R"({"from_account":"1","to_account":"2","amount":1000000})";

std::string text(const RecordDraft &record)
{
    return std::string(recordKindName(record.kind)) + ' ' + record.id.text() + ' ' + record.parent.text() + ' '
        + record.correlation.text() + ' ' + record.topic + ' ' + record.key + ' ' + record.action + ' ' + record.actor
        + ' ' + std::to_string(record.depth) + ' ' + std::to_string(record.schemaVersion) + ' '
        + toHex(record.domainVersion) + ' ' + (record.timestamp ? record.timestamp->text() : "-") + ' ' + record.headers
        + ' ' + record.data;
}

std::string text(const DocumentChange &change)
{
    std::string out = change.view + ' ' + std::to_string(change.version) + ' ' + change.key + ' '
        + std::to_string(change.position.value) + ' ' + change.event.text() + (change.created ? " created" : "")
        + (change.removed ? " removed" : "");
    for (const auto &field : change.fields)
        out += '\n' + field.pointer + ": " + field.before.value_or("-") + " -> " + field.after.value_or("-");
    return out;
}

} // namespace

class TestPreview : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isWhatHappensThen();
    void recordsNothing();
    void rejected();
    void atAPosition();
    void betweenTheRecordsOfADecision();
    void refusedAtTheDoor();
    void knownIds();
    void cancelled();
    void endsSomewhere();
};

void TestPreview::isWhatHappensThen()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto preview = workspace->previews().preview(Workspace::draft("transfer-money", bigTransfer));
    QVERIFY_RESULT(preview);
    QVERIFY(preview->at == workspace.head());
    QVERIFY(preview->viewFaults.empty());
    QCOMPARE(preview->undecided, std::size_t(0));
    QCOMPARE(preview->commands.size(), std::size_t(2)); // the transfer is large: it is flagged
    const auto &transfer = preview->commands[0];
    QCOMPARE(transfer.outcome.status, CommandStatus::Succeeded);
    QCOMPARE(transfer.events.size(), std::size_t(1));
    QCOMPARE(transfer.followUps.size(), std::size_t(1));
    QVERIFY(transfer.followUps[0] == preview->commands[1].command.id);
    QVERIFY(transfer.changes.size() >= 4); // two accounts, and what no handler reads

    auto draft = Workspace::draft("transfer-money", bigTransfer);
    draft.id = transfer.command.id;
    workspace.record(draft);
    QVERIFY(workspace.settle());
    std::size_t records = 0;
    for (const auto &command : preview->commands) {
        std::vector<const Record *> expected{&command.command, &*command.result};
        for (const auto &event : command.events)
            expected.push_back(&event);
        std::vector<DocumentChange> changes;
        for (const auto *record : expected) {
            const auto real = workspace->ledger().find(record->id);
            QVERIFY_RESULT(real);
            QCOMPARE(text(*record), text(**real));
            QCOMPARE(record->position.value, (*real)->position.value);
            QCOMPARE(record->recordedAt.micros, (*real)->recordedAt.micros);
            ++records;
        }
        for (const auto &event : command.events) {
            const auto real = workspace->views().changesAt(event.position);
            QVERIFY_RESULT(real);
            changes.insert(changes.end(), real->begin(), real->end());
        }
        QCOMPARE(command.changes.size(), changes.size());
        for (std::size_t i = 0; i < changes.size(); ++i)
            QCOMPARE(text(command.changes[i]), text(changes[i]));
    }
    QCOMPARE(preview->at.value + records, workspace.head().value);
}

void TestPreview::recordsNothing()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto before = workspace.documents();
    const auto head = workspace->ledger().head();
    for (int i = 0; i < 3; ++i)
        QVERIFY_RESULT(workspace->previews().preview(Workspace::draft("transfer-money", bigTransfer)));
    // The balance is still there for a real one, which a preview must not have spent.
    const auto id = workspace.transfer("1", "2", 5'000'000);
    const auto result = parseOutcome((*workspace->ledger().find(derivedId(id, "result")))->data);
    QVERIFY(result->status == CommandStatus::Succeeded);
    const auto records = workspace.all();
    QVERIFY(records[head->position.value]->id == id); // nothing came in between
    QVERIFY(workspace.documents(head->position) == before);
}

void TestPreview::rejected()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto preview = workspace->previews().preview(
        Workspace::draft("transfer-money", R"({"from_account":"3","to_account":"2","amount":1})"));
    QVERIFY_RESULT(preview);
    QCOMPARE(preview->commands.size(), std::size_t(1));
    const auto &outcome = preview->commands[0].outcome;
    QCOMPARE(outcome.status, CommandStatus::Rejected);
    QCOMPARE(outcome.errorCode, std::string("insufficient-funds"));
    QVERIFY(preview->commands[0].changes.empty());
}

void TestPreview::atAPosition()
{
    Workspace workspace;
    workspace.openAccounts();
    QVERIFY(workspace.settle());
    const auto before = workspace.head();
    workspace.clock.advance(std::chrono::seconds(5));
    const auto id = workspace.transfer("2", "3", 1000);
    QVERIFY(workspace.settle());
    const auto data = R"({"from_account":"2","to_account":"3","amount":1000})";
    const auto now = workspace->previews().preview(Workspace::draft("transfer-money", data));
    QVERIFY_RESULT(now);
    QCOMPARE(now->commands[0].outcome.errorCode, std::string("insufficient-funds"));
    auto draft = Workspace::draft("transfer-money", data);
    draft.id = id; // what it would have done there: no new id is needed
    const auto then = workspace->previews().preview(draft, before);
    QVERIFY_RESULT(then);
    QCOMPARE(then->commands[0].outcome.status, CommandStatus::Succeeded);
    QVERIFY(then->at == before);
    QCOMPARE(then->commands[0].events[0].data, (*workspace->ledger().find(derivedId(id, "event/1")))->data);
    QVERIFY(then->commands[0].command.recordedAt < (*workspace->ledger().find(id))->recordedAt);
    const auto nothing = workspace->previews().preview(draft, Position{});
    QVERIFY_RESULT(nothing);
    QCOMPARE(nothing->commands[0].outcome.status, CommandStatus::Rejected);
}

void TestPreview::betweenTheRecordsOfADecision()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto id = workspace.transfer("1", "2", 1'000'000);
    QVERIFY(workspace.settle());
    const auto event = workspace.positionOf(derivedId(id, "event/1"));
    for (const auto place : {event, Position{event.value + 1}}) { // after the event, after the result
        const auto preview = workspace->previews().preview(
            Workspace::draft("transfer-money", R"({"from_account":"1","to_account":"2","amount":5000000})"), place);
        QVERIFY_RESULT(preview);
        QCOMPARE(preview->at.value, event.value - 1);
        QCOMPARE(preview->commands[0].outcome.status, CommandStatus::Succeeded);
    }
}

void TestPreview::refusedAtTheDoor()
{
    Workspace workspace;
    auto &previews = workspace->previews();
    QCOMPARE_ERROR(previews.preview(Workspace::draft("transfer-money", "{}")), ErrorCode::SchemaInvalid);
    QCOMPARE_ERROR(previews.preview(Workspace::draft("no-such", "{}")), ErrorCode::UnknownAction);
    QCOMPARE_ERROR(previews.preview(Workspace::draft("transfer-money", R"({"a":1,"a":2})")), ErrorCode::DuplicateKey);
}

void TestPreview::knownIds()
{
    Workspace workspace;
    workspace.openAccounts();
    const auto id = workspace.transfer("1", "2", 1);
    auto draft = Workspace::draft("transfer-money", bigTransfer);
    draft.id = id;
    QCOMPARE_ERROR(workspace->previews().preview(draft), ErrorCode::DuplicateId);
}

void TestPreview::cancelled()
{
    Workspace workspace;
    std::stop_source stop;
    stop.request_stop();
    const auto draft = Workspace::draft("open-account", R"({"account":"1","owner":"Ada"})");
    QCOMPARE_ERROR(workspace->previews().preview(draft, {}, stop.get_token()), ErrorCode::Cancelled);
    QVERIFY_RESULT(workspace->previews().preview(draft));
}

void TestPreview::endsSomewhere()
{
    Workspace workspace;
    // Follow-up commands come to an end by their depth; their number is bounded as well.
    workspace.openAccounts();
    const auto preview = workspace->previews().preview(Workspace::draft("transfer-money", bigTransfer));
    QVERIFY_RESULT(preview);
    QVERIFY(preview->commands.size() <= limits::previewCommandsMax);
    QVERIFY(preview->commands.back().command.depth <= limits::causationDepthMax);
}

QTEST_GUILESS_MAIN(TestPreview)
#include "tst_preview.moc"
