// SPDX-License-Identifier: GPL-3.0-or-later
// Saving a file of a domain while `commanderctl serve --watch` runs, as a domain's author does it.
#include "http_client.h"

#include <memory>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>

class TestHotReload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void savesAndGoesOn();
    void needsAFolder();

private:
    [[nodiscard]] QString inDomain(const QString &name) const
    {
        return m_folder->filePath(QStringLiteral("stock/") + name);
    }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// As most editors save: a new file takes the place of the old one.
    static bool save(const QString &path, const QByteArray &bytes)
    {
        QSaveFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    }
    /// Reads on until the text is there.
    bool printed(QByteArray &all, QProcess::ProcessChannel channel, const QByteArray &text)
    {
        return QTest::qWaitFor(
            [&] {
                m_process->setReadChannel(channel);
                all += m_process->readAll();
                return all.contains(text);
            },
            30'000);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QProcess> m_process;
    QByteArray m_out;
    QByteArray m_error;
};

void TestHotReload::init()
{
    m_out.clear();
    m_error.clear();
    m_folder = std::make_unique<QTemporaryDir>();
    const QString sample(QStringLiteral(COMMANDER_SAMPLE_DOMAINS "/fulfilment"));
    for (QDirIterator at(sample, QDir::Files, QDirIterator::Subdirectories); at.hasNext();) {
        const auto name = QDir(sample).relativeFilePath(at.next());
        QVERIFY(QDir().mkpath(QFileInfo(inDomain(name)).path()));
        QVERIFY(save(inDomain(name), read(at.filePath())));
    }
    m_process = std::make_unique<QProcess>();
    m_process->start(QStringLiteral(COMMANDERCTL),
                     {QStringLiteral("serve"), QStringLiteral("--port"), QStringLiteral("0"),
                      QStringLiteral("--workspace"), m_folder->filePath(QStringLiteral("a.ledger")),
                      QStringLiteral("--domain"), m_folder->filePath(QStringLiteral("stock")),
                      QStringLiteral("--watch")});
    QVERIFY(m_process->waitForStarted());
    QVERIFY2(printed(m_out, QProcess::StandardOutput, "Watching "), m_process->readAllStandardError().constData());
}

void TestHotReload::cleanup()
{
    if (m_process->state() != QProcess::NotRunning) {
        m_process->terminate();
        QVERIFY(m_process->waitForFinished(30'000));
        QCOMPARE(m_process->exitCode(), 0);
    }
}

void TestHotReload::savesAndGoesOn()
{
    const auto url = m_out.mid(m_out.indexOf("http://"));
    HttpClient client(url.mid(url.lastIndexOf(':', url.indexOf('\n')) + 1).split('\n').front().toUShort());
    const auto running = [&client] {
        const auto answer = client.get("/domains/fulfilment");
        const auto at = answer ? answer->body.indexOf("\"hash\":\"") : -1;
        return at < 0 ? QByteArray() : answer->body.mid(at + 8, 64);
    };
    const auto sendsStock = [&client] {
        const auto answer
            = client.post("/commands?sync=true", R"({"action":"add-stock","data":{"sku":"mug","quantity":7}})");
        return answer && answer->body.contains("succeeded");
    };
    QVERIFY(sendsStock());
    const auto first = running();
    QCOMPARE(first.size(), 64);

    const auto script = read(inDomain(QStringLiteral("domain.js")));
    QVERIFY(save(inDomain(QStringLiteral("domain.js")), script + "\nexport const broken = ;\n"));
    QVERIFY2(printed(m_error, QProcess::StandardError, "the version before goes on"), m_error.constData());
    const auto line = QByteArray::number(script.count('\n') + 2);
    QVERIFY2(m_error.contains("stock/domain.js:" + line + ":"), m_error.constData());
    QCOMPARE(running(), first);
    QVERIFY(sendsStock());

    QVERIFY(save(inDomain(QStringLiteral("domain.js")), script + "\n// mended\n"));
    QVERIFY2(printed(m_out, QProcess::StandardOutput, "Installed fulfilment version 1, "), m_error.constData());
    const auto second = running();
    QVERIFY(second != first && second.size() == 64);
    QVERIFY2(printed(m_out, QProcess::StandardOutput, "Installed fulfilment version 1, " + second.left(8)),
             m_out.constData());
    QVERIFY(sendsStock());
    // A result says that it is decided; the view follows.
    const auto stock = [&client] {
        const auto answer = client.get("/views/stock/mug");
        return answer ? answer->body : QByteArray();
    };
    QTRY_VERIFY2(stock().contains("21"), stock().constData());
}

void TestHotReload::needsAFolder()
{
    QProcess process;
    process.start(QStringLiteral(COMMANDERCTL),
                  {QStringLiteral("serve"), QStringLiteral("--workspace"),
                   m_folder->filePath(QStringLiteral("b.ledger")), QStringLiteral("--watch")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().contains("--watch needs --domain DIR"));
}

QTEST_GUILESS_MAIN(TestHotReload)
#include "tst_hot_reload.moc"
