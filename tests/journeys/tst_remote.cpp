// SPDX-License-Identifier: GPL-3.0-or-later
// commanderctl with --url asks a running server, and says the same as with the workspace itself.
#include "program_run.h"
#include "served_workspace.h"

#include <commander/json.h>

#include <QRegularExpression>
#include <QStandardPaths>

using namespace commander;

class TestRemote : public QObject {
    Q_OBJECT

    using Run = ProgramRun;
    static Run run(const QStringList &arguments) { return runCommanderctl(arguments); }

    std::unique_ptr<ServedWorkspace> m_served;
    QString m_url;

    [[nodiscard]] Run remote(const QString &subcommand, const QStringList &rest = {}) const
    {
        return run(QStringList{subcommand, QStringLiteral("--url"), m_url} + rest);
    }
    [[nodiscard]] Run local(const QString &subcommand, const QStringList &rest = {}) const
    {
        return run(QStringList{subcommand, QStringLiteral("--workspace"), m_served->ledger()} + rest);
    }
    void compare(const QString &subcommand, const QStringList &rest = {}) const
    {
        const auto here = local(subcommand, rest);
        const auto there = remote(subcommand, rest);
        QVERIFY2(here.code == 0, here.error.constData());
        QVERIFY2(there.code == 0, there.error.constData());
        QVERIFY(!here.out.isEmpty());
        QCOMPARE(there.out, here.out);
    }

private Q_SLOTS:
    void init()
    {
        m_served = std::make_unique<ServedWorkspace>();
        QVERIFY(m_served->start());
        m_url = QStringLiteral("http://127.0.0.1:%1").arg(m_served->port());
        // Spaces, digits and escapes that a lossy type would change; a big body in one of them.
        for (const auto *data :
             {R"({ "account":"1", "owner":"A\u0064a","opening_balance":1000 ,"big":23958446825181076828,"one":1.0e0})",
              R"({"account":"2","owner":"B\n"})"}) {
            const auto sent = remote(QStringLiteral("submit"), {QStringLiteral("open-account"), QLatin1String(data)});
            QVERIFY2(sent.code == 0, sent.error.constData());
        }
    }
    void cleanup()
    {
        QCOMPARE(m_served->stop(), 0);
        m_served.reset();
    }

    void submitsAndRetries()
    {
        const QString id = QStringLiteral("33bb75db-6e13-48ee-8a54-b3976d3d065b");
        const auto sent = remote(QStringLiteral("submit"),
                                 {QStringLiteral("withdraw-money"), QStringLiteral(R"({"account":"2","amount":5})"),
                                  QStringLiteral("--id"), id});
        QCOMPARE(sent.code, 1);
        QCOMPARE(sent.out.count('\n'), 2);
        QVERIFY(sent.out.contains("insufficient-funds"));
        QCOMPARE(sent.out, local(QStringLiteral("query"), {QStringLiteral("--correlation"), id}).out);
        // The same id with the same content changes nothing.
        QCOMPARE(remote(QStringLiteral("submit"),
                        {QStringLiteral("withdraw-money"), QStringLiteral(R"({"account":"2","amount":5})"),
                         QStringLiteral("--id"), id})
                     .out,
                 sent.out);
        const auto reused = remote(QStringLiteral("submit"),
                                   {QStringLiteral("withdraw-money"), QStringLiteral(R"({"account":"2","amount":6})"),
                                    QStringLiteral("--id"), id});
        QCOMPARE(reused.code, 1);
        QVERIFY(!reused.error.isEmpty());
        QCOMPARE(remote(QStringLiteral("submit"),
                        {QStringLiteral("deposit-money"), QStringLiteral(R"({"account":"2","amount":7})"),
                         QStringLiteral("--expect"), QStringLiteral("1")})
                     .code,
                 0);
        const auto stale = remote(QStringLiteral("submit"),
                                  {QStringLiteral("deposit-money"), QStringLiteral(R"({"account":"2","amount":7})"),
                                   QStringLiteral("--expect"), QStringLiteral("1")});
        QCOMPARE(stale.code, 1);
        QVERIFY(stale.out.contains("revision-conflict"));
        const auto again = remote(QStringLiteral("retry"), {id});
        QVERIFY2(again.code == 0, again.error.constData());
        QVERIFY(again.out.contains("\"parent\":\"" + id.toUtf8()));
        QCOMPARE(remote(QStringLiteral("submit"), {QStringLiteral("deposit-money"), QStringLiteral("{}")}).code, 1);
        const auto noJson
            = remote(QStringLiteral("submit"), {QStringLiteral("deposit-money"), QStringLiteral(R"({},"id":"x")")});
        QCOMPARE(noJson.code, 1);
        const auto none = remote(QStringLiteral("submit"), {QStringLiteral("dance"), QStringLiteral("{}")});
        QVERIFY(none.code == 1 && none.error.contains("dance"));
    }

    void saysTheSameAsTheWorkspace()
    {
        compare(QStringLiteral("query"));
        compare(QStringLiteral("query"), {QStringLiteral("--newest"), QStringLiteral("--limit"), QStringLiteral("2")});
        compare(QStringLiteral("query"),
                {QStringLiteral("--kind"), QStringLiteral("event"), QStringLiteral("--filter"),
                 QStringLiteral("data.opening_balance = 1e3")});
        compare(QStringLiteral("query"), {QStringLiteral("--status"), QStringLiteral("succeeded")});
        compare(QStringLiteral("query"), {QStringLiteral("--view"), QStringLiteral("accounts")});
        compare(QStringLiteral("query"),
                {QStringLiteral("--view"), QStringLiteral("accounts"), QStringLiteral("--key"), QStringLiteral("1"),
                 QStringLiteral("--at"), QStringLiteral("3")});
        // Each has its own moment and its own sender.
        const QStringList asked{QStringLiteral("deposit-money"), QStringLiteral(R"({"account":"1","amount":5})"),
                                QStringLiteral("--at"), QStringLiteral("6")};
        for (const auto &preview :
             {local(QStringLiteral("preview"), asked), remote(QStringLiteral("preview"), asked)}) {
            QVERIFY2(preview.code == 0, preview.error.constData());
            QVERIFY2(preview.out.contains(R"({"pointer":"/balance","before":1000,"after":1005})"),
                     preview.out.constData());
        }
        QCOMPARE(remote(QStringLiteral("preview"),
                        {QStringLiteral("withdraw-money"), QStringLiteral(R"({"account":"2","amount":5})")})
                     .code,
                 1);
        compare(QStringLiteral("verify"), {QStringLiteral("--json")});
        compare(QStringLiteral("verify"));
        compare(QStringLiteral("views"));
        compare(QStringLiteral("views"), {QStringLiteral("versions")});
        compare(QStringLiteral("views"),
                {QStringLiteral("diff"), QStringLiteral("accounts"), QStringLiteral("1"), QStringLiteral("1")});
        const auto missing = remote(QStringLiteral("query"), {QStringLiteral("--view"), QStringLiteral("none")});
        QCOMPARE(missing.code, 1);
        QVERIFY(missing.error.contains("none"));
        const auto wrong
            = remote(QStringLiteral("query"), {QStringLiteral("--filter"), QStringLiteral("kind = event and kee = 5")});
        QVERIFY(wrong.code == 1 && wrong.error.contains("kee"));
    }

    void exportsAreTheSameFile()
    {
        compare(QStringLiteral("export"));
        compare(
            QStringLiteral("export"),
            {QStringLiteral("--kind"), QStringLiteral("event"), QStringLiteral("--text"), QStringLiteral("Ada,\"& =")});
        compare(QStringLiteral("export"),
                {QStringLiteral("--first"), QStringLiteral("2"), QStringLiteral("--last"), QStringLiteral("4"),
                 QStringLiteral("--status"), QStringLiteral("succeeded")});
        compare(QStringLiteral("export"),
                {QStringLiteral("--format"), QStringLiteral("csv"), QStringLiteral("--fields"),
                 QStringLiteral("/account,/big")});
        QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("all.ndjson"));
        const auto exported
            = remote(QStringLiteral("export"), {QStringLiteral("--output"), file, QStringLiteral("--json")});
        QVERIFY2(exported.code == 0, exported.error.constData());
        QVERIFY2(exported.out.contains(R"("whole":true,"records":6)"), exported.out.constData());
        QCOMPARE(local(QStringLiteral("export"),
                       {QStringLiteral("--output"), folder.filePath(QStringLiteral("b")), QStringLiteral("--json")})
                     .out,
                 exported.out);
        const auto copy = folder.filePath(QStringLiteral("copy.ledger"));
        const auto imported = run({QStringLiteral("import"), QStringLiteral("--workspace"), copy, file});
        QVERIFY2(imported.code == 0, imported.error.constData());
        QCOMPARE(run({QStringLiteral("export"), QStringLiteral("--workspace"), copy}).out,
                 local(QStringLiteral("export")).out);
        QCOMPARE(remote(QStringLiteral("export"), {QStringLiteral("--format"), QStringLiteral("xml")}).code, 1);
    }

    void followsTheLedger()
    {
        QProcess tail;
        tail.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        tail.start(QStringLiteral(COMMANDERCTL),
                   {QStringLiteral("tail"), QStringLiteral("--url"), m_url, QStringLiteral("--begin"),
                    QStringLiteral("2"), QStringLiteral("--kind"), QStringLiteral("event")});
        QVERIFY(tail.waitForStarted());
        QByteArray out;
        const auto lines = [&tail, &out](int count) {
            return QTest::qWaitFor([&] { return (out += tail.readAllStandardOutput()).count('\n') >= count; }, 30'000);
        };
        QVERIFY2(lines(2), out.constData());
        QCOMPARE(remote(QStringLiteral("submit"),
                        {QStringLiteral("deposit-money"), QStringLiteral(R"({"account":"1","amount":5})")})
                     .code,
                 0);
        QVERIFY2(lines(3), out.constData());
        tail.terminate();
        QVERIFY(tail.waitForFinished(30'000));
        QCOMPARE(tail.exitCode(), 0);
        QCOMPARE(out, local(QStringLiteral("query"), {QStringLiteral("--kind"), QStringLiteral("event")}).out);
    }

    void operatesConsumers()
    {
        const auto listed = remote(QStringLiteral("consumers"));
        QVERIFY2(listed.code == 0 && listed.out.contains(R"("name":"domain:bank")"), listed.error.constData());
        const auto paused = remote(QStringLiteral("consumers"),
                                   {QStringLiteral("pause"), QStringLiteral("domain:bank"), QStringLiteral("--reason"),
                                    QStringLiteral("a \"b\"")});
        QVERIFY2(paused.out.contains(R"("state":"paused")") && paused.out.contains("\"reason\":\"a \\\"b\\\"\""),
                 (paused.out + paused.error).constData());
        const auto waits = remote(QStringLiteral("submit"),
                                  {QStringLiteral("deposit-money"), QStringLiteral(R"({"account":"1","amount":5})"),
                                   QStringLiteral("--wait"), QStringLiteral("1")});
        QVERIFY2(waits.code == 1 && waits.error.contains("no result yet"), waits.error.constData());
        QCOMPARE(remote(QStringLiteral("consumers"), {QStringLiteral("resume"), QStringLiteral("domain:bank")}).code,
                 0);
        const auto reset = remote(QStringLiteral("consumers"), {QStringLiteral("reset"), QStringLiteral("index")});
        QVERIFY2(reset.code == 0 && reset.out.contains(R"("name":"index")"), reset.error.constData());
        QCOMPARE(remote(QStringLiteral("consumers"), {QStringLiteral("pause"), QStringLiteral("nobody")}).code, 1);
    }

    void wrongCommandLines()
    {
        for (const auto *const name : {"what-if", "replay", "shadow", "import", "rebuild", "serve", "bench", "test"}) {
            const auto refused = remote(QLatin1String(name));
            QCOMPARE(refused.code, 64);
            QVERIFY2(refused.error.contains("works on a workspace"), refused.error.constData());
        }
        for (const auto &rest :
             {QStringList{QStringLiteral("--sandbox")}, QStringList{QStringLiteral("--workspace"), QStringLiteral("x")},
              QStringList{QStringLiteral("--token-file"), QStringLiteral("/nonexistent")}})
            QCOMPARE(remote(QStringLiteral("query"), rest).code, 1);
        for (const auto *const url : {"ftp://127.0.0.1/", "127.0.0.1:8080", "http://127.0.0.1:8080/x", ""}) {
            const auto refused = run({QStringLiteral("query"), QStringLiteral("--url"), QLatin1String(url)});
            QCOMPARE(refused.code, 1);
            QVERIFY2(refused.error.contains("not the URL of a server"), refused.error.constData());
        }
        // Nobody listens there.
        const auto gone = run({QStringLiteral("query"), QStringLiteral("--url"), QStringLiteral("http://127.0.0.1:9")});
        QVERIFY2(gone.code == 1 && gone.error.contains("no answer"), gone.error.constData());
        QCOMPARE(remote(QStringLiteral("export"),
                        {QStringLiteral("--resume"), QStringLiteral("--output"), QStringLiteral("x")})
                     .code,
                 1);
    }

    /// The man page and the completions say of every subcommand what its own help says.
    void theManualIsTrue()
    {
        const auto man = run({QStringLiteral("manual"), QStringLiteral("man")});
        QCOMPARE(man.code, 0);
        QTemporaryDir folder;
        const auto completions = folder.filePath(QStringLiteral("commanderctl"));
        const auto bash = run({QStringLiteral("manual"), QStringLiteral("bash")});
        QCOMPARE(bash.code, 0);
        QFile file(completions);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bash.out) == bash.out.size());
        file.close();
        const auto complete = [&completions](const QString &words) {
            QProcess shell;
            shell.start(
                QStringLiteral("bash"),
                {QStringLiteral("-c"),
                 QStringLiteral("source \"$1\"; COMP_WORDS=(commanderctl %1); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
                                "_commanderctl; printf '%s\\n' \"${COMPREPLY[@]}\"")
                     .arg(words),
                 QStringLiteral("bash"), completions});
            shell.waitForFinished();
            auto found = QString::fromUtf8(shell.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
            found.sort();
            return found;
        };
        const auto usage = QString::fromUtf8(run({}).out);
        QStringList names;
        static const QRegularExpression name(QStringLiteral("^  ([a-z-]+) +[a-z]"),
                                             QRegularExpression::MultilineOption);
        for (auto it = name.globalMatch(usage); it.hasNext();)
            names << it.next().captured(1);
        QVERIFY(names.size() > 15 && names.contains(QStringLiteral("submit")));
        static const QRegularExpression option(QStringLiteral("^  (-[^<]*?)(?: <[A-Z=:]+>)?(?:  .*)?$"),
                                               QRegularExpression::MultilineOption);
        const auto page = QString::fromUtf8(man.out);
        for (const auto &subcommand : names) {
            QVERIFY2(page.contains(QStringLiteral("\n.SS ") + QString(subcommand).replace(u'-', QStringLiteral("\\-"))),
                     qPrintable(subcommand));
            const auto help = QString::fromUtf8(run({subcommand, QStringLiteral("--help")}).out);
            QStringList options;
            for (auto it = option.globalMatch(help); it.hasNext();) {
                for (const auto &word : it.next().captured(1).split(QStringLiteral(", "))) {
                    options << word.trimmed();
                    QVERIFY2(page.contains(QString(options.last()).replace(u'-', QStringLiteral("\\-"))),
                             qPrintable(subcommand + u' ' + options.last()));
                }
            }
            options.sort();
            QVERIFY2(options.contains(QStringLiteral("--help")), qPrintable(help));
            QCOMPARE(complete(subcommand + QStringLiteral(" -")), options);
            QVERIFY(complete(subcommand.first(2)).contains(subcommand));
        }
        QVERIFY(complete(QStringLiteral("verify --workspace ") + folder.path() + u'/').contains(completions));
        QCOMPARE(complete(QStringLiteral("query --kind -")), QStringList());
        if (const auto groff = QStandardPaths::findExecutable(QStringLiteral("groff")); !groff.isEmpty()) {
            QProcess typeset;
            typeset.start(groff,
                          {QStringLiteral("-man"), QStringLiteral("-Tutf8"), QStringLiteral("-Kutf8"),
                           QStringLiteral("-P-cbou"), QStringLiteral("-ww")});
            typeset.write(man.out);
            typeset.closeWriteChannel();
            QVERIFY(typeset.waitForFinished());
            QCOMPARE(typeset.readAllStandardError(), QByteArray());
            QVERIFY(typeset.readAllStandardOutput().contains("EXIT STATUS"));
        }
        QCOMPARE(run({QStringLiteral("manual")}).code, 64);
    }
};

QTEST_GUILESS_MAIN(TestRemote)
#include "tst_remote.moc"
