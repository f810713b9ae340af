// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/request_lines.h"

#include <commander/json.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

class TestRequestLines : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bodiesAreExact();
    void writesLines();
    void scriptsAreShell();
    void scriptsCompareStatuses();
};

namespace {

const QString base = u"http://127.0.0.1:8080"_s;

KnownRequest request(const char *method, const char *target, std::uint16_t status = 200)
{
    KnownRequest request;
    request.entry.method = method;
    request.entry.target = target;
    request.entry.status = status;
    return request;
}

KnownRequest transfer()
{
    auto known = request("POST", "/commands?sync=true", 201);
    Record command;
    command.id = *Uuid::parse("33bb75db-6e13-48ee-8a54-b3976d3d065b");
    command.action = "transfer-money";
    command.data = "{\"owner\":\"O'Hara \\\"x\\\"\",\"amount\":23958446825181076828,\"n\":1.0}";
    known.body = bodyOfCommand(command);
    return known;
}

} // namespace

void TestRequestLines::bodiesAreExact()
{
    QCOMPARE(*transfer().body,
             std::string(R"({"id":"33bb75db-6e13-48ee-8a54-b3976d3d065b","action":"transfer-money","data":)"
                         "{\"owner\":\"O'Hara \\\"x\\\"\",\"amount\":23958446825181076828,\"n\":1.0}}"));
    QVERIFY(checkJson(*transfer().body));
    QVERIFY(lacksBody(request("POST", "/commands/preview")));
    QVERIFY(!lacksBody(request("GET", "/commands")));
}

void TestRequestLines::writesLines()
{
    const auto get = request("GET", "/accounts?where=%2Fowner%3D'x'");
    QCOMPARE(requestLine(RequestSyntax::Curl, base, get),
             uR"(curl -sS 'http://127.0.0.1:8080/accounts?where=%2Fowner%3D'\''x'\''')"_s);
    QCOMPARE(requestLine(RequestSyntax::Httpie, base, request("DELETE", "/tokens/x")),
             u"http DELETE 'http://127.0.0.1:8080/tokens/x'"_s);
    QCOMPARE(requestLine(RequestSyntax::Fetch, base, request("GET", "/events")),
             u"await fetch(\"http://127.0.0.1:8080/events\")"_s);
    auto stream = request("GET", "/updates?from=now");
    stream.entry.kind = RequestEntry::Kind::StreamEnded;
    QVERIFY(requestLine(RequestSyntax::Curl, base, stream).startsWith(u"curl -sSN '"_s));
    QVERIFY(requestLine(RequestSyntax::Fetch, base, stream).startsWith(u"new EventSource("_s));
    const auto fetch = requestLine(RequestSyntax::Fetch, base, transfer());
    QVERIFY(fetch.contains(u"method: \"POST\""_s));
    QVERIFY(fetch.contains(u"O'Hara \\\\\\\"x\\\\\\\""_s)); // JSON in a string of JavaScript
    QVERIFY(requestLine(RequestSyntax::Curl, base, transfer()).contains(uR"(O'\''Hara)"_s));
}

void TestRequestLines::scriptsAreShell()
{
    auto stream = request("GET", "/updates");
    stream.entry.kind = RequestEntry::Kind::StreamBegan;
    const auto script = requestScript({request("GET", "/accounts/a'b"), transfer(), stream, request("PUT", "/x")});
    QVERIFY(script.contains(u"# left out, it was not answered once and for all: GET /updates"_s));
    QVERIFY(script.contains(u"# left out, its body is not known: PUT /x"_s));
    QProcess shell;
    shell.start(u"sh"_s, {u"-n"_s});
    shell.write(script.toUtf8());
    shell.closeWriteChannel();
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardError(), QByteArray());
    QCOMPARE(shell.exitCode(), 0);
}

// With a curl of our own that notes its arguments and answers 201.
void TestRequestLines::scriptsCompareStatuses()
{
    QTemporaryDir folder;
    QFile curl(folder.filePath(u"curl"_s));
    QVERIFY(curl.open(QIODevice::WriteOnly));
    curl.write("#!/bin/sh\nfor one; do printf '%s\\n' \"$one\" >> \"" + folder.path().toUtf8()
               + "/arguments\"; done\nprintf 201\n");
    curl.setPermissions(curl.permissions() | QFileDevice::ExeOwner);
    curl.close();
    QProcess shell;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PATH"_s, folder.path() + u':' + environment.value(u"PATH"_s));
    shell.setProcessEnvironment(environment);
    const auto run = [&shell](const QString &script) {
        shell.start(u"sh"_s, {u"-s"_s, u"http://127.0.0.1:9"_s});
        shell.write(script.toUtf8());
        shell.closeWriteChannel();
        shell.waitForFinished();
        return shell.exitCode();
    };
    QCOMPARE(run(requestScript({transfer()})), 0);
    QCOMPARE(run(requestScript({transfer(), request("GET", "/accounts")})), 1);
    QVERIFY(shell.readAllStandardOutput().contains("FAILED  201 instead of 200: GET /accounts"));
    QFile noted(folder.filePath(u"arguments"_s));
    QVERIFY(noted.open(QIODevice::ReadOnly));
    const auto arguments = noted.readAll().split('\n');
    QVERIFY(arguments.contains(QByteArray::fromStdString(*transfer().body)));
    QVERIFY(arguments.contains("http://127.0.0.1:9/accounts"));
}

QTEST_GUILESS_MAIN(TestRequestLines)
#include "tst_request_lines.moc"
