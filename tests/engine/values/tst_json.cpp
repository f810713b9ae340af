// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include <commander/json.h>

#include <QElapsedTimer>
#include <QTest>

using namespace commander;

namespace {

std::string_view view(const QByteArray &text)
{
    return {text.constData(), std::size_t(text.size())};
}

QByteArray nested(int depth, char open, char close)
{
    return QByteArray(depth, open) + QByteArray(depth, close);
}

} // namespace

class TestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTripsExactly_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"null", "true", "false", "0", "-0", "1.0", "1e3", "1E+3", "0.1000", "23958446825181076828",
              "-9223372036854775809", "1e-400", "0.00000000000000000000000000000000000001", "\"\"", "[]", "{}",
              "{\"z\":1,\"a\":2,\"m\":{\"b\":[1,2.50,{}],\"\":null}}", "[\"\\u0000\\u001f\\\"\\\\\\n\\t\\b\\f\\r\"]",
              "\"K\xC3\xB6ln \xE2\x98\x83 \xF0\x9F\x92\xB6\""})
            QTest::newRow(text) << QByteArray(text);
    }
    void roundTripsExactly()
    {
        QFETCH(QByteArray, text);
        const auto value = parseJson(view(text));
        QVERIFY2(value, value ? "" : value.error().text().c_str());
        QCOMPARE(bytes(writeJson(*value)), text);
        QVERIFY(checkJson(view(text)));
    }

    void decodesEscapes()
    {
        const auto value = parseJson("{\"\\u0061\\/\":\"\\ud83d\\udcb6 \\u00e9 \\u20AC \\uD800\\uDC00 \\u0000!\"}");
        QVERIFY(value);
        const std::string expected("\xF0\x9F\x92\xB6 \xC3\xA9 \xE2\x82\xAC \xF0\x90\x80\x80 \0!", 19);
        QCOMPARE(bytes(value->stringAt("a/")), bytes(expected));
    }

    void refusesWithTheOffset_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset");
        const auto row
            = [](const char *name, const QByteArray &text, int offset) { QTest::newRow(name) << text << offset; };
        row("empty", "", 0);
        row("only space", "  \n", 3);
        row("byte order mark", "\xEF\xBB\xBF{}", 0);
        row("trailing", "{} x", 3);
        row("second value", "1 2", 2);
        row("zero byte after", QByteArray("{}\0", 3), 2);
        row("zero byte and more after", QByteArray("{}\0{", 4), 2);
        row("zero byte before", QByteArray("\0{}", 3), 0);
        row("zero byte inside", QByteArray("[1,\0]", 5), 3);
        row("zero byte in string", QByteArray("\"a\0b\"", 5), 2);
        row("form feed as space", "[\f1]", 1);
        row("nan", "[NaN]", 1);
        row("infinity", "[Infinity]", 1);
        row("minus infinity", "[-Infinity]", 2);
        row("inf", "[inf]", 1);
        row("upper case literal", "[True]", 1);
        row("cut literal", "[tru", 4);
        row("leading zero", "[01]", 2);
        row("plus", "[+1]", 1);
        row("bare minus", "[-]", 2);
        row("point without digits", "[1.]", 3);
        row("point first", "[.5]", 1);
        row("exponent without digits", "[1e]", 3);
        row("hexadecimal", "[0x10]", 2);
        row("beyond double", "[1e400]", 1);
        row("comment", "[1/*x*/]", 2);
        row("trailing comma in array", "[1,]", 3);
        row("trailing comma in object", "{\"a\":1,}", 7);
        row("missing comma", "[1 2]", 3);
        row("missing colon", "{\"a\" 1}", 5);
        row("missing value", "{\"a\":}", 5);
        row("name without quotes", "{a:1}", 1);
        row("single quotes", "['a']", 1);
        row("open array", "[1", 2);
        row("open object", "{\"a\":1", 6);
        row("open string", "\"abc", 4);
        row("raw control character", "\"a\nb\"", 2);
        row("unknown escape", "\"a\\x\"", 2);
        row("bad hexadecimal", "\"a\\u12g4\"", 2);
        row("cut escape", "\"a\\u12", 2);
        row("lone high surrogate", "\"a\\ud800b\"", 2);
        row("high surrogate twice", "\"a\\ud800\\ud800\"", 2);
        row("lone low surrogate", "\"a\\udc00b\"", 2);
        row("lone low surrogate in upper case", "\"ab\\uDFFF\"", 3);
        row("low surrogate after a pair", "\"\\\\u\\uD83D\\uDCB6x\\uDCB6\"", 17);
        row("low surrogate in a name", "{\"b\":1,\"a\\udc00\":2}", 9);
        row("overlong", "\"\xC0\xAF\"", 1);
        row("encoded surrogate", "\"\xED\xA0\x80\"", 1);
        row("lone continuation", "\"a\x80\"", 2);
        row("cut sequence", "\"\xE2\x98\"", 1);
        row("cut sequence at the end", "\"\xE2\x98", 1);
        row("beyond unicode", "\"\xF4\x90\x80\x80\"", 1);
        row("latin-1", "\"K\xF6ln\"", 2);
    }
    void refusesWithTheOffset()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, offset);
        const auto value = parseJson(view(text));
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::InvalidJson);
        QCOMPARE(bytes(value.error().where), "byte " + QByteArray::number(offset));
        QCOMPARE(value.error().details.size(), std::size_t(1));
        QCOMPARE(bytes(value.error().details[0].pointer), "@" + QByteArray::number(offset));
        QVERIFY(!value.error().what.empty());
        const auto checked = checkJson(view(text));
        QVERIFY(!checked);
        QCOMPARE(checked.error().where, value.error().where);
    }

    void refusesDuplicateKeys()
    {
        auto value = parseJson("{\"a\":1,\"b\":2,\"a\":3}");
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::DuplicateKey);
        QCOMPARE(value.error().where, std::string("byte 13"));
        // The same name, written differently.
        value = parseJson("{\"x\":{\"a\":1,\"\\u0061\":3}}");
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::DuplicateKey);
        QCOMPARE(value.error().where, std::string("byte 12"));
        // The same name in different objects is fine.
        QVERIFY(parseJson("{\"a\":{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]},\"b\":2}"));
    }

    void refusesDuplicatesAmongManyKeysQuickly()
    {
        QByteArray text = "{";
        for (int i = 0; i < 90'000; ++i)
            text += "\"k" + QByteArray::number(i) + "\":0,";
        const qsizetype second = text.size();
        QByteArray unique = text;
        unique += "\"last\":0}";
        text += "\"k777\":0}";
        QElapsedTimer timer;
        timer.start();
        QVERIFY(checkJson(view(unique)));
        const auto checked = checkJson(view(text));
        QVERIFY(timer.elapsed() < 5000); // pairwise: 8 thousand million comparisons
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::DuplicateKey);
        QCOMPARE(bytes(checked.error().where), "byte " + QByteArray::number(second));
    }

    void depthIsLimited()
    {
        const int depthMax = int(limits::jsonDepthMax);
        QVERIFY(checkJson(view(nested(depthMax, '[', ']'))));
        const auto checked = checkJson(view(nested(depthMax + 1, '[', ']')));
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::InvalidJson);
        QCOMPARE(bytes(checked.error().where), "byte " + QByteArray::number(depthMax));

        QByteArray objects = "1";
        for (int i = 0; i < depthMax; ++i)
            objects = "{\"a\":" + objects + "}";
        QVERIFY(parseJson(view(objects)));
        QVERIFY(!parseJson("[" + objects.toStdString() + "]"));
        // Nobody can make the reader recurse without bound.
        QVERIFY(!checkJson(view(nested(1'000'000, '[', ']')), {SIZE_MAX, SIZE_MAX}));
        QVERIFY(checkJson(view(nested(512, '[', ']')), {SIZE_MAX, SIZE_MAX}));
        QVERIFY(checkJson("1", {0, 1}));
        QVERIFY(!checkJson("[]", {0, 1}));
    }

    void valuesAreLimited()
    {
        QVERIFY(checkJson("[1,2,[3]]", {64, 5}));
        const auto checked = checkJson("[1,2,[3]]", {64, 4});
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::LimitExceeded);
        QCOMPARE(checked.error().where, std::string("byte 6"));
    }

    void slicesAreByteExact()
    {
        const std::string text
            = "\t{ \"id\" : \"a\\u0062\" ,\r\n\"data\":{ \"x\" : [ 1.0 ,{}] ,\"data\":2 }  , \"n\":-0.10e+5"
              ",\"e\":[] ,\"o\":{ },\"t\" : true,\"f\":false , \"z\":null } \n";
        const auto members = sliceJsonObject(text);
        QVERIFY(members);
        const std::vector<std::pair<const char *, const char *>> expected
            = {{"id", "\"a\\u0062\""}, {"data", "{ \"x\" : [ 1.0 ,{}] ,\"data\":2 }"},
               {"n", "-0.10e+5"},      {"e", "[]"},
               {"o", "{ }"},           {"t", "true"},
               {"f", "false"},         {"z", "null"}};
        QCOMPARE(members->size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QCOMPARE(bytes(members->at(i).name), QByteArray(expected[i].first));
            QCOMPARE(bytes(members->at(i).raw), QByteArray(expected[i].second));
            QVERIFY(members->at(i).raw.data() >= text.data() && members->at(i).raw.data() < text.data() + text.size());
        }
    }

    void arraySlicesAreByteExact()
    {
        const auto elements = sliceJsonArray(" [ {\"a\": [1, 2]} ,[ ]\n, \"x,]\" ,12.50, true ] ");
        QVERIFY(elements);
        const std::vector<std::string_view> expected = {"{\"a\": [1, 2]}", "[ ]", "\"x,]\"", "12.50", "true"};
        QCOMPARE(*elements, expected);
        QVERIFY(sliceJsonArray("[]").value().empty());
        QVERIFY(sliceJsonObject(" {} ").value().empty());
    }

    void slicingChecksTheTopLevel()
    {
        for (const char *text : {"[]", "1", "\"{}\"", "null"}) {
            const auto members = sliceJsonObject(std::string("  ") + text);
            QVERIFY(!members);
            QCOMPARE(members.error().code, ErrorCode::InvalidJson);
            QCOMPARE(members.error().where, std::string("byte 2"));
        }
        QVERIFY(!sliceJsonArray("{}"));
        const auto inner = sliceJsonObject("{\"a\":{\"b\":1,\"b\":2}}");
        QVERIFY(!inner);
        QCOMPARE(inner.error().code, ErrorCode::DuplicateKey);
    }

    void prettyKeepsTokens()
    {
        const std::string text = "{\"a\":1.0,\"b\":[],\"c\":{ },\"d\":[1e3,\"x:\\u0041\\\",{}\"],\"e\":{\"f\":null}}";
        QCOMPARE(bytes(prettyJson(text)),
                 QByteArray("{\n  \"a\": 1.0,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    1e3,\n    "
                            "\"x:\\u0041\\\",{}\"\n  ],\n  \"e\": {\n    \"f\": null\n  }\n}"));
        QCOMPARE(bytes(prettyJson(" 23958446825181076828 ")), QByteArray("23958446825181076828"));
        QCOMPARE(bytes(prettyJson("[1]", 0)), QByteArray("[\n1\n]"));
        QCOMPARE(bytes(prettyJson("")), QByteArray());
        // Not valid, but nothing may go wrong with it either.
        for (const char *broken : {"\"", "\"\\", "[", "}", "]]", "{\"a", ":::", "\\"})
            static_cast<void>(prettyJson(broken));
    }

    void values()
    {
        Json object;
        object.set("b", Json(1)).set("a", Json("text")).set("b", Json(true));
        QCOMPARE(bytes(writeJson(object)), QByteArray("{\"b\":true,\"a\":\"text\"}"));
        QCOMPARE(object.find("b")->asBool(), std::optional<bool>(true));
        QVERIFY(!object.find("c"));
        QVERIFY(!Json(1).find("c"));
        QCOMPARE(object.stringAt("a"), std::string_view("text"));
        QVERIFY(object.stringAt("b").empty());
        QVERIFY(object.erase("b"));
        QVERIFY(!object.erase("b"));
        QCOMPARE(bytes(writeJson(object)), QByteArray("{\"a\":\"text\"}"));
        Json number(5);
        number.set("a", Json());
        QCOMPARE(bytes(writeJson(number)), QByteArray("{\"a\":null}"));
        QCOMPARE(bytes(writeJson(Json(INT64_MIN))), QByteArray("-9223372036854775808"));
    }

    void integers()
    {
        const auto integer = [](const char *lexeme) { return Json(Json::Number{lexeme}).asInteger(); };
        QCOMPARE(integer("0"), std::optional<std::int64_t>(0));
        QCOMPARE(integer("-12"), std::optional<std::int64_t>(-12));
        QCOMPARE(integer("9223372036854775807"), std::optional<std::int64_t>(INT64_MAX));
        for (const char *lexeme : {"9223372036854775808", "1.0", "1e3", "", "-", "x"})
            QVERIFY2(!integer(lexeme), lexeme);
        QVERIFY(!Json("1").asInteger());
        QCOMPARE(parseJson("{\"n\":7}")->integerAt("n"), std::optional<std::int64_t>(7));
        QVERIFY(!parseJson("{\"n\":\"7\"}")->integerAt("n"));
    }

    void pointers()
    {
        const Json root = parseJson("{\"a\":[10,{\"b/c\":1}],\"m~n\":2,\"\":3,\"01\":4}").value();
        QCOMPARE(resolvePointer(root, ""), &root);
        QCOMPARE(resolvePointer(root, "/a/0")->asInteger(), std::optional<std::int64_t>(10));
        QCOMPARE(resolvePointer(root, "/a/1/b~1c")->asInteger(), std::optional<std::int64_t>(1));
        QCOMPARE(resolvePointer(root, "/m~0n")->asInteger(), std::optional<std::int64_t>(2));
        QCOMPARE(resolvePointer(root, "/")->asInteger(), std::optional<std::int64_t>(3));
        QCOMPARE(resolvePointer(root, "/01")->asInteger(), std::optional<std::int64_t>(4));
        for (const char *pointer :
             {"a", "/a/2", "/a/00", "/a/-", "/a/", "/a/0/x", "/b", "/m~n", "/m~", "/a/99999999999999999999"})
            QVERIFY2(!resolvePointer(root, pointer), pointer);
        QCOMPARE(escapePointerToken("b/c~d"), std::string("b~1c~0d"));
    }

    void speed()
    {
        const QByteArray command = "{\"id\":\"33bb75db-6e13-48ee-8a54-b3976d3d065b\",\"action\":\"transfer-money\","
                                   "\"data\":{\"from_account\":\"12345\",\"to_account\":\"54321\",\"amount\":10000},"
                                   "\"timestamp\":\"2016-05-20T14:33:28.902-00:00\"}";
        QBENCHMARK
        {
            const auto members = sliceJsonObject(view(command));
            QVERIFY(members->size() == 4);
        }
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
