// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_test_support.h"
#include "support/result_macros.h"
#include "support/seeded_random.h"

#include <QElapsedTimer>

#include <random>
#include <thread>

using namespace scripttest;

namespace {

struct Outcome {
    Result<Decision> decision;
    std::string text; ///< of the first event's data, or of the rejection
};

/// Decides one command "try" with the given data.
Outcome decide(const Domain &domain, const std::string &data = "{}")
{
    Record command;
    command.kind = RecordKind::Command;
    command.id = uuid5({}, "command");
    command.action = "try";
    command.recordedAt = {1'463'754'808'902'000};
    const auto parsed = parseJson(data);
    HandlerContext context(command.id, command.recordedAt);
    Documents documents;
    Outcome out{domain.decide({command, *parsed}, documents, context), {}};
    if (!out.decision)
        return out;
    if (const auto *rejection = std::get_if<Rejection>(&*out.decision))
        out.text = rejection->code + '|' + rejection->message + '|' + writeJson(rejection->details);
    else if (const auto &events = std::get<std::vector<EventDraft>>(*out.decision); !events.empty())
        out.text = writeJson(events.front().data);
    return out;
}

/// A value that comes out of a script as it went in: numbers in their canonical spelling, no names that are whole
/// numbers.
Json randomValue(SeededRandom &random, int depth)
{
    static const std::vector<std::string> texts{"",          "a",           "ä\"\\",    "日本",   std::string("\0x", 2),
                                                "__proto__", "constructor", "toString", "length", "a,b",
                                                "😀",         "\n"};
    static const std::vector<std::string> numbers{"0",       "-7",     "9007199254740991", "0.1",
                                                  "-2.5e-8", "123.75", "5e-324",           "0.000001"};
    switch (random.below(depth < 4 ? 7 : 5)) {
    case 0:
        return Json();
    case 1:
        return Json(random.below(2) == 0);
    case 2:
        return Json(static_cast<std::int64_t>(random.below(1'000'000)) - 500'000);
    case 3:
        return Json(Json::Number{numbers[random.below(numbers.size())]});
    case 4:
        return Json(texts[random.below(texts.size())]);
    case 5: {
        Json::Array elements(random.below(5));
        for (auto &element : elements)
            element = randomValue(random, depth + 1);
        return Json(std::move(elements));
    }
    default: {
        auto object = Json::object();
        for (auto members = random.below(30) == 0 ? 40 : random.below(6); members > 0; --members)
            object.set(texts[random.below(texts.size())] + (random.below(2) == 0 ? "" : std::to_string(members) + "k"),
                       randomValue(random, depth + 1));
        return object;
    }
    }
}

const std::string emitData = "return [{action: 'tried', data: command.data}];";

} // namespace

class TestScriptSandbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void allows_data();
    void allows();
    void numbers_data();
    void numbers();
    void outcomes_data();
    void outcomes();
    void errorsNameFileLineAndSource();
    void stopsRunaways_data();
    void stopsRunaways();
    void goesOnAfterARunaway();
    void sameBytesInEveryEngineAndPlace();
    void manyThreadsAtOnce();
    void keepsNoStateBetweenCalls();
    void valuesComeOutAsTheyWentIn();
};

void TestScriptSandbox::refuses_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *code, const char *expected) { QTest::newRow(code) << code << expected; };
    row("new Date()", "Date is not available");
    row("Date.now()", "Date is not available");
    row("Math.random()", "Math.random is not available");
    row("eval('1')", "eval is not available");
    row("new Function('return 1')()", "Function is not available");
    row("(() => {}).constructor('return 1')()", "Function is not available");
    row("Object.getPrototypeOf(function* () {}).constructor('yield 1')", "Function is not available");
    row("Object.getPrototypeOf(class { static m() {} }.m).constructor('1')", "Function is not available");
    row("new Promise(() => {})", "Promise is not defined");
    row("new ArrayBuffer(8)", "ArrayBuffer is not defined");
    row("new Float64Array(8)", "Float64Array is not defined");
    row("new SharedArrayBuffer(8)", "SharedArrayBuffer is not defined");
    row("new WeakMap()", "WeakMap is not defined");
    row("new Proxy({}, {})", "Proxy is not defined");
    row("'a'.localeCompare('b')", "localeCompare");
    row("(1.5).toLocaleString()", "toLocaleString");
    row("[1].toLocaleString()", "toLocaleString");
    row("Math.sin(1)", "sin");
    row("'x'.repeat(1e7)", "a text is longer than");
    row("'x'.padEnd(1 << 29)", "a text is longer than");
    row("'x'.padStart(1 << 29)", "a text is longer than");
    row("new Array(1e9)", "a list is longer than");
    row("Array.from({ length: 1e9 })", "a list is longer than");
    row("(() => { const a = []; a.length = 1e9; return a.join(); })()", "a list is longer than");
    row("(() => { const a = []; a.length = 1e9; return a.indexOf(1); })()", "a list is longer than");
    row("Object.prototype.x = 1", "TypeError");
    row("Array.prototype.push = 1", "TypeError");
    row("Math.floor = 1", "TypeError");
    row("undeclared = 1", "undeclared is not defined");
    row("time.add = 1", "TypeError");
    row("views.tries = 1", "TypeError");
    row("Qt", "Qt is not defined");
    row("console.log(1)", "console is not defined");
    row("new XMLHttpRequest()", "XMLHttpRequest is not defined");
    row("setTimeout(() => {}, 1)", "setTimeout is not defined");
    row("(function f() { f(); })()", "RangeError");
}

void TestScriptSandbox::refuses()
{
    QFETCH(QString, code);
    QFETCH(QString, said);
    const auto domain = probeFolder("const value = " + code.toStdString() + "; return [];").load();
    QVERIFY_RESULT(domain);
    const auto out = decide(**domain);
    QCOMPARE_ERROR(out.decision, ErrorCode::DomainFault);
    const auto text = QString::fromStdString(out.decision.error().text());
    QVERIFY2(text.contains(said), qPrintable(text));
    QVERIFY2(text.contains(u"domain.js:"), qPrintable(text));
}

void TestScriptSandbox::allows_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("value");
    const auto row = [](const char *code, const char *expected) { QTest::newRow(code) << code << expected; };
    row("[3, 1, 2].sort().map(x => x * 2).filter(x => x > 2).join('-')", R"("4-6")");
    row("[10, 9, 1].sort()", "[1,10,9]");
    row("[3, 1, 2].sort((a, b) => b - a)", "[3,2,1]");
    row("'b1 a1 b2 a2 b3 a3 b4 a4 b5 a5 b6 a6'.split(' ').sort((x, y) => x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : "
        "0).join('')",
        R"("a1a2a3a4a5a6b1b2b3b4b5b6")");
    row("[undefined, 2, 1].sort().slice(0, 2)", "[1,2]");
    row("(/b/.test('abc'), [typeof RegExp.$1, typeof RegExp.lastMatch])", R"(["undefined","undefined"])");
    row("new Array(3).fill(1)", "[1,1,1]");
    row("[...new Set([1, 1, 2])]", "[1,2]");
    row("[...new Map([['a', 1]]).entries()]", R"([["a",1]])");
    row("Array.from('abc')", R"(["a","b","c"])");
    row("class Pair extends Array {}; const p = new Pair(); p.push(1); const q = p", "[1]");
    row("'x'.padStart(4, '0') + 'ab'.repeat(2)", R"("000xabab")");
    row("Object.assign({}, { b: 1 }, { a: 2 })", R"({"b":1,"a":2})");
    row("((a, ...rest) => ({ a, rest }))(1, ...[2, 3])", R"({"a":1,"rest":[2,3]})");
    row("JSON.parse(JSON.stringify({ a: [null, true] }))", R"({"a":[null,true]})");
    row("Math.max(1, ...[2, 3]) + Math.round(0.4)", "3");
    row("[...(function* () { yield 1; yield 2; })()]", "[1,2]");
    row("/(\\d+)-(\\d+)/.exec('10-20').slice(1)", R"(["10","20"])");
    row("views.tries.get('none') === undefined", "true");
    row("context.now", R"("2016-05-20T14:33:28.902Z")");
    row("time.add(context.now, 90.5)", R"("2016-05-20T14:34:59.402Z")");
    row("time.between('2016-05-20T00:00:00Z', '2016-05-21T00:00:00.5+00:00')", "86400.5");
    row("[command.action, command.time, command.actor, command.parent]", R"(["try","2016-05-20T14:33:28.902Z","",""])");
    row("context.newId() !== context.newId()", "true");
    row("(() => { try { null.x } catch (e) { return e.stack } })().includes('@qrc:/domain-')", "true");
}

void TestScriptSandbox::allows()
{
    QFETCH(QString, code);
    QFETCH(QString, value);
    auto text = code.toStdString();
    auto handler = "const value = " + text + "; return [{action: 'tried', data: {value}}];";
    if (text.starts_with("class"))
        handler = text + "; return [{action: 'tried', data: {value: q}}];";
    const auto domain = probeFolder(handler).load();
    QVERIFY_RESULT(domain);
    const auto out = decide(**domain);
    QVERIFY_RESULT(out.decision);
    QCOMPARE(QString::fromStdString(out.text), QStringLiteral("{\"value\":%1}").arg(value));
}

void TestScriptSandbox::numbers_data()
{
    QTest::addColumn<QString>("lexeme");
    QTest::addColumn<QString>("back"); // empty: refused
    const auto row = [](const char *lexeme, const char *back) { QTest::newRow(lexeme) << lexeme << back; };
    row("0", "0");
    row("-1", "-1");
    row("9007199254740991", "9007199254740991");
    row("-9007199254740991", "-9007199254740991");
    row("9007199254740992", "");
    row("9007199254740993", "");
    row("23958446825181076828", "");
    row("1e21", "");
    row("0.1", "0.1");
    row("12.50", "12.5");
    row("1.0", "1");
    row("1e3", "1000");
    row("1.5e-7", "1.5e-7");
    row("0.000001", "0.000001");
    row("5e-324", "5e-324");
    row("0.1234567890123456789", "");
    row("123456789.123456789123", "");
}

void TestScriptSandbox::numbers()
{
    QFETCH(QString, lexeme);
    QFETCH(QString, back);
    static const auto domain = probeFolder(emitData).load();
    QVERIFY_RESULT(domain);
    const auto out = decide(**domain, R"({"list":[{"a/b":)" + lexeme.toStdString() + "}]}");
    if (!back.isEmpty()) {
        QVERIFY_RESULT(out.decision);
        QCOMPARE(QString::fromStdString(out.text), QStringLiteral("{\"list\":[{\"a/b\":%1}]}").arg(back));
        return;
    }
    QCOMPARE_ERROR(out.decision, ErrorCode::DomainFault);
    const auto &error = out.decision.error();
    QVERIFY2(error.what.starts_with("unsafe-number"), error.what.c_str());
    QCOMPARE(error.details.front().pointer, std::string("/data/list/0/a~1b"));
}

void TestScriptSandbox::outcomes_data()
{
    QTest::addColumn<QString>("handler");
    QTest::addColumn<QString>("text"); // begins with "!": of the error
    const auto row
        = [](const char *name, const char *handler, const char *text) { QTest::newRow(name) << handler << text; };
    row("rejection", "return reject('no', 'because', {a: [1]});", R"(no|because|{"a":[1]})");
    row("rejection without details", "return reject('no', 'because');", "no|because|null");
    row("rejection without code", "return reject('', 'because');", "!takes two texts first");
    row("nothing", "", "!must return a list of events or reject");
    row("one event", "return {action: 'tried', data: {}};", "!must return a list of events or reject");
    row("no action", "return [{data: {}}];", "!an event has no action");
    row("no data", "return [{action: 'tried'}];", "!a value is undefined");
    row("undefined member", "return [{action: 'tried', data: {a: undefined, b: 1}}];", R"({"b":1})");
    row("undefined element", "return [{action: 'tried', data: {a: [1, undefined]}}];", "!/0/data/a/1");
    row("function", "return [{action: 'tried', data: {f() {}}}];", "!a value is a function");
    row("NaN", "return [{action: 'tried', data: {a: 0 / 0}}];", "!a number is not exact: NaN");
    row("sum beyond 2^53", "return [{action: 'tried', data: {a: Number.MAX_SAFE_INTEGER + 1}}];",
        "!an integer beyond 2^53 - 1");
    row("half a character", "return [{action: 'tried', data: {a: '\\ud800'}}];", "!half a character");
    row("endless", "const a = {}; a.a = a; return [{action: 'tried', data: a}];", "!or holds itself");
    row("a text thrown", "throw 'away';", "!thrown: away");
    row("an object thrown", "throw {code: 1};", "!thrown: [object Object]");
    row("key is no text", "return [views.tries.get(1)];", "!the key of a document is a text, not number");
    row("odd names", "return [{action: 'tried', data: {['__proto__']: 1, constructor: {toString: 2}}}];",
        R"({"__proto__":1,"constructor":{"toString":2}})");
}

void TestScriptSandbox::outcomes()
{
    QFETCH(QString, handler);
    QFETCH(QString, text);
    const auto domain = probeFolder(handler.toStdString()).load();
    QVERIFY_RESULT(domain);
    const auto out = decide(**domain);
    if (!text.startsWith(u'!')) {
        QVERIFY_RESULT(out.decision);
        QCOMPARE(QString::fromStdString(out.text), text);
        return;
    }
    QCOMPARE_ERROR(out.decision, ErrorCode::DomainFault);
    const auto said = QString::fromStdString(out.decision.error().text());
    QVERIFY2(said.contains(text.mid(1)), qPrintable(said));
}

void TestScriptSandbox::errorsNameFileLineAndSource()
{
    auto folder = probeFolder("");
    folder.file("domain.js",
                "import { deep } from './lib/deep.js';\nexport const commands = { try: () => [deep({})] };\n"
                "export const views = { tries: { tried() {} } };\n");
    folder.file("lib/deep.js", "function deeper(o) {\n  return o.a.b;\n}\nexport const deep = (o) => [deeper(o)];\n");
    const auto domain = folder.load();
    QVERIFY_RESULT(domain);
    const auto out = decide(**domain);
    QCOMPARE_ERROR(out.decision, ErrorCode::DomainFault);
    const auto &error = out.decision.error();
    QCOMPARE(error.what, std::string("TypeError: Cannot read property 'b' of undefined"));
    QCOMPARE(error.where, std::string("lib/deep.js:2:14, the handler of try"));
    const std::vector<ErrorDetail> details{
        {"lib/deep.js:2:14", "in deeper: return o.a.b;"},
        {"lib/deep.js:4", "in deep: export const deep = (o) => [deeper(o)];"},
        {"domain.js:2", "in try: export const commands = { try: () => [deep({})] };"}};
    QCOMPARE(error.details, details);
}

void TestScriptSandbox::stopsRunaways_data()
{
    QTest::addColumn<QString>("handler");
    QTest::newRow("loop") << "for (;;);";
    QTest::newRow("loop that catches") << "for (;;) { try { for (;;); } catch (e) {} }";
    QTest::newRow("allocation") << "const a = []; for (;;) a.push({ a });";
    QTest::newRow("sort that never agrees") << "for (;;) [3, 1, 2, 5, 4].sort(() => 1);";
    QTest::newRow("getter") << "return [{action: 'tried', data: {get a() { for (;;); }}}];";
    QTest::newRow("text of itself") << "throw { toString() { for (;;); } };";
}

void TestScriptSandbox::stopsRunaways()
{
    QFETCH(QString, handler);
    const auto domain = probeFolder(handler.toStdString()).load({.callBudget = std::chrono::milliseconds(100)});
    QVERIFY_RESULT(domain);
    QElapsedTimer timer;
    timer.start();
    const auto out = decide(**domain);
    QCOMPARE_ERROR(out.decision, ErrorCode::ScriptTimeout);
    const auto &text = out.decision.error().what;
    QVERIFY2(text.find("the handler of try ran longer than 100 ms") != std::string::npos, text.c_str());
    QVERIFY(timer.elapsed() >= 100);
    QVERIFY2(timer.elapsed() < 5000, "a busy machine may be late, but not by that much");
}

void TestScriptSandbox::goesOnAfterARunaway()
{
    const auto domain = probeFolder("if (command.data.loop) for (;;);" + emitData)
                            .load({.callBudget = std::chrono::milliseconds(50)});
    QVERIFY_RESULT(domain);
    for (int i = 0; i < 5; ++i) {
        QVERIFY(!decide(**domain, R"({"loop":true})").decision);
        const auto out = decide(**domain, R"({"i":1})");
        QVERIFY_RESULT(out.decision);
        QCOMPARE(out.text, std::string(R"({"i":1})"));
    }
}

void TestScriptSandbox::sameBytesInEveryEngineAndPlace()
{
    const std::string handler = R"(
const parts = ["ä", "Z", "a", "10", "9", "İ"].sort();
const numbers = [0.1 + 0.2, 1 / 3, 5e-324, 1e-7, 123456.789, (0.5).toString(2), (1234.5678).toFixed(2)];
const { stack } = new Error("x");
return [{action: 'tried', data: {parts, numbers, stack, lower: "IİÄ".toLowerCase(), now: context.now,
    id: context.newId(), later: time.add(context.now, 3600), given: command.data}}];)";
    const auto folder = probeFolder(handler);
    const auto first = folder.load({.callsPerEngine = 1}); // a fresh engine for every call
    QVERIFY_RESULT(first);
    const std::string data = R"({"b":1.25,"a":["x",null,{"z":0}]})";
    const auto expected = decide(**first, data);
    QVERIFY_RESULT(expected.decision);
    const auto timeZone = qgetenv("TZ");
    const auto language = qgetenv("LANG");
    for (const char *place : {"Asia/Kathmandu", "America/St_Johns", "UTC"}) {
        qputenv("TZ", place);
        qputenv("LANG", "tr_TR.UTF-8");
        qputenv("LC_ALL", "tr_TR.UTF-8");
        tzset();
        setlocale(LC_ALL, "");
        const auto other = folder.load();
        QVERIFY_RESULT(other);
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(decide(**first, data).text, expected.text);
            QCOMPARE(decide(**other, data).text, expected.text);
        }
    }
    qputenv("TZ", timeZone);
    qputenv("LANG", language);
    qunsetenv("LC_ALL");
    setlocale(LC_ALL, "C");
}

void TestScriptSandbox::manyThreadsAtOnce()
{
    const auto domain = probeFolder("if (command.data.loop) for (;;);" + emitData)
                            .load({.callBudget = std::chrono::milliseconds(2000), .callsPerEngine = 300});
    QVERIFY_RESULT(domain);
    std::atomic<int> wrong{0};
    for (int round = 0; round < 2; ++round) {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 1000; ++i) {
                    const auto data = R"({"thread":)" + std::to_string(thread) + R"(,"i":)" + std::to_string(i) + "}";
                    const auto out = decide(**domain, data);
                    wrong += out.decision && out.text == data ? 0 : 1;
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
}

void TestScriptSandbox::keepsNoStateBetweenCalls()
{
    auto folder = probeFolder("");
    folder.file("domain.js",
                "export const commands = { try: (c) => {\n  commands.count = 1;\n  return [];\n} };\n"
                "export const views = { tries: { tried() {} } };\n");
    const auto problems = checkDomainFolder(folder.path());
    QVERIFY(problems.empty());
    folder.file("domain.js",
                "let count = 0;\nexport const commands = { try: () => [] };\n"
                "export const views = { tries: { tried() {} } };\n");
    const auto found = checkDomainFolder(folder.path());
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().text(),
             std::string("domain.js:1:1: a module must not keep state: 'let' outside a function. Use const, and keep "
                         "what changes in a view."));
}

void TestScriptSandbox::valuesComeOutAsTheyWentIn()
{
    bool ok = false;
    auto seed = static_cast<std::uint64_t>(qEnvironmentVariable("COMMANDER_SEED").toULongLong(&ok));
    if (!ok)
        seed = std::random_device()();
    qInfo("seed %llu (COMMANDER_SEED repeats it)", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    const auto domain = probeFolder(emitData).load();
    QVERIFY_RESULT(domain);
    for (int round = 0; round < 3000; ++round) {
        auto value = Json::object();
        value.set("value", randomValue(random, 0));
        const auto text = writeJson(value);
        const auto out = decide(**domain, text);
        QVERIFY_RESULT(out.decision);
        QVERIFY2(out.text == text, (out.text + "\n" + text).c_str());
    }
}

QTEST_GUILESS_MAIN(TestScriptSandbox)
#include "tst_script_sandbox.moc"
