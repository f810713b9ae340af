// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_test_support.h"
#include "support/result_macros.h"

using namespace scripttest;

namespace {

TestFolder declaredFolder(const std::string &on, const std::string &handler)
{
    TestFolder folder;
    folder.file("domain.json",
                R"({"name":"probe","eventsTopic":"probe-events","commands":{"try":{"schema":{},
"example":{},)" + handler
                    + R"(}},"events":{"tried":{"key":"id","schema":{}}},
"views":{"tries":{"key":"{data.id}","on":{"tried":)"
                    + on + "}}}}");
    return folder;
}

const std::string plainHandler = R"("emit":[{"event":"tried","data":"=data"}])";

} // namespace

/// Declared folds and handlers, without any script.
class TestScriptDeclared : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void folds_data();
    void folds();
    void handlers_data();
    void handlers();
};

void TestScriptDeclared::folds_data()
{
    QTest::addColumn<QString>("on");
    QTest::addColumn<QString>("before"); // document "1", empty: none
    QTest::addColumn<QString>("data");
    QTest::addColumn<QString>("after"); // begins with "!": the fault; empty: no document
    const auto row = [](const char *name, const char *on, const char *before, const char *data, const char *after) {
        QTest::newRow(name) << on << before << data << after;
    };
    row("set", R"({"set":{"a":1,"b.c":"=data.x","t":"=time","e":"==x"}})", "", R"({"id":"1","x":[1.50,{"z":null}]})",
        R"({"a":1,"b":{"c":[1.50,{"z":null}]},"t":"2016-05-20T14:33:28.902Z","e":"=x"})");
    row("set in place", R"({"set":{"a":2}})", R"({"a":1,"b":1})", R"({"id":"1"})", R"({"a":2,"b":1})");
    row("set nested template", R"({"set":{"a":{"x":"=data.x","l":["=action","=data.y?",true]}}})", "",
        R"({"id":"1","x":7})", R"({"a":{"x":7,"l":["tried",true]}})");
    row("optional", R"({"set":{"a":"=data.x?","b":1}})", R"({"a":5})", R"({"id":"1"})", R"({"a":5,"b":1})");
    row("missing", R"({"set":{"a":"=data.x"}})", "", R"({"id":"1"})", "!there is no data.x in the event");
    row("inc", R"({"inc":{"n":"=data.x","m":"=-data.x","o":1}})", R"({"n":9007199254740993})", R"({"id":"1","x":2})",
        R"({"n":9007199254740995,"m":-2,"o":1})");
    row("inc by minus", R"({"inc":{"n":"=-data.x"}})", R"({"n":1})", R"({"id":"1","x":-5})", R"({"n":6})");
    row("inc overflows", R"({"inc":{"n":1}})", R"({"n":9223372036854775807})", R"({"id":"1"})", "!64-bit");
    row("inc of text", R"({"inc":{"n":1}})", R"({"n":"1"})", R"({"id":"1"})", "!inc works with integers only");
    row("inc by fraction", R"({"inc":{"n":"=data.x"}})", "", R"({"id":"1","x":1.5})", "!inc works with integers only");
    row("append", R"({"append":{"l":"=data.x"}})", R"({"l":[1]})", R"({"id":"1","x":{"a":2}})", R"({"l":[1,{"a":2}]})");
    row("append to nothing", R"({"append":{"a.l":"=data.x"}})", "", R"({"id":"1","x":2})", R"({"a":{"l":[2]}})");
    row("append to text", R"({"append":{"l":1}})", R"({"l":"x"})", R"({"id":"1"})", "!append works with a list only");
    row("remove", R"({"remove":["a","b.c","x.y.z"]})", R"({"a":1,"b":{"c":1,"d":2},"e":3})", R"({"id":"1"})",
        R"({"b":{"d":2},"e":3})");
    row("merge", R"({"merge":"=data"})", R"({"z":0,"x":1})", R"({"id":"1","x":2})", R"({"z":0,"x":2,"id":"1"})");
    row("merge of text", R"({"merge":"=data.id"})", "", R"({"id":"1"})", "!merge works with an object only");
    row("delete", R"({"delete":true})", R"({"a":1})", R"({"id":"1"})", "");
    row("operations in their order", R"({"inc":{"n":1},"set":{"m":0},"remove":["n"]})", "", R"({"id":"1"})",
        R"({"m":0})");
    row("steps in their order", R"([{"set":{"a":1}},{"inc":{"a":1}},{"key":"2","set":{"b":1}}])", "", R"({"id":"1"})",
        R"({"a":2})");
    row("must exist", R"({"expect":"exists","set":{"a":1}})", "", R"({"id":"1"})", "!there is no document 1");
    row("through what is no object", R"({"set":{"a.b":1}})", R"({"a":1})", R"({"id":"1"})", "!no object");
    row("key of nothing", R"({"set":{"a":1}})", "", "{}", "!there is no data.id");
    row("key of a list", R"({"set":{"a":1}})", "", R"({"id":[]})", "!neither text nor number");
}

void TestScriptDeclared::folds()
{
    QFETCH(QString, on);
    QFETCH(QString, before);
    QFETCH(QString, data);
    QFETCH(QString, after);
    const auto domain = declaredFolder(on.toStdString(), plainHandler).load();
    QVERIFY_RESULT(domain);
    Documents documents;
    documents.view = "tries";
    if (!before.isEmpty())
        documents.put("1", *parseJson(before.toStdString()));
    Record event;
    event.kind = RecordKind::Event;
    event.action = "tried";
    event.recordedAt = {1'463'754'808'902'000};
    const auto parsed = parseJson(data.toStdString());
    const auto folded = (*domain)->fold((*domain)->description().views.front(), {event, *parsed}, documents);
    if (after.startsWith(u'!')) {
        QCOMPARE_ERROR(folded, ErrorCode::DomainFault);
        const auto text = QString::fromStdString(folded.error().text());
        QVERIFY2(text.contains(after.mid(1)), qPrintable(text));
        QVERIFY2(text.contains(u"the declared fold of tried in the domain probe"), qPrintable(text));
        return;
    }
    QVERIFY_RESULT(folded);
    const auto *document = documents.get("1");
    QCOMPARE(document ? QString::fromStdString(writeJson(*document)) : QString(), after);
}

void TestScriptDeclared::handlers_data()
{
    QTest::addColumn<QString>("handler");
    QTest::addColumn<QString>("data");
    QTest::addColumn<QString>("outcome"); // "key data", "code|message|details", or "!fault"
    const auto row = [](const char *name, const char *handler, const char *data, const char *outcome) {
        QTest::newRow(name) << handler << data << outcome;
    };
    row("passes on", R"("emit":[{"event":"tried","data":"=data"}])", R"({"id":"k","n":1.50})",
        R"(k {"id":"k","n":1.50})");
    row("own key", R"("emit":[{"event":"tried","key":"a-{data.id}","data":{}}])", R"({"id":"k"})", "a-k {}");
    row("number as key", R"("emit":[{"event":"tried","data":"=data"}])", R"({"id":12})", R"(12 {"id":12})");
    row("id and time", R"("emit":[{"event":"tried","data":{"i":"=newId","t":"=now"}}])", "{}",
        (R"( {"i":")" + uuid5(uuid5({}, "command"), "data/1").text() + R"(","t":"2016-05-20T14:33:28.902Z"})").c_str());
    const auto *const read = R"("read":{"d":{"view":"tries","key":"{data.id}"}},)";
    const auto require = [read](const std::string &condition) {
        return read
            + (R"("require":[{)" + condition
               + R"(,"else":{"code":"no","message":"not {data.id}","details":{"id":"=data.id"}}}],)"
                 R"("emit":[{"event":"tried","data":"=data"}])");
    };
    const auto check = [&](const char *name, const std::string &condition, bool holds) {
        row(name, require(condition).c_str(), R"({"id":"old","n":10})",
            holds ? R"(old {"id":"old","n":10})" : R"(no|not old|{"id":"old"})");
    };
    check("exists", R"("exists":"d")", true);
    check("missing", R"("missing":"d")", false);
    check("equal", R"("equal":["=d.status","open"])", true);
    check("not equal", R"("notEqual":["=d.status","open"])", false);
    check("equal numbers", R"("equal":["=d.n",5])", true);
    check("equal to what is left out", R"("equal":["=d.none?","x"])", false);
    check("less", R"("less":["=d.n","=data.n"])", true);
    check("not less", R"("less":["=data.n",10])", false);
    check("at most", R"("atMost":["=data.n",10])", true);
    check("greater", R"("greater":["=d.n",4.99])", true);
    check("at least", R"("atLeast":["=d.n",5.01])", false);
    row("no document", require(R"("exists":"d")").c_str(), R"({"id":"new"})", R"(no|not new|{"id":"new"})");
    row("document missing", require(R"("missing":"d")").c_str(), R"({"id":"new"})", R"(new {"id":"new"})");
    row("no number", require(R"("less":["=d.status",1])").c_str(), R"({"id":"old"})", "!compares what is no number");
    row("nothing to compare", require(R"("less":["=data.x",1])").c_str(), R"({"id":"old"})", "!there is no data.x");
}

void TestScriptDeclared::handlers()
{
    QFETCH(QString, handler);
    QFETCH(QString, data);
    QFETCH(QString, outcome);
    const auto domain = declaredFolder(R"({"set":{"a":1}})", handler.toStdString()).load();
    QVERIFY_RESULT(domain);
    Documents documents;
    documents.all[{"tries", "old"}] = *parseJson(R"({"status":"open","n":5.0})");
    Record command;
    command.id = uuid5({}, "command");
    command.action = "try";
    HandlerContext context(command.id, {1'463'754'808'902'000});
    const auto parsed = parseJson(data.toStdString());
    const auto decision = (*domain)->decide({command, *parsed}, documents, context);
    if (outcome.startsWith(u'!')) {
        QCOMPARE_ERROR(decision, ErrorCode::DomainFault);
        const auto text = QString::fromStdString(decision.error().text());
        QVERIFY2(text.contains(outcome.mid(1)), qPrintable(text));
        return;
    }
    QVERIFY_RESULT(decision);
    std::string said;
    if (const auto *rejection = std::get_if<Rejection>(&*decision)) {
        said = rejection->code + '|' + rejection->message + '|' + writeJson(rejection->details);
    } else {
        const auto &event = std::get<std::vector<EventDraft>>(*decision).front();
        said = event.key + ' ' + writeJson(event.data);
    }
    QCOMPARE(QString::fromStdString(said), outcome);
}

QTEST_GUILESS_MAIN(TestScriptDeclared)
#include "tst_script_declared.moc"
