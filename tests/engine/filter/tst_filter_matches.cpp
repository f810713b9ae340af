// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"

#include <commander/filter.h>

#include <QtTest>

using namespace commander;

namespace {

Record transfer()
{
    Record record;
    record.kind = RecordKind::Command;
    record.id = *Uuid::parse("33bb75db-6e13-48ee-8a54-b3976d3d065b");
    record.correlation = record.id;
    record.topic = "commands";
    record.partition = 2;
    record.offset = {41};
    record.position = {123};
    record.key = "12345";
    record.action = "transfer-money";
    record.actor = "reaction:bank";
    record.depth = 1;
    record.timestamp = *Timestamp::parse("2016-05-20T14:33:28.902Z");
    record.recordedAt = *Timestamp::parse("2016-05-20T14:33:29.000123Z");
    record.headers = R"({"trace-id":"abc","hops":3})";
    record.data = R"({"from_account":"12345","amount":23958446825181076828,"rate":1.0,"tiny":1e-400,"gone":null,)"
                  R"("note":"Rent for May","ok":true,"items":[{"sku":"A"},{"sku":"B","n":2}],"odd name":{"x":7}})";
    return record;
}

} // namespace

class tst_FilterMatches : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<bool>("expected");
        const auto yes = [](const char *text) { QTest::newRow(text) << true; };
        const auto no = [](const char *text) { QTest::newRow(text) << false; };
        yes("");
        yes("kind = command");
        no("kind = event");
        yes("kind != event");
        yes("kind in (event, command)");
        yes("action = transfer-money");
        no("action = Transfer-Money"); // case counts
        yes("action > transfer");
        no("action < transfer");
        yes("action contains money");
        no("action contains MONEY");
        yes("action starts with transfer");
        yes("actor ~ '^reaction:'");
        yes("actor ~ '(?i)^REACTION:\\w+$'");
        no("actor ~ '^bank'");
        yes("partition = 2 and offset >= 41 and depth = 1");
        yes("#123");
        yes("#100..#123");
        no("#124..");
        yes("..#123");
        no("#130..#110");
        yes("position in (#1, #123)");
        yes("size > 100");
        yes("id = 33bb75db-6e13-48ee-8a54-b3976d3d065b");
        yes("id starts with 33bb");
        yes("correlation exists");
        // A missing field never compares, so its negation always holds.
        no("parent exists");
        no("parent = 33bb75db-6e13-48ee-8a54-b3976d3d065b");
        no("parent != 33bb75db-6e13-48ee-8a54-b3976d3d065b");
        yes("not parent = 33bb75db-6e13-48ee-8a54-b3976d3d065b");
        no("data.missing = 1");
        no("data.missing != 1");
        no("data.missing < 1");
        yes("not data.missing = 1");
        yes("not data.missing exists");
        yes("data.gone exists");
        yes("data.gone = null");
        no("data.amount = null");
        // Numbers are exact, whatever their form.
        yes("data.amount = 23958446825181076828");
        no("data.amount = 23958446825181076829");
        yes("data.amount < 23958446825181076829");
        yes("data.amount > 23958446825181076827");
        yes("data.amount = 2.3958446825181076828e19");
        yes("data.rate = 1");
        yes("data.rate = 1.00");
        yes("data.rate in (0, 1)");
        yes("data.tiny > 0");
        yes("data.tiny = 0.1e-399");
        // Types are kept apart.
        no("data.from_account = 12345");
        yes("data.from_account = \"12345\"");
        yes("data.from_account != 12345");
        no("data.from_account > 1");
        no("data.amount contains 2");
        yes("data.ok = true");
        no("data.ok = \"true\"");
        yes("data.note contains Rent");
        yes("data.note ~ 'M.y$'");
        yes("data.items[1].n = 2");
        no("data.items[0].n = 2");
        no("data.items[2] exists");
        yes("data.items[*].sku = B");
        yes("data.items[*].sku != B"); // some other one
        no("not data.items[*].sku = B");
        no("data.items[*].sku = C");
        no("data.items.sku = A");
        yes("data.\"odd name\".x = 7");
        yes("data exists");
        yes("headers.trace-id = abc and headers.hops < 4");
        no("headers.nothing exists");
        // A time stands for all that it leaves open.
        yes("time = 2016-05-20");
        yes("time <= 2016-05-20");
        no("time > 2016-05-20");
        no("time < 2016-05-20");
        yes("time >= 2016-05-20");
        yes("time in 2016-05-19..2016-05-20");
        no("time in 2016-05-18..2016-05-19");
        yes("time = 2016-05-20T14:33:28Z");
        yes("time = 2016-05-20T14:33:28.902Z");
        no("time = 2016-05-20T14:33:28.9020Z and time != 2016-05-20T14:33:28.902Z");
        yes("time = 2016-05-20T16:33:28.902+02:00");
        no("recorded = 2016-05-20T14:33:28Z");
        yes("recorded = 2016-05-20T14:33:29.000Z");
        yes("recorded != 2016-05-20T14:33:29.000122Z");
        // now is 2016-05-20T15:00:00Z
        yes("recorded > now-1h");
        no("recorded > now-1m");
        yes("recorded in now-30m..now");
        yes("recorded < now+1s");
        // Text is looked for without regard to ASCII case in data, action, key and ids.
        yes("RENT");
        yes("\"rent for\"");
        yes("rent 12345 33BB75DB");
        no("nowhere");
        no("reaction"); // not the actor
        // Without somebody who knows, no record has a status.
        no("status = accepted");
        yes("not status = accepted");
        // Precedence
        yes("kind = command or kind = event and kind = result");
        no("(kind = command or kind = event) and kind = result");
        yes("not kind = event and kind = command");
        no("not (kind = event or kind = command)");
    }
    void matches()
    {
        QFETCH(bool, expected);
        const auto now = *Timestamp::parse("2016-05-20T15:00:00Z");
        const auto filter = FilterExpression::parse(QTest::currentDataTag(), now);
        QVERIFY_RESULT(filter);
        QCOMPARE((*filter)->matches(transfer()), expected);
    }

    void statusComesFromWhoKnows()
    {
        const auto filter = FilterExpression::parse("status in (rejected, failed)", {});
        QVERIFY_RESULT(filter);
        QVERIFY((*filter)->uses(FilterField::Status));
        QVERIFY(!(*filter)->uses(FilterField::Data));
        const auto status = [](CommandStatus value) {
            return [value](const Record &) -> std::optional<CommandStatus> { return value; };
        };
        QVERIFY((*filter)->matches(transfer(), status(CommandStatus::Rejected)));
        QVERIFY(!(*filter)->matches(transfer(), status(CommandStatus::Succeeded)));
    }

    void dataThatIsNoJsonHasNoFields()
    {
        auto record = transfer();
        for (const auto *const data : {"", "{\"amount\":", "not JSON", "{\"amount\":1,\"amount\":2}"}) {
            record.data = data;
            const auto filter = FilterExpression::parse("data.amount exists or data exists", {});
            QVERIFY_RESULT(filter);
            QVERIFY2(!(*filter)->matches(record), data);
        }
        record.data = "7";
        QVERIFY((*FilterExpression::parse("data = 7.0", {}))->matches(record));
        record.data = "[1,[2,3]]";
        QVERIFY((*FilterExpression::parse("data[1][*] = 3", {}))->matches(record));
        QVERIFY(!(*FilterExpression::parse("data[*] = 3", {}))->matches(record));
    }

    void aRecordFilterAsksItsExpressionToo()
    {
        RecordFilter filter;
        filter.kinds = {RecordKind::Command};
        QVERIFY(filter.matches(transfer()));
        filter.expression = *FilterExpression::parse("data.ok = false", {});
        QVERIFY(!filter.matchesAll());
        QVERIFY(!filter.matches(transfer()));
        filter.expression = *FilterExpression::parse("data.ok = true", {});
        QVERIFY(filter.matches(transfer()));
        filter.status = CommandStatus::Succeeded;
        QVERIFY(!filter.matches(transfer()));
        QVERIFY(filter.matches(transfer(), [](const Record &) { return std::optional(CommandStatus::Succeeded); }));
    }

    void patternsTakeLinearTime()
    {
        // A backtracking engine needs 2^50 steps for this.
        auto record = transfer();
        record.data = '"' + std::string(50'000, 'a') + '"';
        const auto filter = FilterExpression::parse("data ~ '^(a+)+$|^(a|aa)+b$'", {});
        QVERIFY_RESULT(filter);
        QVERIFY((*filter)->matches(record));
        record.data.insert(record.data.size() - 1, "!");
        QVERIFY(!(*filter)->matches(record));
    }
};

QTEST_GUILESS_MAIN(tst_FilterMatches)
#include "tst_filter_matches.moc"
