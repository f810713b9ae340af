// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"

#include <commander/domain_tests.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace commander;

namespace {

const std::string manifest = R"({"name":"counter","eventsTopic":"counter-events",
"commands":{"count":{"schema":{"type":"object","properties":{"by":{"type":"integer"}}},"example":{}}},
"events":{"counted":{"schema":{}}},
"views":{"counts":{"key":"all","on":{"counted":{"inc":{"sum":"=data.by"}}}}},
"reactions":{"again":{"on":["counted"]}}})";

const std::string script = R"(export const commands = {
  count({ data: { by } }, { views, reject, context }) {
    if (by === 0) return reject("nothing", "nothing to count", { by });
    if (by === 13) throw new Error("unlucky");
    return [{ action: "counted", key: "all", data: { by, id: context.newId(), at: context.now } }];
  },
};
export const reactions = {
  again({ data: { by }, time: when }, { command }) {
    if (by > 100) return [command("count", { by: by - 100 })];
    if (by < 0) return [command("count", { by: 1 }, { notBefore: time.add(when, 60), expiresAt: time.add(when, 90) })];
    return [];
  },
};
)";

class Folder {
public:
    explicit Folder(const std::string &tests, const std::string &code = script)
    {
        write("domain.json", manifest);
        write("domain.js", code);
        if (!tests.empty())
            write("tests/a.json", tests);
    }
    [[nodiscard]] std::string path() const { return m_dir.path().toStdString(); }

private:
    void write(const std::string &name, const std::string &bytes)
    {
        const auto path = m_dir.filePath(QString::fromStdString(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(bytes)) < 0)
            std::abort();
    }
    QTemporaryDir m_dir;
};

} // namespace

class TestDomainTests : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void outcomes_data();
    void outcomes();
    void reportIsReadable();
    void stateBetweenCallsIsFound();
    void samples_data();
    void samples();
    void noTests();
};

void TestDomainTests::outcomes_data()
{
    QTest::addColumn<QString>("test");
    QTest::addColumn<QStringList>("places"); // of the differences
    const auto row
        = [](const char *name, const char *test, const QStringList &places) { QTest::newRow(name) << test << places; };
    row("passes",
        R"("when":{"command":"count","data":{"by":2}},"then":{"events":[{"event":"counted","data":{"by":2,"id":"{newId 1}","at":"{now}"}}],"documents":{"counts":{"all":{"sum":2},"none":null}}})",
        {});
    row("given events and commands",
        R"("given":[{"event":"counted","data":{"by":3}},{"command":"count","data":{"by":4}}],"when":{"command":"count","data":{"by":-1}},"then":{"documents":{"counts":{"all":{"sum":6}}}})",
        {});
    row("wrong value",
        R"("when":{"command":"count","data":{"by":2}},"then":{"events":[{"event":"counted","data":{"by":3,"id":"{any}","at":"{any}"}}]})",
        {QStringLiteral("/then/events/0/data/by")});
    row("missing and too many",
        R"("when":{"command":"count","data":{"by":2}},"then":{"events":[{"event":"counted","data":{"by":2,"note":1,"id":"{any}"}},{"event":"more"}]})",
        {QStringLiteral("/then/events/0/data/note"), QStringLiteral("/then/events/0/data/at"),
         QStringLiteral("/then/events/1")});
    row("data not stated", R"("when":{"command":"count","data":{"by":2}},"then":{"events":[{"event":"counted"}]})",
        {QStringLiteral("/then/events/0/data")});
    row("wrong event",
        R"("when":{"command":"count","data":{"by":2}},"then":{"events":[{"event":"lost","data":"{any}"}]})",
        {QStringLiteral("/then/events/0/event")});
    row("no event expected", R"("when":{"command":"count","data":{"by":2}},"then":{"events":[]})",
        {QStringLiteral("/then/events/0")});
    row("wrong document",
        R"("when":{"command":"count","data":{"by":2}},"then":{"documents":{"counts":{"all":{"sum":1},"b":{}}}})",
        {QStringLiteral("/then/documents/counts/all/sum"), QStringLiteral("/then/documents/counts/b")});
    row("rejected",
        R"("when":{"command":"count","data":{"by":0}},"then":{"rejection":{"code":"nothing","details":{"by":0}}})", {});
    row("rejected, by code", R"("when":{"command":"count","data":{"by":0}},"then":{"rejection":"nothing"})", {});
    row("rejected otherwise",
        R"("when":{"command":"count","data":{"by":0}},"then":{"rejection":{"code":"x","message":"nothing to count"}})",
        {QStringLiteral("/then/rejection/code")});
    row("rejected unexpectedly", R"("when":{"command":"count","data":{"by":0}},"then":{"documents":{}})",
        {QStringLiteral("/then/rejection")});
    row("not rejected", R"("when":{"command":"count","data":{"by":1}},"then":{"rejection":"nothing"})",
        {QStringLiteral("/then/rejection")});
    row("fails", R"("when":{"command":"count","data":{"by":13}},"then":{"fails":"domain-fault"})", {});
    row("fails unexpectedly", R"("when":{"command":"count","data":{"by":13}},"then":{"events":[]})",
        {QStringLiteral("/then/fails")});
    row("no valid data", R"("when":{"command":"count","data":{"by":1.5}},"then":{"fails":"schema-invalid"})", {});
    row("no such command", R"("when":{"command":"discount"},"then":{"fails":"unknown-action"})", {});
    row("commands that are caused",
        R"("when":{"command":"count","data":{"by":150}},"then":{"commands":[{"command":"count","reaction":"again","data":{"by":50}}]})",
        {});
    row("commands that are decided too",
        R"("when":{"command":"count","data":{"by":350}},"settle":true,"then":{"commands":[],"documents":{"counts":{"all":{"sum":800}}}})",
        {});
    row("scheduled ones are not",
        R"("when":{"command":"count","at":"2024-02-29T23:59:30Z","data":{"by":-1}},"settle":true,"then":{"commands":[{"command":"count","data":{"by":1},"notBefore":"{now+60}","expiresAt":"2024-03-01T00:01:00.000Z"}]})",
        {});
    row("wrong time",
        R"("when":{"command":"count","data":{"by":-1}},"then":{"commands":[{"command":"count","data":{"by":1},"notBefore":"{now}"}]})",
        {QStringLiteral("/then/commands/0/notBefore"), QStringLiteral("/then/commands/0/expiresAt")});
    row("given event unknown",
        R"("given":[{"event":"lost"}],"when":{"command":"count","data":{"by":1}},"then":{"events":[]})",
        {QStringLiteral("/given/0")});
    row("given command rejected",
        R"("given":[{"command":"count","data":{"by":0}}],"when":{"command":"count","data":{"by":1}},"then":{"events":[]})",
        {QStringLiteral("/given/0")});
    row("given event that cannot be folded",
        R"("given":[{"event":"counted","data":{}}],"when":{"command":"count","data":{"by":1}},"then":{"events":[]})",
        {QStringLiteral("/given/0")});
    row("no when", R"("then":{"events":[]})", {QStringLiteral("/when")});
    row("no then", R"("when":{"command":"count"})", {QStringLiteral("/then")});
    row("misspelt", R"("when":{"command":"count","dat":{}},"then":{"event":[]},"given":{})",
        {QStringLiteral("/given"), QStringLiteral("/when/dat"), QStringLiteral("/then/event")});
}

void TestDomainTests::outcomes()
{
    QFETCH(QString, test);
    QFETCH(QStringList, places);
    const auto report = runDomainTests(Folder("{\"name\":\"it\"," + test.toStdString() + "}").path());
    QVERIFY_RESULT(report);
    QCOMPARE(report->results.size(), std::size_t(1));
    QStringList found;
    for (const auto &difference : report->results.front().differences)
        found << QString::fromStdString(difference.pointer);
    QVERIFY2(found == places, report->text().c_str());
    QCOMPARE(report->failed(), std::size_t(places.isEmpty() ? 0 : 1));
}

void TestDomainTests::reportIsReadable()
{
    const auto report = runDomainTests(Folder(R"({"tests":[
{"name":"one","when":{"command":"count","data":{"by":2}},"then":{"events":[{"event":"counted","data":{"by":3,"id":"{newId 1}","at":"{now}"}}]}},
{"name":"two","when":{"command":"count","data":{"by":0}},"then":{"rejection":"nothing"}}]})")
                                           .path());
    QVERIFY_RESULT(report);
    QCOMPARE(report->text(),
             std::string("FAILED  tests/a.json: one\n"
                         "  /then/events/0/data/by\n"
                         "    expected  3\n"
                         "    got       2\n"
                         "counter: 1 passed, 1 failed\n"));
}

void TestDomainTests::stateBetweenCallsIsFound()
{
    const auto report
        = runDomainTests(Folder(R"({"tests":[
{"name":"one","when":{"command":"count","data":{"by":1}},"then":{"events":[{"event":"counted","data":{"by":1,"n":1}}]}},
{"name":"two","when":{"command":"count","data":{"by":1}},"then":{"events":[{"event":"counted","data":{"by":1,"n":2}}]}}]})",
                                "const memory = { n: 0 };\nexport const commands = { count() {\n"
                                "  memory.n += 1;\n  return [{action: 'counted', data: {by: 1, n: memory.n}}];\n} };\n"
                                "export const reactions = { again: () => [] };\n")
                             .path());
    QVERIFY_RESULT(report);
    QVERIFY2(report->text().find("the domain keeps state between calls") != std::string::npos, report->text().c_str());
}

void TestDomainTests::samples_data()
{
    QTest::addColumn<QString>("folder");
    const QDir samples(QStringLiteral(COMMANDER_RESOURCES "/sample_domains"));
    for (const auto &name : samples.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        QTest::newRow(qPrintable(name)) << samples.filePath(name);
}

void TestDomainTests::samples()
{
    QFETCH(QString, folder);
    const auto report = runDomainTests(folder.toStdString());
    QVERIFY_RESULT(report);
    QVERIFY2(report->failed() == 0, report->text().c_str());
    QVERIFY(report->results.size() >= 4);
}

void TestDomainTests::noTests()
{
    QCOMPARE_ERROR(runDomainTests(Folder("").path()), ErrorCode::NotFound);
    QCOMPARE_ERROR(runDomainTests("/nowhere/at/all"), ErrorCode::NotFound);
    const auto report = runDomainTests(Folder("{").path());
    QVERIFY_RESULT(report);
    QCOMPARE(report->failed(), std::size_t(1));
}

QTEST_GUILESS_MAIN(TestDomainTests)
#include "tst_domain_tests.moc"
