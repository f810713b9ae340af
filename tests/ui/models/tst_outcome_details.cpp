// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/filter_text.h"
#include "models/outcome_details.h"

#include <commander/filter.h>

#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

CommandOutcome outcomeOf(CommandStatus status, std::string details)
{
    CommandOutcome outcome;
    outcome.status = status;
    outcome.errorCode = "code";
    outcome.errorMessage = "message";
    outcome.errorDetails = std::move(details);
    return outcome;
}

} // namespace

class TestOutcomeDetails : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStackIsReadable();
    void pointersIntoDataAreNoPlaces();
    void reasonsKeepTheirDigits();
    void filtersAreSaidInTheirLanguage();
};

void TestOutcomeDetails::aStackIsReadable()
{
    const auto details = outcomeDetails(outcomeOf(
        CommandStatus::Failed,
        R"([{"pointer":"domain.js:7","message":"in borrow: if (book.loans.length > 0) throw lent;"},)"
        R"({"pointer":"rules.js:31:5","message":"return borrow(command);"},{"pointer":"x.js:1","message":""}])"));
    QCOMPARE(details.kind, OutcomeDetails::Kind::Places);
    QCOMPARE(details.text,
             u"domain.js:7  borrow\n    if (book.loans.length > 0) throw lent;\nrules.js:31:5\n    return "
             u"borrow(command);\n"
             u"x.js:1"_s);
}

void TestOutcomeDetails::pointersIntoDataAreNoPlaces()
{
    const auto details = outcomeDetails(
        outcomeOf(CommandStatus::Failed, R"([{"pointer":"/amounts/7","message":"must be at least 1"}])"));
    QCOMPARE(details.kind, OutcomeDetails::Kind::Json);
    QCOMPARE(details.text, u"/amounts/7: must be at least 1"_s);
}

void TestOutcomeDetails::reasonsKeepTheirDigits()
{
    const auto details
        = outcomeDetails(outcomeOf(CommandStatus::Rejected, R"({"balance":23958446825181076828,"rate":1.0})"));
    QCOMPARE(details.kind, OutcomeDetails::Kind::Json);
    QVERIFY(details.text.contains(u"\"balance\": 23958446825181076828"_s));
    QVERIFY(details.text.contains(u"\"rate\": 1.0"_s));
    QCOMPARE(outcomeDetails(outcomeOf(CommandStatus::Rejected, {})).kind, OutcomeDetails::Kind::None);
    // What is of another shape is shown as it is.
    QCOMPARE(outcomeDetails(outcomeOf(CommandStatus::Failed, "[1, 2]")).kind, OutcomeDetails::Kind::Json);
    QCOMPARE(outcomeDetails(outcomeOf(CommandStatus::Failed, "no json")).text, u"no json"_s);
}

void TestOutcomeDetails::filtersAreSaidInTheirLanguage()
{
    QCOMPARE(filterText({}), std::string());
    RecordFilter filter;
    filter.kinds = {RecordKind::Command, RecordKind::Result};
    filter.actions = {"transfer-money"};
    filter.key = "O'Hara \"x\"";
    filter.from = Timestamp{1'500'000'000'000'000};
    filter.text = "899";
    filter.last = Position{500};
    filter.expression = *FilterExpression::parse("data.amount >= 10 or data.amount < 2", Timestamp{});
    const auto text = filterText(filter);
    // What it says is a filter, and the same one.
    const auto again = FilterExpression::parse(text, Timestamp{});
    QVERIFY2(again, text.c_str());
    QCOMPARE((*again)->text(), text);
    Record record;
    record.kind = RecordKind::Command;
    record.action = "transfer-money";
    record.key = *filter.key;
    record.recordedAt = *filter.from;
    record.position = Position{500};
    record.data = R"({"amount":899})";
    QVERIFY(filter.matches(record));
    QVERIFY2((*again)->matches(record), text.c_str());
    const auto differs = [&](auto change) {
        Record other = record;
        change(other);
        return !filter.matches(other) && !(*again)->matches(other);
    };
    QVERIFY(differs([](Record &r) { r.kind = RecordKind::Event; }));
    QVERIFY(differs([](Record &r) { r.action = "other"; }));
    QVERIFY(differs([](Record &r) { r.key = "other"; }));
    QVERIFY(differs([](Record &r) { --r.recordedAt.micros; }));
    QVERIFY(differs([](Record &r) { r.position.value = 501; }));
    QVERIFY(differs([](Record &r) { r.data = R"({"amount":5,"x":899})"; }));
    QVERIFY(differs([](Record &r) { r.data = R"({"amount":900})"; }));
}

QTEST_GUILESS_MAIN(TestOutcomeDetails)
#include "tst_outcome_details.moc"
