// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens as an operator makes them, beside a server that runs.
#include "http_client.h"
#include "program_run.h"
#include "served_workspace.h"

#include <commander/json.h>

#include <QFileInfo>

using namespace commander;

class TestTokens : public QObject {
    Q_OBJECT

    using Run = ProgramRun;
    static Run run(const QStringList &arguments) { return runCommanderctl(arguments); }
    static Run token(const ServedWorkspace &served, const QStringList &rest)
    {
        return run(QStringList{QStringLiteral("token"), QStringLiteral("--workspace"), served.ledger()} + rest);
    }
    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static int status(const ServedWorkspace &served, const QByteArray &secret)
    {
        HttpClient client(served.port());
        const auto fields = secret.isEmpty() ? QByteArray() : "Authorization: Bearer " + secret + "\r\n";
        return client.request("GET", "/commands", {}, fields).value_or(HttpClient::Answer()).status;
    }

private Q_SLOTS:
    void madeUsedAndRevokedWhileTheServerRuns()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        QCOMPARE(status(served, {}), 200);

        const auto made = token(served,
                                {QStringLiteral("create"), QStringLiteral("ci"), QStringLiteral("--role"),
                                 QStringLiteral("read,submit"), QStringLiteral("--for"), QStringLiteral("90d")});
        QVERIFY2(made.code == 0, made.error.constData());
        const auto secret = made.out.trimmed();
        QVERIFY2(secret.startsWith("cmdr_") && secret.size() == 69, secret.constData());
        QCOMPARE(status(served, secret), 200);
        QTRY_COMPARE(status(served, {}), 401);

        HttpClient client(served.port());
        const auto answer
            = client.request("POST", "/commands?sync=true",
                             "{\"action\":\"open-account\",\"data\":{\"account\":\"1\",\"owner\":\"Ann\"}}",
                             "Content-Type: application/json\r\nAuthorization: Bearer " + secret + "\r\n");
        QVERIFY(answer && answer->status == 201);
        QVERIFY(answer->body.contains("\"actor\":\"ci\""));

        const auto listed = token(served, {QStringLiteral("list")});
        QCOMPARE(listed.code, 0);
        const auto json = parseJson(listed.out.trimmed().toStdString());
        QVERIFY(json && json->stringAt("name") == "ci");
        QVERIFY(!listed.out.contains("cmdr_"));

        QCOMPARE(token(served, {QStringLiteral("create"), QStringLiteral("ci")}).code, 1);
        QCOMPARE(token(served, {QStringLiteral("revoke"), QStringLiteral("ci")}).code, 0);
        QCOMPARE(token(served, {QStringLiteral("revoke"), QStringLiteral("ci")}).code, 1);
        QTRY_COMPARE(status(served, secret), 401);
        QCOMPARE(status(served, {}), 401);
        QCOMPARE(served.stop(), 0);
    }

    void wrongCommandLines()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        const QStringList create{QStringLiteral("create"), QStringLiteral("x")};
        QCOMPARE(token(served, {}).code, 64);
        QCOMPARE(token(served, {QStringLiteral("create")}).code, 64);
        QCOMPARE(token(served, {QStringLiteral("list"), QStringLiteral("x")}).code, 64);
        QCOMPARE(token(served, create + QStringList{QStringLiteral("--role"), QStringLiteral("admin")}).code, 1);
        QCOMPARE(token(served, create + QStringList{QStringLiteral("--for"), QStringLiteral("soon")}).code, 1);
        QCOMPARE(token(served, {QStringLiteral("create"), QStringLiteral("console")}).code, 1);
        QCOMPARE(run({QStringLiteral("token"), QStringLiteral("list"), QStringLiteral("--workspace"),
                      served.file(QStringLiteral("none.ledger"))})
                     .code,
                 1);
        QCOMPARE(status(served, {}), 200); // none was made
        QCOMPARE(served.stop(), 0);
    }

    void theTokenOfARun()
    {
        ServedWorkspace served;
        const auto path = served.file(QStringLiteral("token"));
        const auto log = served.file(QStringLiteral("access.log"));
        const QStringList options{QStringLiteral("--token-file"), path, QStringLiteral("--access-log"), log};
        QVERIFY(served.start(0, options));
        const auto secret = contentOf(path).trimmed();
        QVERIFY2(secret.startsWith("cmdr_"), secret.constData());
        const auto mine
            = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadUser | QFileDevice::WriteUser;
        for (const auto &one : {path, log})
            QVERIFY2((QFileInfo(one).permissions() & ~mine) == QFileDevice::Permissions(), qPrintable(one));
        QCOMPARE(status(served, {}), 401);
        QCOMPARE(status(served, secret), 200);
        QTRY_COMPARE(contentOf(log).count('\n'), 2);
        // Whoever wants it rotated moves it.
        QVERIFY(QFile::rename(log, log + QStringLiteral(".1")));
        QCOMPARE(status(served, secret), 200);
        QTRY_COMPARE(contentOf(log).count('\n'), 1);
        QCOMPARE(status(served, secret), 200);
        QCOMPARE(served.stop(), 0);
        QCOMPARE(contentOf(log).count('\n'), 2); // the last one too
        const auto lines = contentOf(log + QStringLiteral(".1")) + contentOf(log);
        QVERIFY(!lines.contains("cmdr_"));
        for (const auto &line : lines.trimmed().split('\n')) {
            const auto entry = parseJson(line.toStdString());
            QVERIFY2(entry && entry->stringAt("target") == "/commands", line.constData());
        }
        QVERIFY(served.start());
        QCOMPARE(status(served, {}), 200); // it went with its run
        QCOMPARE(status(served, secret), 401);
    }

    void otherAddressesAreRefused()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        QCOMPARE(served.stop(), 0);
        const auto refused
            = run({QStringLiteral("serve"), QStringLiteral("--workspace"), served.ledger(), QStringLiteral("--port"),
                   QStringLiteral("0"), QStringLiteral("--host"), QStringLiteral("0.0.0.0")});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.error.contains("neither tokens nor TLS"), refused.error.constData());
        const auto half = run({QStringLiteral("serve"), QStringLiteral("--workspace"), served.ledger(),
                               QStringLiteral("--tls-cert"), served.readyFile()});
        QCOMPARE(half.code, 1);
        QVERIFY2(half.error.contains("--tls-key"), half.error.constData());
    }
};

QTEST_GUILESS_MAIN(TestTokens)
#include "tst_tokens.moc"
