// SPDX-License-Identifier: GPL-3.0-or-later
// Another version of a domain beside the one that runs, and scripts that somebody vouches for, as a developer uses
// them.
#include "http_client.h"

#include <memory>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

class TestCandidates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void shadows();
    void splits();
    void trusts();

private:
    struct Run {
        int code = -1;
        QByteArray out;
        QByteArray error;
    };
    [[nodiscard]] Run run(const QString &subcommand, const QStringList &more) const
    {
        QProcess process;
        process.start(QStringLiteral(COMMANDERCTL),
                      QStringList{subcommand, QStringLiteral("--workspace"), ledger()} + more);
        if (!process.waitForFinished(60'000))
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    [[nodiscard]] Run submit(const char *action, const char *data) const
    {
        return run(QStringLiteral("submit"), {QLatin1String(action), QLatin1String(data)});
    }
    [[nodiscard]] QString ledger() const { return m_folder->filePath(QStringLiteral("a.ledger")); }
    [[nodiscard]] QString candidate() const { return m_folder->filePath(QStringLiteral("bank-next")); }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Serves until the test ends; what it has printed when it answers.
    [[nodiscard]] QByteArray serve(QProcess &process, const QStringList &more) const
    {
        process.start(QStringLiteral(COMMANDERCTL),
                      QStringList{QStringLiteral("serve"), QStringLiteral("--port"), QStringLiteral("0"),
                                  QStringLiteral("--workspace"), ledger(), QStringLiteral("--ready-file"),
                                  m_folder->filePath(QStringLiteral("ready"))}
                          + more);
        QByteArray out;
        const bool ready = QTest::qWaitFor(
            [&] {
                out += process.readAllStandardOutput();
                return QFile::exists(m_folder->filePath(QStringLiteral("ready")));
            },
            30'000);
        return ready ? out + process.readAllStandardOutput() : process.readAllStandardError();
    }
    static void end(QProcess &process)
    {
        process.terminate();
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 0);
    }
    [[nodiscard]] std::uint16_t port() const
    {
        const auto url = read(m_folder->filePath(QStringLiteral("ready"))).trimmed();
        return url.mid(url.lastIndexOf(':') + 1).toUShort();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

/// The bank, whose refusals have another code.
void TestCandidates::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(candidate()));
    for (const auto *const name : {"domain.json", "domain.js", "statements.js"}) {
        auto text = read(QStringLiteral(COMMANDER_SAMPLE_DOMAINS "/bank/") + QLatin1String(name));
        QVERIFY(!text.isEmpty());
        text.replace("insufficient-funds", "too-poor");
        QFile to(candidate() + u'/' + QLatin1String(name));
        QVERIFY(to.open(QIODevice::WriteOnly) && to.write(text) == text.size());
    }
    QCOMPARE(submit("open-account", R"({"account":"1","owner":"Ada","opening_balance":100})").code, 0);
    QCOMPARE(submit("withdraw-money", R"({"account":"1","amount":101})").code, 1);
}

void TestCandidates::shadows()
{
    const auto same = run(QStringLiteral("shadow"),
                          {QStringLiteral("--domain"), QStringLiteral(COMMANDER_SAMPLE_DOMAINS "/bank"),
                           QStringLiteral("--from"), QStringLiteral("0"), QStringLiteral("--commands"),
                           QStringLiteral("2"), QStringLiteral("--for"), QStringLiteral("50")});
    QVERIFY2(same.code == 0, same.error.constData());
    QVERIFY2(same.out.contains(R"("commands":2,"same":2,"different":{})"), same.out.constData());

    // Live, beside a server that never waits for it.
    QProcess server;
    const auto said = serve(server, {});
    QVERIFY2(said.startsWith("Serving "), said.constData());
    QProcess shadow;
    shadow.start(QStringLiteral(COMMANDERCTL),
                 {QStringLiteral("shadow"), QStringLiteral("--workspace"), ledger(), QStringLiteral("--domain"),
                  candidate(), QStringLiteral("--from"), QStringLiteral("0"), QStringLiteral("--commands"),
                  QStringLiteral("4"), QStringLiteral("--for"), QStringLiteral("50")});
    QVERIFY(shadow.waitForReadyRead(30'000)); // the difference of the past
    HttpClient client(port());
    for (const auto *const amount : {"1", "1000"}) {
        const auto answer
            = client.post("/commands?sync=true",
                          QByteArray(R"({"action":"withdraw-money","data":{"account":"1","amount":)") + amount + "}}");
        QVERIFY(answer);
    }
    QVERIFY(shadow.waitForFinished(60'000));
    const auto out = shadow.readAllStandardOutput();
    QCOMPARE(shadow.exitCode(), 1);
    QCOMPARE(out.count("\"kinds\":[\"code\"]"), 2);
    QVERIFY2(out.contains(R"("commands":4,"same":2,"different":{"code":2})"), out.constData());
    QVERIFY(out.contains("too-poor"));
    end(server);

    const auto none = run(QStringLiteral("shadow"), {});
    QVERIFY2(none.error.contains("no candidate named"), none.error.constData());
}

void TestCandidates::splits()
{
    QProcess server;
    const auto said
        = serve(server, {QStringLiteral("--split"), QStringLiteral("next=") + candidate() + QStringLiteral(":100")});
    QVERIFY2(said.contains("Split: next="), said.constData());
    HttpClient client(port());
    const auto answer
        = client.post("/commands?sync=true", R"({"action":"withdraw-money","data":{"account":"1","amount":1000}})");
    QVERIFY(answer);
    QVERIFY2(answer->body.contains("too-poor"), answer->body.constData());
    end(server);
    const auto results = run(QStringLiteral("export"), {});
    QVERIFY2(results.out.contains(R"("variant":"next")"), results.out.constData());
    // Without, the live domain decides everything again.
    QVERIFY(submit("withdraw-money", R"({"account":"1","amount":1001})").out.contains("insufficient-funds"));
    const auto wrong = run(QStringLiteral("serve"), {QStringLiteral("--split"), QStringLiteral("next") + candidate()});
    QVERIFY2(wrong.error.contains("Write NAME=DIR:PERCENT"), wrong.error.constData());
}

void TestCandidates::trusts()
{
    const auto trustFile = ledger() + QStringLiteral(".trusted");
    const QStringList domain{QStringLiteral("--domain"), QStringLiteral(COMMANDER_SAMPLE_DOMAINS "/fulfilment")};
    const QStringList stock{QStringLiteral("add-stock"), QStringLiteral(R"({"sku":"mug","quantity":7})")};
    QCOMPARE(run(QStringLiteral("submit"), domain + stock).code, 0);
    QVERIFY(!QFile::exists(trustFile));
    {
        QProcess server;
        QVERIFY(!serve(server, {}).contains("Trusted"));
        end(server);
    }
    QCOMPARE(run(QStringLiteral("submit"), domain + QStringList{QStringLiteral("--trust")} + stock).code, 0);
    const auto line = read(trustFile);
    QCOMPARE(line.count('\n'), 1);
    QVERIFY2(line.endsWith(" fulfilment 1\n"), line.constData());
    QFile::remove(m_folder->filePath(QStringLiteral("ready")));
    {
        QProcess server;
        const auto said = serve(server, {});
        QVERIFY2(said.contains("Trusted: the scripts of fulfilment version 1, " + line.left(8)), said.constData());
        end(server);
    }
    QVERIFY(QFile::remove(trustFile));
    QFile::remove(m_folder->filePath(QStringLiteral("ready")));
    QProcess server;
    QVERIFY(!serve(server, {}).contains("Trusted"));
    end(server);
    QVERIFY(run(QStringLiteral("serve"), {QStringLiteral("--trust")}).error.contains("none is named"));
}

QTEST_GUILESS_MAIN(TestCandidates)
#include "tst_candidates.moc"
