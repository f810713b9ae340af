// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_test_support.h"
#include "support/result_macros.h"
#include "support/seeded_random.h"

#include "script/manifest.h"
#include "script/module_scan.h"

#include <random>

using namespace scripttest;

namespace {

const std::string goodScript = "export const commands = { go: () => [] };\n";
const std::string goodManifest = R"({
  "name": "trip",
  "eventsTopic": "trip-events",
  "commands": {
    "go": {"schema": {"type": "object"}, "example": {}}
  },
  "events": {
    "gone": {"schema": {"type": "object"}}
  },
  "views": {
    "trips": {"key": "{data.id}", "on": {
      "gone": {"inc": {"count": 1}}
    }}
  }
})";

std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    const auto at = text.find(from);
    if (at == std::string::npos)
        qFatal("the manifest holds no %s", from.c_str());
    return text.replace(at, from.size(), to);
}

TestFolder tripFolder(const std::string &manifest, const std::string &script)
{
    TestFolder folder;
    folder.file("domain.json", manifest);
    folder.file("domain.js", script);
    return folder;
}

} // namespace

class TestScriptProblems : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void manifest_data();
    void manifest();
    void script_data();
    void script();
    void allAtOnce();
    void folders();
    void hashCoversWhatDecides();
    void laterEditsDoNotMatter();
    void survivesAnyText();
};

void TestScriptProblems::manifest_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, const char *from, const char *to, const char *problem) {
        QTest::newRow(name) << from << to << problem;
    };
    row("no JSON", "\"eventsTopic\":", "\"eventsTopic\"", "domain.json:3:17: a colon is missing");
    row("named twice", "\"eventsTopic\"", "\"name\"", "domain.json:3:3: the member \"name\" is named twice");
    row("no name", "\"trip\"", "7", "domain.json:2:11 /name: 'name' must be a text");
    row("unknown member", "\"eventsTopic\"", "\"topic\": 1, \"eventsTopic\"",
        "domain.json:3:12 /topic: unknown member");
    row("broken schema", "{\"type\": \"object\"}, \"example\"", "{\"type\": 3}, \"example\"",
        "domain.json:5:22 /commands/go/schema:");
    row("schema file missing", "{\"type\": \"object\"}, \"example\"", "\"go.json\", \"example\"",
        "domain.json:5:22 /commands/go/schema: the folder holds no file go.json");
    row("bad example", "\"example\": {}", "\"example\": []",
        "domain.json:5:53 /commands/go/example: the example does not match the schema: expected an object");
    row("no example", ", \"example\": {}", "", "domain.json:5:11 /commands/go: 'example' is missing");
    row("unknown operation", "\"inc\"", "\"add\"", "domain.json:12:23 /views/trips/on/gone/add: there is no operation");
    row("no key", "\"key\": \"{data.id}\", ", "", "domain.json:12:15 /views/trips/on/gone: no key says which");
    row("bad path", "\"count\": 1", "\"count\": \"=date.x\"",
        "domain.json:12:33 /views/trips/on/gone/inc/count: a fold knows no 'date'");
    row("no expression", "\"count\": 1", "\"count\": \"=a b\"",
        "domain.json:12:33 /views/trips/on/gone/inc/count: not an expression: =a b");
    row("unknown to the schema", R"("gone": {"schema": {"type": "object"}})",
        R"("gone": {"schema": {"properties": {"ID": {}}, "additionalProperties": false}})",
        "domain.json:12:15 /views/trips/on/gone: the schema of gone knows no member 'id'. Check the spelling of "
        "data.id.");
    row("no version", "\"name\"", "\"version\": 0, \"name\"", "domain.json:2:14 /version: 'version' must be");
    row("emits what is unknown", "\"example\": {}", "\"example\": {}, \"emit\": [{\"event\": \"went\", \"data\": {}}]",
        "domain.json:5:65 /commands/go/emit: the domain declares no event went");
}

void TestScriptProblems::manifest()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, problem);
    QCOMPARE(checkDomainFolder(tripFolder(goodManifest, goodScript).path()), std::vector<DomainProblem>());
    const auto folder = tripFolder(replaced(goodManifest, from.toStdString(), to.toStdString()), goodScript);
    const auto problems = checkDomainFolder(folder.path());
    QVERIFY(!problems.empty());
    const auto text = QString::fromStdString(problems.front().text());
    QVERIFY2(text.startsWith(problem), qPrintable(text));
    const auto loaded = folder.load();
    QCOMPARE_ERROR(loaded, ErrorCode::InvalidArgument);
    QCOMPARE(loaded.error().details.size(), problems.size());
}

void TestScriptProblems::script_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("problem");
    const auto row
        = [](const char *name, const char *text, const char *problem) { QTest::newRow(name) << text << problem; };
    row("syntax", "export const commands = {\n  go() { const a ? 3; },\n};", "domain.js:2");
    row("syntax with its column", "export const commands = {\n  go() { return 1 = = 3; },\n};", "domain.js:2");
    row("top level", "const a = {};\na.b.c;\nexport const commands = { go: () => [] };",
        "domain.js:2:5: TypeError: Cannot read property 'c' of undefined");
    row("endless", "for (;;);\n", "domain.js: the module ran longer than 200 ms");
    row("missing", "export const commands = {};",
        "domain.js: domain.json declares go, but there is no function commands[\"go\"]");
    row("no export", "const commands = {};", "domain.js: domain.json declares go, but there is no function");
    row("too much", "export const commands = { go() {}, stay() {} };",
        "domain.js: commands[\"stay\"] is not declared in domain.json");
    row("import outside", "import { x } from '../x.js';\n", "domain.js:1:19: the import '../x.js' leaves the domain's");
    row("import absolute", "import x from \"/etc/x.js\";\n",
        "domain.js:1:15: the import '/etc/x.js' does not begin with ./");
    row("import of a URL", "export { x } from 'file:///x.js';\n", "domain.js:1:19: the import 'file:///x.js' does not");
    row("import missing", "import './none.js';\n", "domain.js:1:8: the folder holds no module none.js");
    row("import of data", "import './domain.json';\n", "domain.js:1:8: the folder holds no module domain.json");
    row("late import", "const f = () => import('./x.js');\n", "domain.js:1:17: import() is not available");
    row("state", "const a = `${ '}' } let x`; /let y/.test(a); // let z\nvar n = 0;",
        "domain.js:2:1: a module must not keep");
}

void TestScriptProblems::script()
{
    QFETCH(QString, text);
    QFETCH(QString, problem);
    const auto folder = tripFolder(goodManifest, text.toStdString());
    const auto problems = checkDomainFolder(folder.path(), {.loadBudget = std::chrono::milliseconds(200)});
    QVERIFY(!problems.empty());
    const auto said = QString::fromStdString(problems.front().text());
    QVERIFY2(said.startsWith(problem), qPrintable(said));
}

void TestScriptProblems::allAtOnce()
{
    auto manifest = replaced(goodManifest, "\"inc\"", "\"add\"");
    manifest = replaced(manifest, "\"trip\"", "\"\"");
    const auto folder = tripFolder(manifest, "import './none.js';\nlet a;\n");
    const auto problems = checkDomainFolder(folder.path());
    std::vector<std::string> places;
    for (const auto &problem : problems)
        places.push_back(problem.file + ':' + std::to_string(problem.line));
    QCOMPARE(
        places,
        (std::vector<std::string>{"domain.json:2", "domain.json:12", "domain.json:12", "domain.js:1", "domain.js:2"}));
    const auto loaded = folder.load();
    QCOMPARE_ERROR(loaded, ErrorCode::InvalidArgument);
    QVERIFY(loaded.error().what.find("(and 4 more)") != std::string::npos);
}

void TestScriptProblems::folders()
{
    QCOMPARE_ERROR(loadDomainFolder("/nowhere/at/all"), ErrorCode::NotFound);
    QCOMPARE_ERROR(TestFolder().load(), ErrorCode::NotFound);
    QCOMPARE(checkDomainFolder("/nowhere/at/all").size(), std::size_t(1));
    auto folder = tripFolder(goodManifest, goodScript);
    QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), QString::fromStdString(folder.path() + "/link.json")));
    QCOMPARE_ERROR(folder.load(), ErrorCode::InvalidArgument);
    TestFolder large;
    large.file("domain.json", goodManifest).file("domain.js", goodScript + "//" + std::string(9u << 20, 'x'));
    QCOMPARE_ERROR(large.load(), ErrorCode::LimitExceeded);
}

void TestScriptProblems::hashCoversWhatDecides()
{
    auto folder = tripFolder(goodManifest, goodScript);
    const auto hash = [&] {
        const auto loaded = folder.load();
        return loaded ? toHex((*loaded)->description().hash) : loaded.error().text();
    };
    const auto first = hash();
    QCOMPARE(hash(), first);
    folder.file("README.md", "words").file("tests/a.json", "{}").file(".hidden.js", "let a");
    QCOMPARE(hash(), first);
    folder.file("domain.js", goodScript + "\n");
    const auto second = hash();
    QVERIFY(second != first);
    folder.file("lib.js", "");
    QVERIFY(hash() != second);
}

void TestScriptProblems::laterEditsDoNotMatter()
{
    auto folder = probeFolder("return [{action: 'tried', data: {a: 1}}];");
    const auto loaded = folder.load({.callsPerEngine = 1});
    QVERIFY_RESULT(loaded);
    folder.file("domain.js", "syntax error");
    Record command;
    command.action = "try";
    HandlerContext context({}, {});
    Documents documents;
    for (int i = 0; i < 3; ++i)
        QVERIFY_RESULT((*loaded)->decide({command, Json::object()}, documents, context));
}

/// Whatever stands in the files, reading them ends, and problems name places that exist.
void TestScriptProblems::survivesAnyText()
{
    bool ok = false;
    auto seed = static_cast<std::uint64_t>(qEnvironmentVariable("COMMANDER_SEED").toULongLong(&ok));
    if (!ok)
        seed = std::random_device()();
    qInfo("seed %llu (COMMANDER_SEED repeats it)", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    const auto original = script::readDomainFolder(sampleFolder("bank"));
    QVERIFY_RESULT(original);
    const std::string pieces = "{}[]()\"'`/\\\n$,:=-0e.x";
    for (int round = 0; round < 2000; ++round) {
        auto folder = *original;
        auto &file = folder.files[random.below(folder.files.size())];
        for (auto changes = random.below(4) + 1; changes > 0; --changes) {
            const auto at = random.below(file.bytes.size());
            const auto length = random.below(3) == 0 ? random.below(40) : 1;
            const std::string piece(random.below(3), pieces[random.below(pieces.size())]);
            file.bytes.replace(at, length, piece);
        }
        std::vector<DomainProblem> problems;
        static_cast<void>(script::readManifest(folder, problems));
        for (const auto &one : folder.files) {
            if (script::isScript(one.name))
                std::ranges::move(script::scanModule(one, folder), std::back_inserter(problems));
        }
        for (const auto &problem : problems) {
            const auto *in = folder.find(problem.file);
            QVERIFY(in && !problem.message.empty());
            QVERIFY(problem.line >= 1 && problem.line <= std::count(in->bytes.begin(), in->bytes.end(), '\n') + 1);
        }
    }
}

QTEST_GUILESS_MAIN(TestScriptProblems)
#include "tst_script_problems.moc"
