// SPDX-License-Identifier: GPL-3.0-or-later
// The example clients, as whoever reads resources/docs/test-client.md runs them: against a real server that is killed
// while they follow it.
#include "http_client.h"
#include "served_workspace.h"

#include <commander/json.h>

using namespace commander;

class TestClients : public QObject {
    Q_OBJECT

    static constexpr int waitMax = 60'000;

    /// One more event, and what the clients print of it.
    static QByteArray deposit(HttpClient &http)
    {
        const auto answer
            = http.post("/commands?sync=true", R"({"action":"deposit-money","data":{"account":"other","amount":1}})");
        return answer && answer->status == 201 ? answer->body : QByteArray();
    }
    /// "POSITION ACTION" of every event in the ledger, as the server lists them.
    static QList<QByteArray> eventsOf(HttpClient &http)
    {
        const auto head = http.get("/ledger/head");
        const auto answer = http.get("/events?order=oldest&atLeast=" + head->field("commander-position"));
        const auto json = answer ? parseJson(answer->body.toStdString()) : Result<Json>(Json());
        QList<QByteArray> lines;
        if (!json || !json->find("events"))
            return lines;
        for (const auto &event : *json->find("events")->asArray())
            lines << QByteArray::number(qlonglong(event.integerAt("position").value_or(0))) + ' '
                    + QByteArray::fromStdString(std::string(event.stringAt("action")));
        return lines;
    }
    static bool waitForLines(QProcess &process, QList<QByteArray> &lines, qsizetype count)
    {
        QElapsedTimer timer;
        timer.start();
        while (lines.size() < count) {
            while (process.canReadLine())
                lines << process.readLine().trimmed();
            if (lines.size() >= count)
                return true;
            if (timer.elapsed() > waitMax || (process.state() == QProcess::NotRunning && !process.canReadLine()))
                return false;
            process.waitForReadyRead(1000);
        }
        return true;
    }

private Q_SLOTS:
    void submitsReadsAndFollows_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("curl") << QStringList{QStringLiteral("bash"), QStringLiteral(EXAMPLES "/curl/bank.sh")};
        QTest::newRow("Python") << QStringList{QStringLiteral("python3"), QStringLiteral(EXAMPLES "/python/bank.py")};
        QTest::newRow("C++") << QStringList{QStringLiteral(EXAMPLE_CPP)};
    }
    void submitsReadsAndFollows()
    {
        QFETCH(QStringList, command);
        ServedWorkspace served;
        QVERIFY(served.start());
        {
            HttpClient http(served.port());
            const auto opened = http.post("/commands?sync=true",
                                          R"({"action":"open-account","data":{"account":"other","owner":"Bob"}})");
            QVERIFY(opened && opened->status == 201);
        }
        QProcess client;
        client.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        const auto program = command.takeFirst();
        client.start(program,
                     command << QStringLiteral("http://127.0.0.1:%1").arg(served.port()) << QStringLiteral("7"));
        QVERIFY2(client.waitForStarted(), qPrintable(client.errorString()));
        QList<QByteArray> lines;
        QVERIFY2(waitForLines(client, lines, 5), lines.join('|').constData());
        QCOMPARE(lines[0], QByteArray("balance 150"));
        QCOMPARE(lines[1], QByteArray("refused insufficient-funds"));

        // Gone without a word, and there again with more to tell: four events, of which none is missed or told twice.
        served.kill();
        QVERIFY(served.start(served.port()));
        HttpClient http(served.port());
        for (int i = 0; i < 4; ++i)
            QVERIFY(!deposit(http).isEmpty());
        QVERIFY2(waitForLines(client, lines, 9), lines.join('|').constData());
        QVERIFY(client.state() == QProcess::NotRunning || client.waitForFinished(waitMax));
        QCOMPARE(client.exitCode(), 0);
        const auto events = eventsOf(http);
        QCOMPARE(events.size(), 7);
        QCOMPARE(lines.mid(2), events);
        QCOMPARE(served.stop(), 0);
    }
};

QTEST_GUILESS_MAIN(TestClients)
#include "tst_clients.moc"
