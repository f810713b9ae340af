// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/json_schema.h"

#include <QTest>

#include <random>
#include <set>

using namespace commander;

namespace {

QString said(const Result<void> &result)
{
    if (result)
        return QStringLiteral("ok");
    QStringList lines;
    for (const auto &detail : result.error().details)
        lines << QString::fromStdString(detail.pointer + ": " + detail.message);
    return lines.join(u'\n');
}

Result<JsonSchema> compile(const QByteArray &text)
{
    return JsonSchema::compile(text.toStdString(), "test");
}

/// Schemas and values from the same small world, so that they often meet.
class Generator {
public:
    explicit Generator(unsigned seed) : m_random(seed) { }

    std::string value(int depth = 0)
    {
        switch (pick(depth < 3 ? 8 : 6)) {
        case 0:
            return "null";
        case 1:
            return pick(2) == 0 ? "true" : "false";
        case 2:
        case 3:
            return number();
        case 4:
        case 5:
            return text();
        case 6:
            return list('[', ']', [&] { return value(depth + 1); });
        default:
            return members([&] { return value(depth + 1); });
        }
    }

    std::string schema(int depth = 0)
    {
        std::vector<std::string> keywords;
        for (int i = pick(4); i >= 0; --i)
            keywords.push_back(keyword(depth));
        std::string out = "{";
        std::set<std::string> seen;
        for (const auto &one : keywords) {
            if (!seen.insert(one.substr(0, one.find(':'))).second)
                continue;
            out += (out.size() > 1 ? "," : "") + one;
        }
        return out + "}";
    }

private:
    int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(m_random); }
    template <class Make> std::string list(char open, char close, Make make)
    {
        std::string out(1, open);
        for (int i = pick(4); i > 0; --i)
            out += (out.size() > 1 ? "," : "") + make();
        return out + close;
    }
    template <class Make> std::string members(Make make)
    {
        std::string out = "{";
        for (const char *name : {"a", "b", "c"}) {
            if (pick(2) == 0)
                out += (out.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + make();
        }
        return out + "}";
    }
    std::string number()
    {
        static const std::vector<std::string> numbers{
            "0",   "1",   "2", "-1", "1.0", "1.5", "1e1", "10", "3", "4", "9007199254740993", "23958446825181076828",
            "0.1", "2.50"};
        return numbers[static_cast<std::size_t>(pick(static_cast<int>(numbers.size())))];
    }
    std::string text()
    {
        static const std::vector<std::string> texts{R"("")", R"("a")", R"("ab")", R"("äö")", R"("a\u0000b")"};
        return texts[static_cast<std::size_t>(pick(static_cast<int>(texts.size())))];
    }
    std::string type()
    {
        static const std::vector<std::string> types{"null",   "boolean", "integer", "number",
                                                    "string", "array",   "object"};
        return '"' + types[static_cast<std::size_t>(pick(static_cast<int>(types.size())))] + '"';
    }
    std::string schemas(int depth)
    {
        std::string out = "[" + schema(depth + 1);
        for (int i = pick(3); i > 0; --i)
            out += "," + schema(depth + 1);
        return out + "]";
    }
    std::string keyword(int depth)
    {
        switch (pick(depth < 2 ? 22 : 13)) {
        case 0:
            return R"("type":)" + type();
        case 1: {
            const auto first = type();
            const auto second = type();
            return R"("type":[)" + first + (first == second ? "" : "," + second) + "]";
        }
        case 2:
            return R"("minimum":)" + number();
        case 3:
            return R"("maximum":)" + number();
        case 4:
            return R"("exclusiveMinimum":)" + number();
        case 5:
            return R"("exclusiveMaximum":)" + number();
        case 6:
            return R"("multipleOf":)" + std::string(pick(2) == 0 ? "2" : "0.5");
        case 7:
            return R"("minLength":)" + std::to_string(pick(3));
        case 8:
            return R"("maxLength":)" + std::to_string(pick(3));
        case 9:
            return R"("enum":[)" + value(2) + "," + value(2) + "]";
        case 10:
            return R"("const":)" + value(2);
        case 11:
            return R"("required":["a","b"])";
        case 12:
            return R"("pattern":"^a")";
        case 13:
            return R"("properties":)" + members([&] { return schema(depth + 1); });
        case 14:
            return R"("additionalProperties":)" + (pick(2) == 0 ? std::string("false") : schema(depth + 1));
        case 15:
            return R"("items":)" + schema(depth + 1);
        case 16:
            return R"("anyOf":)" + schemas(depth);
        case 17:
            return R"("oneOf":)" + schemas(depth);
        case 18:
            return R"("allOf":)" + schemas(depth);
        case 19:
            return R"("not":)" + schema(depth + 1);
        case 20:
            return R"("uniqueItems":true)";
        default:
            return R"("minItems":1)";
        }
    }

    std::mt19937 m_random;
};

} // namespace

class TestJsonSchema : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void says_data();
    void says();
    void refusesSchema_data();
    void refusesSchema();
    void numbersAreExact();
    void verdictAndExplanationAgree();
};

void TestJsonSchema::says_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *schema, const char *data, const char *expected) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(data) << QString::fromUtf8(expected);
    };
    const char *transfer = R"({"type":"object","properties":{"from":{"type":"string","minLength":1},
        "amount":{"type":"integer","minimum":1,"maximum":9007199254740991}},"required":["from","amount"]})";
    row("valid", transfer, R"({"from":"1","amount":5})", "ok");
    row("extra member allowed", transfer, R"({"from":"1","amount":5,"note":1.0})", "ok");
    row("missing", transfer, R"({"from":"1"})", ": required member 'amount' is missing");
    row("two missing", transfer, "{}", ": required member 'from' is missing\n: required member 'amount' is missing");
    row("fraction", transfer, R"({"from":"1","amount":1.0})",
        "/amount: expected an integer, got a number that is no integer");
    row("exponent", transfer, R"({"from":"1","amount":1e3})",
        "/amount: expected an integer, got a number that is no integer");
    row("string", transfer, R"({"from":"1","amount":"5"})", "/amount: expected an integer, got a string");
    row("too small", transfer, R"({"from":"1","amount":0})", "/amount: must be at least 1");
    row("largest", transfer, R"({"from":"1","amount":9007199254740991})", "ok");
    row("just too large", transfer, R"({"from":"1","amount":9007199254740992})",
        "/amount: must be at most 9007199254740991");
    row("beyond 64 bits", transfer, R"({"from":"1","amount":23958446825181076828})",
        "/amount: must be at most 9007199254740991");
    row("empty text", transfer, R"({"from":"","amount":1})", "/from: must not be empty");
    row("several", transfer, R"({"from":"","amount":0})", "/from: must not be empty\n/amount: must be at least 1");
    row("no object", transfer, "[]", ": expected an object, got an array");
    row("unknown", R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1,"b/c":2})",
        "/b~1c: unknown member");
    row("types", R"({"type":["string","integer"]})", "null", ": expected a string or an integer, got null");
    row("enum", R"({"enum":["a",1]})", R"("b")", R"(: must be "a" or 1)");
    row("enum by value", R"({"enum":[1]})", "1.0", "ok");
    row("const", R"({"const":{"a":1,"b":2}})", R"({"b":2.0,"a":1})", "ok");
    row("items", R"({"items":{"type":"integer"}})", "[1,\"x\",2.5]",
        "/1: expected an integer, got a string\n/2: expected an integer, got a number that is no integer");
    row("max items", R"({"maxItems":1})", "[1,2]", ": must have at most 1 element");
    row("unique", R"({"uniqueItems":true})", "[1,2,1.0]", "/2: repeats an earlier element");
    row("length counts characters", R"({"maxLength":2})", R"("äö")", "ok");
    row("length goes past zero", R"({"maxLength":2})", R"("a\u0000bc")", ": must have at most 2 characters");
    row("pattern", R"({"pattern":"^[0-9]+$"})", R"("12a")", ": must match the pattern ^[0-9]+$");
    row("multiple", R"({"multipleOf":0.01})", "12.345", ": must be a multiple of 0.01");
    row("exact multiple", R"({"multipleOf":0.01})", "12.30", "ok");
    row("any", R"({"anyOf":[{"type":"null"},{"type":"string"}]})", "1",
        ": matches none of the forms that are allowed here");
    row("one", R"({"oneOf":[{"minimum":0},{"maximum":9}]})", "5",
        ": matches more than one of the forms of which exactly one is allowed here");
    row("not", R"({"not":{"type":"null"}})", "null", ": is of a form that is not allowed here");
    row("reference",
        R"({"definitions":{"n":{"type":"integer","minimum":3}},"properties":{"a":{"$ref":"#/definitions/n"}}})",
        R"({"a":2})", "/a: must be at least 3");
    row("condition", R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({"a":1})",
        ": required member 'b' is missing");
    row("dependency", R"({"dependencies":{"a":["b"]}})", R"({"a":1})", ": member 'b' is missing, 'a' needs it");
    row("name", R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})", "/ab: this member name is not allowed");
    row("member called minimum", R"({"properties":{"minimum":{"type":"string"}}})", R"({"minimum":1})",
        "/minimum: expected a string, got an integer");
    row("format only describes", R"({"format":"date"})", R"("soon")", "ok");
}

void TestJsonSchema::says()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, data);
    QFETCH(QString, expected);
    const auto compiled = compile(schema);
    QVERIFY2(compiled, compiled ? "" : compiled.error().text().c_str());
    const auto value = parseJson(data.toStdString());
    QVERIFY(value);
    const auto checked = compiled->check(*value);
    QCOMPARE(said(checked), expected);
    if (!checked)
        QCOMPARE(checked.error().code, ErrorCode::SchemaInvalid);
}

void TestJsonSchema::refusesSchema_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("a string") << QByteArray(R"("x")");
    QTest::newRow("unknown type") << QByteArray(R"({"type":"intger"})");
    QTest::newRow("limit is text") << QByteArray(R"({"minimum":"1"})");
    QTest::newRow("nested limit is text") << QByteArray(R"({"properties":{"a":{"maxLength":"1"}}})");
    QTest::newRow("negative length") << QByteArray(R"({"minLength":-1})");
    QTest::newRow("multiple of nothing") << QByteArray(R"({"multipleOf":0})");
    QTest::newRow("broken pattern") << QByteArray(R"({"pattern":"("})");
    QTest::newRow("pattern of names") << QByteArray(R"({"patternProperties":{"a":{}}})");
    QTest::newRow("other document") << QByteArray(R"({"$ref":"http://example.org/schema"})");
    QTest::newRow("reference to nothing") << QByteArray(R"({"properties":{"a":{"$ref":"#/definitions/b"}}})");
}

void TestJsonSchema::refusesSchema()
{
    QFETCH(QByteArray, schema);
    const auto compiled = compile(schema);
    QVERIFY(!compiled);
    QCOMPARE(compiled.error().code, ErrorCode::InvalidArgument);
}

void TestJsonSchema::numbersAreExact()
{
    const std::vector<std::string> ascending{"-1e300",
                                             "-23958446825181076828",
                                             "-1.5",
                                             "-1",
                                             "-1e-400",
                                             "0",
                                             "1e-400",
                                             "0.1",
                                             "0.10000000000000000001",
                                             "1",
                                             "1.00000000000000000000001",
                                             "9007199254740992",
                                             "9007199254740993",
                                             "18446744073709551615",
                                             "18446744073709551616",
                                             "1e300"};
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        const auto above = compile(R"({"exclusiveMinimum":)" + QByteArray::fromStdString(ascending[i]) + "}");
        const auto most = compile(R"({"maximum":)" + QByteArray::fromStdString(ascending[i]) + "}");
        QVERIFY(above && most);
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            QCOMPARE(above->accepts(Json(Json::Number{ascending[j]})), j > i);
            QCOMPARE(most->accepts(Json(Json::Number{ascending[j]})), j <= i);
        }
    }
    const auto accepts
        = [](const char *schema, const char *number) { return compile(schema)->accepts(Json(Json::Number{number})); };
    QVERIFY(accepts(R"({"const":1})", "1.0"));
    QVERIFY(accepts(R"({"const":1000})", "1e3"));
    QVERIFY(accepts(R"({"const":0})", "-0.0"));
    QVERIFY(!accepts(R"({"const":9007199254740992})", "9007199254740993"));
    QVERIFY(accepts(R"({"multipleOf":4})", "23958446825181076828"));
    QVERIFY(!accepts(R"({"multipleOf":4})", "23958446825181076829"));
    QVERIFY(accepts(R"({"multipleOf":125})", "1e999999999999"));
    QVERIFY(!accepts(R"({"multipleOf":7})", "1e999999999999"));
    QVERIFY(accepts(R"({"multipleOf":0.1})", "0.3"));
}

// valijson decides, our explanation only speaks: if they disagree, one of them is wrong about the schema.
void TestJsonSchema::verdictAndExplanationAgree()
{
    const unsigned given = qEnvironmentVariable("COMMANDER_SEED").toUInt();
    const unsigned seed = given != 0 ? given : std::random_device{}();
    qInfo("COMMANDER_SEED=%u", seed);
    Generator generator(seed);
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 1500; ++i) {
        const auto text = generator.schema();
        const auto schema = JsonSchema::compile(text, "random");
        QVERIFY2(schema, schema ? "" : (text + ": " + schema.error().text()).c_str());
        for (int j = 0; j < 20; ++j) {
            const auto data = generator.value();
            const auto value = parseJson(data);
            QVERIFY2(value, data.c_str());
            const bool verdict = schema->accepts(*value);
            ++(verdict ? accepted : refused);
            const auto details = schema->explain(*value);
            if (verdict != details.empty())
                qInfo("%s | %s | %s", text.c_str(), data.c_str(),
                      details.empty() ? "nothing" : details.front().message.c_str());
            QCOMPARE(details.empty(), verdict);
        }
    }
    QVERIFY(accepted > 1000);
    QVERIFY(refused > 1000);
}

QTEST_APPLESS_MAIN(TestJsonSchema)
#include "tst_json_schema.moc"
