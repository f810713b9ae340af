// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"

#include <commander/filter.h>
#include <commander/limits.h>

#include <QtTest>

using namespace commander;

class tst_FilterParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void canonicalText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("canonical");
        const auto row = [](const char *text, const char *canonical) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(canonical);
        };
        row("", "");
        row("  \t\n", "");
        row("kind=command", "kind = \"command\"");
        row("action = transfer-money", "action = \"transfer-money\"");
        row("key = 12345", "key = \"12345\"");
        row("data.amount>=1000000", "data.amount >= 1000000");
        row("data.amount = \"1\"", "data.amount = \"1\"");
        row("data.currency = EUR", "data.currency = \"EUR\"");
        row("data.ok = true and data.gone = null", "data.ok = true and data.gone = null");
        row("data.items[0].sku = x", "data.items[0].sku = \"x\"");
        row("data.items[*].\"odd name\".é = -1.50e3", "data.items[*].\"odd name\".é = -1.50e3");
        row("data[3] exists", "data[3] exists");
        row("headers.correlation-id exists", "headers.correlation-id exists");
        row("action in (a, \"b\" ,c)", "action in (\"a\", \"b\", \"c\")");
        row("actor ~ '^reaction:\\d+'", "actor ~ \"^reaction:\\\\d+\"");
        row("actor STARTS WITH x AND NOT key EXISTS", "actor starts with \"x\" and not key exists");
        row("data.note contains 5", "data.note contains \"5\"");
        row("#12", "position = #12");
        row("#12..#20", "position in #12..#20");
        row("#12..20", "position in #12..#20");
        row("#12..", "position in #12..");
        row("..#20", "position in ..#20");
        row("position in 5..", "position in #5..");
        row("position in (#1, 2)", "position in (#1, #2)");
        row("recordedAt >= now-1h", "recorded >= now-1h");
        row("timestamp in 2016-05-20..2016-05-21", "time in 2016-05-20..2016-05-21");
        row("recorded in now-1h.. and a", "recorded in now-1h.. and \"a\"");
        row("recorded < 2016-05-20T14:33:28.902+02:00", "recorded < 2016-05-20T14:33:28.902+02:00");
        row("id = 33BB75DB-6e13-48ee-8a54-b3976d3d065b", "id = \"33bb75db-6e13-48ee-8a54-b3976d3d065b\"");
        row("id starts with 33bb", "id starts with \"33bb\"");
        row("status in (rejected, failed)", "status in (\"rejected\", \"failed\")");
        row("money 12345", "\"money\" and \"12345\"");
        row("\"and\" or 'or'", "\"and\" or \"or\"");
        row("a or b and c", "\"a\" or \"b\" and \"c\"");
        row("(a or b) and c", "(\"a\" or \"b\") and \"c\"");
        row("((a)) and (b and (c and d))", "\"a\" and \"b\" and \"c\" and \"d\"");
        row("not (a or b)", "not (\"a\" or \"b\")");
        row("not not a", "not not \"a\"");
        row("not (a)", "not \"a\"");
        row("not a and b", "not \"a\" and \"b\"");
        row("action = \"transfer-money\" and data.amount >= 1000000 and not (actor ~ \"^reaction:\" or key in "
            "(\"12345\",\"54321\"))",
            "action = \"transfer-money\" and data.amount >= 1000000 and not (actor ~ \"^reaction:\" or key in "
            "(\"12345\", \"54321\"))");
    }
    void canonicalText()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, canonical);
        const auto node = parseFilter(text.toStdString());
        QVERIFY_RESULT(node);
        const auto formatted = formatFilter(*node);
        QCOMPARE(QByteArray::fromStdString(formatted), canonical);
        const auto again = parseFilter(formatted);
        QVERIFY_RESULT(again);
        QVERIFY(*again == *node);
    }

    void errorsNameTheColumn_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("column");
        QTest::addColumn<QByteArray>("what");
        const auto row = [](const char *text, int column, const char *what) {
            QTest::newRow(text) << QByteArray(text) << column << QByteArray(what);
        };
        row("action =", 9, "expected a text instead of the end");
        row("action = and key = 1", 10, "expected a text");
        row("action", 7, "expected a comparison after \"action\"");
        row("action money", 8, "expected a comparison after \"action\"");
        row("actoin = x", 1, "unknown field \"actoin\"");
        row("actoin = x", 1, "Did you mean action?");
        row("amount > 5", 1, "data.amount");
        row("= 5", 1, "a field is missing before =");
        row("action == x", 8, "unknown operator ==");
        row("a & b", 3, "unknown operator &");
        row("a | b", 3, "unknown operator |");
        row("!a", 1, "unknown operator !");
        row("(a or b", 8, "expected and, or, or ) instead of the end");
        row("(a or b", 8, "column 1");
        row("a)", 2, "no parenthesis to close");
        row("a or", 5, "expected a condition instead of the end");
        row("a or or b", 6, "expected a condition");
        row("()", 2, "expected a condition");
        row("not", 4, "expected a condition");
        row("kind = commnd", 8, "no kind");
        row("kind < event", 6, "< does not fit kind");
        row("status ~ x", 8, "~ does not fit status");
        row("position = x", 12, "no whole number");
        row("position = -1", 12, "no whole number");
        row("size > 99999999999999999999", 8, "no whole number");
        row("depth = #1", 9, "no whole number");
        row("id = 33bb", 6, "no id");
        row("recorded > yesterday", 12, "no time");
        row("recorded > 2016-02-30", 12, "no time");
        row("recorded > now-1y", 12, "no time");
        row("key in 5", 8, "expected (");
        row("key in (5", 10, "expected , or )");
        row("key in (5 6)", 11, "expected , or )");
        row("key in ()", 9, "expected a text");
        row("position in 5", 14, "expected ..");
        row("position in ..", 13, "a range without any end");
        row("action.name = x", 1, "action has no parts");
        row("data..x = 1", 5, "expected a comparison");
        row("data. = 1", 6, "a name is missing");
        row("data.a[x] = 1", 7, "an element is missing");
        row("data.a[1 = 1", 7, "an element is missing");
        row("data.a[0]x = 1", 10, "unexpected in a path");
        row("data.a/b = 1", 6, "no plain name");
        row("data.a > true", 10, "true has no order");
        row("\"open", 1, "not closed");
        row("a 'open", 3, "not closed");
        row("key = \"a\\q\"", 7, "escape");
        row("data.\"x = 1", 6, "not closed");
        row("\"x\" = 1", 1, "a text in quotes is no field");
        row("\"\"", 1, "empty");
        row("key = \"é\" and )", 15, "expected a condition"); // counted in characters
        row("é\xff", 2, "not UTF-8");
        row("a \x01", 3, "control character");
        row("in", 1, "put it in quotes");
        row("#x", 1, "no whole number");
    }
    void errorsNameTheColumn()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, column);
        QFETCH(QByteArray, what);
        const auto node = parseFilter(text.toStdString());
        QVERIFY(!node);
        const auto &error = node.error();
        QCOMPARE(error.code, ErrorCode::InvalidFilter);
        const auto said = QByteArray::fromStdString(error.text());
        QCOMPARE(error.details.size(), std::size_t{1});
        QVERIFY2(error.details[0].column == std::size_t(column), said.constData());
        QVERIFY2(error.where == "column " + std::to_string(column), said.constData());
        QVERIFY2(said.contains(what), said.constData());
    }

    void badPatternsAreErrors()
    {
        const auto filter = FilterExpression::parse("kind = event and actor ~ \"(a\"", {});
        QVERIFY(!filter);
        QCOMPARE(filter.error().details.at(0).column, std::size_t{26});
        QVERIFY(!FilterExpression::parse(R"(actor ~ "(a)\\1")", {})); // no back references
        QVERIFY(!FilterExpression::parse("actor ~ \"((((a{1,100}){1,100}){1,100}){1,100})\"", {}));
        std::string many = "actor ~ a";
        for (int i = 0; i < 16; ++i)
            many += " or actor ~ a";
        QVERIFY(parseFilter(many));
        QCOMPARE_ERROR(FilterExpression::parse(many, {}), ErrorCode::InvalidFilter);
    }

    void sizeIsBounded()
    {
        QCOMPARE_ERROR(parseFilter(std::string(limits::filterBytesMax + 1, 'a')), ErrorCode::InvalidFilter);
        QVERIFY_RESULT(parseFilter(std::string(limits::filterBytesMax, 'a')));
        const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "a" + std::string(depth, ')'); };
        QVERIFY_RESULT(parseFilter(nested(limits::filterDepthMax)));
        QCOMPARE_ERROR(parseFilter(nested(limits::filterDepthMax + 1)), ErrorCode::InvalidFilter);
        std::string nots;
        for (std::size_t i = 0; i <= limits::filterDepthMax; ++i)
            nots += "not ";
        QCOMPARE_ERROR(parseFilter(nots + "a"), ErrorCode::InvalidFilter);
        std::string many;
        for (std::size_t i = 0; i <= limits::filterConditionsMax; ++i)
            many += "a ";
        QCOMPARE_ERROR(parseFilter(many), ErrorCode::InvalidFilter);
    }

    void explanationHasACaret()
    {
        const std::string text = "key = \"é\" and )";
        const auto node = parseFilter(text);
        QVERIFY(!node);
        const auto explained = explainFilterError(text, node.error());
        QVERIFY2(explained.starts_with(text + "\n              ^\ncolumn 15: expected a condition"), explained.c_str());
    }

    void treesAreBuilt()
    {
        const auto base = parseFilter("a or b");
        QVERIFY_RESULT(base);
        const auto amount = equalFilter(FilterField::Data, {FilterStep("odd name"), FilterStep(std::uint64_t{2})},
                                        Json(Json::Number{"1.0"}));
        QCOMPARE(formatFilter(bothFilters(*base, notFilter(amount))),
                 std::string("(\"a\" or \"b\") and not data.\"odd name\"[2] = 1.0"));
        QCOMPARE(formatFilter(bothFilters({}, amount)), std::string("data.\"odd name\"[2] = 1.0"));
        QCOMPARE(formatFilter(notFilter(notFilter(amount))), formatFilter(amount));
        // A tree that no text gives is refused, not run.
        FilterNode broken;
        broken.type = FilterNode::Type::Not;
        QCOMPARE_ERROR(FilterExpression::compile(broken, {}), ErrorCode::InvalidFilter);
    }
};

QTEST_GUILESS_MAIN(tst_FilterParser)
#include "tst_filter_parser.moc"
