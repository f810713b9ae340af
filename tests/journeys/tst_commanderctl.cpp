// SPDX-License-Identifier: GPL-3.0-or-later
#include "program_run.h"
#include "served_workspace.h"

#include <commander/json.h>

#include <QProcess>

using namespace commander;

/// The command-line twin, run as a user runs it.
class TestCommanderctl : public QObject {
    Q_OBJECT

    using Run = ProgramRun;
    static Run run(const QStringList &arguments) { return runCommanderctl(arguments); }
    static QStringList with(const QString &ledger, const QString &subcommand, const QStringList &rest = {})
    {
        return QStringList{subcommand, QStringLiteral("--workspace"), ledger} + rest;
    }

private Q_SLOTS:
    void domainFolders()
    {
        const auto sample = QStringLiteral(COMMANDER_SAMPLE_DOMAINS "/fulfilment");
        const auto tested = run({QStringLiteral("test"), sample});
        QVERIFY2(tested.code == 0, tested.out + tested.error);
        QVERIFY(tested.out.contains("fulfilment: ") && tested.out.contains(" 0 failed"));
        QCOMPARE(run({QStringLiteral("test")}).code, 64);

        QTemporaryDir folder;
        QFile manifest(folder.filePath(QStringLiteral("domain.json")));
        QVERIFY(manifest.open(QIODevice::WriteOnly) && manifest.write("{\n  \"name\": 1\n}") > 0);
        manifest.close();
        const auto broken = run({QStringLiteral("test"), folder.path(), sample});
        QCOMPARE(broken.code, 1);
        QVERIFY2(broken.out.contains("domain.json:2:11 /name: 'name' must be a text"), broken.out.constData());
        QVERIFY2(broken.out.contains("fulfilment: "), "one broken folder does not keep the others from being tested");

        const auto ledger = folder.filePath(QStringLiteral("shop.ledger"));
        const QStringList domain{QStringLiteral("--domain"), sample};
        const auto refused
            = run(with(ledger, QStringLiteral("submit"),
                       {QStringLiteral("--domain"), folder.path(), QStringLiteral("add-stock"), QStringLiteral("{}")}));
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.error.contains("domain.json:2:11"), refused.error.constData());
        const auto added = run(
            with(ledger, QStringLiteral("submit"),
                 domain + QStringList{QStringLiteral("add-stock"), QStringLiteral(R"({"sku":"mug","quantity":7})")}));
        QVERIFY2(added.code == 0, added.error.constData());
        const auto stock = run(with(ledger, QStringLiteral("query"),
                                    domain
                                        + QStringList{QStringLiteral("--view"), QStringLiteral("stock"),
                                                      QStringLiteral("--key"), QStringLiteral("mug")}));
        QCOMPARE(stock.out.trimmed(), QByteArray(R"({"available":7})"));
    }

    void submitQueryExportVerify()
    {
        QTemporaryDir folder;
        const auto ledger = folder.filePath(QStringLiteral("a.ledger"));
        const auto open = QStringLiteral(R"({"account":"12345","owner":"Talk","opening_balance":50000})");
        const auto opened = run(with(ledger, QStringLiteral("submit"), {QStringLiteral("open-account"), open}));
        QVERIFY2(opened.code == 0, opened.error.constData());
        QCOMPARE(opened.out.count('\n'), 2); // the command and its result

        const auto rejected = run(with(ledger, QStringLiteral("submit"), {QStringLiteral("open-account"), open}));
        QCOMPARE(rejected.code, 1);
        QVERIFY(rejected.out.contains("account-exists"));

        const auto invalid
            = run(with(ledger, QStringLiteral("submit"), {QStringLiteral("open-account"), QStringLiteral("{}")}));
        QCOMPARE(invalid.code, 1);
        QVERIFY(invalid.error.contains("account"));

        const auto document = run(with(
            ledger, QStringLiteral("query"),
            {QStringLiteral("--view"), QStringLiteral("accounts"), QStringLiteral("--key"), QStringLiteral("12345")}));
        QVERIFY2(document.code == 0, document.error.constData());
        QVERIFY(document.out.contains(R"("balance":50000)"));

        const auto events
            = run(with(ledger, QStringLiteral("query"), {QStringLiteral("--kind"), QStringLiteral("event")}));
        QCOMPARE(events.out.count('\n'), 1);
        QVERIFY(events.out.contains("account-opened"));

        const auto filter = [](const char *text) {
            return QStringList{QStringLiteral("--filter"), QString::fromLatin1(text)};
        };
        const auto found = run(with(ledger, QStringLiteral("query"),
                                    filter("data.opening_balance = 5e4 and not status = rejected and kind = command")));
        QVERIFY2(found.code == 0, found.error.constData());
        QCOMPARE(found.out.count('\n'), 1);
        const auto wrong = run(with(ledger, QStringLiteral("query"), filter("kind = event and kee = 5")));
        QCOMPARE(wrong.code, 1);
        QVERIFY2(wrong.error.contains("kind = event and kee = 5\n                 ^\ncolumn 18: unknown field"),
                 wrong.error.constData());
        const auto some = run(with(ledger, QStringLiteral("export"), filter("kind = result and action ~ '^rej'")));
        QVERIFY2(some.out.contains(R"("records":1)"), some.out.constData());

        const auto exported = run(with(ledger, QStringLiteral("export")));
        QVERIFY2(exported.code == 0, exported.error.constData());
        const auto lines = exported.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 7); // header, command, event, result, command, result, trailer
        QVERIFY(lines[1].contains(open.toUtf8()));
        QVERIFY(lines.last().contains(R"("records":5)"));
        for (const auto &line : lines)
            QVERIFY(checkJson(std::string_view(line.constData(), static_cast<std::size_t>(line.size()))));

        const auto verified = run({QStringLiteral("verify"), ledger, QStringLiteral("--json")});
        QCOMPARE(verified.code, 0);
        QVERIFY(verified.out.contains(R"("verdict":"intact","records":5)"));
    }

    void viewsVersionsAndRebuild()
    {
        QTemporaryDir folder;
        const auto ledger = folder.filePath(QStringLiteral("a.ledger"));
        const auto open = QStringLiteral(R"({"account":"12345","owner":"Talk","opening_balance":50000})");
        QCOMPARE(run(with(ledger, QStringLiteral("submit"), {QStringLiteral("open-account"), open})).code, 0);
        const auto views = [&](const QStringList &rest) { return run(with(ledger, QStringLiteral("views"), rest)); };

        const auto list = views({});
        QVERIFY2(list.code == 0, list.error.constData());
        QVERIFY(list.out.contains(R"({"view":"accounts","version":1,"domain":"bank")"));
        const auto versions = views({QStringLiteral("versions"), QStringLiteral("accounts")});
        QVERIFY2(versions.code == 0, versions.error.constData());
        QCOMPARE(versions.out.count('\n'), 1);
        QVERIFY(versions.out.contains(R"("state":"serving","decides":true,"position":3,"head":3,"documents":1)"));
        const auto diff
            = views({QStringLiteral("diff"), QStringLiteral("accounts"), QStringLiteral("1"), QStringLiteral("1")});
        QVERIFY2(diff.code == 0, diff.error.constData());
        QCOMPARE(diff.out, QByteArray(R"({"at":3,"same":1,"added":0,"removed":0,"changed":0})").append('\n'));
        const auto promoted = views({QStringLiteral("promote"), QStringLiteral("accounts"), QStringLiteral("1")});
        QVERIFY2(promoted.code == 0, promoted.error.constData());
        const auto missing = views({QStringLiteral("promote"), QStringLiteral("accounts"), QStringLiteral("7")});
        QCOMPARE(missing.code, 1);
        QVERIFY(missing.error.contains("There are 1-"));
        QCOMPARE(views({QStringLiteral("rollback"), QStringLiteral("accounts")}).code, 1);
        QCOMPARE(views({QStringLiteral("rollback")}).code, 64);
        QCOMPARE(views({QStringLiteral("sideways")}).code, 64);

        const auto rebuilt = run(with(ledger, QStringLiteral("rebuild")));
        QVERIFY2(rebuilt.code == 0, rebuilt.error.constData());
        QVERIFY(rebuilt.out.contains("from 3 records"));
        QCOMPARE(views({}).out, list.out);
        QCOMPARE(run(with(folder.filePath(QStringLiteral("none")), QStringLiteral("rebuild"))).code, 1);
    }

    void verifyNamesTheFirstBadRecord()
    {
        QTemporaryDir folder;
        const auto ledger = folder.filePath(QStringLiteral("a.ledger"));
        const auto data = QStringLiteral(R"({"account":"tampered-%1","owner":"Talk"})");
        for (int i = 0; i < 3; ++i)
            QCOMPARE(run(with(ledger, QStringLiteral("submit"), {QStringLiteral("open-account"), data.arg(i)})).code,
                     0);
        // Move everything from the log into the file, then change one letter of the second command there.
        const QString checkpoint = QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)");
        QCOMPARE(QProcess::execute(QStringLiteral("sqlite3"), {ledger, checkpoint}), 0);
        QFile file(ledger);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const auto at = file.readAll().indexOf(R"({"account":"tampered-1","owner":"Talk"})");
        QVERIFY(at > 0);
        QVERIFY(file.seek(at + 12));
        QCOMPARE(file.write("T"), 1);
        file.close();
        const auto verified = run({QStringLiteral("verify"), ledger});
        QCOMPARE(verified.code, 1);
        QVERIFY2(verified.out.contains("first bad record: position 4"), verified.out.constData());
    }

    void tryingOut()
    {
        QTemporaryDir folder;
        const auto ledger = folder.filePath(QStringLiteral("a.ledger"));
        const auto open = QStringLiteral(R"({"account":"1","owner":"Ada","opening_balance":100})");
        QCOMPARE(run(with(ledger, QStringLiteral("submit"), {QStringLiteral("open-account"), open})).code, 0);
        const auto id = QStringLiteral("33bb75db-6e13-48ee-8a54-b3976d3d065b");
        const auto withdraw = QStringLiteral(R"({"account":"1","amount":60})");
        const auto before = run(with(ledger, QStringLiteral("export"))).out;

        const auto preview = run(with(ledger, QStringLiteral("preview"),
                                      {QStringLiteral("withdraw-money"), withdraw, QStringLiteral("--id"), id}));
        QVERIFY2(preview.code == 0, preview.error.constData());
        QVERIFY(preview.out.contains(R"({"pointer":"/balance","before":100,"after":40})"));
        QCOMPARE(run(with(ledger, QStringLiteral("preview"),
                          {QStringLiteral("withdraw-money"), QStringLiteral(R"({"account":"1","amount":101})")}))
                     .code,
                 1);
        QCOMPARE(run(with(ledger, QStringLiteral("preview"), {QStringLiteral("withdraw-money")})).code, 64);
        QCOMPARE(run(with(ledger, QStringLiteral("export"))).out, before);

        QCOMPARE(run(with(ledger, QStringLiteral("submit"),
                          {QStringLiteral("withdraw-money"), withdraw, QStringLiteral("--id"), id}))
                     .code,
                 0);
        const auto replay = run(with(ledger, QStringLiteral("replay")));
        QVERIFY2(replay.code == 0, replay.error.constData());
        QVERIFY2(replay.out.contains(R"("commands":2,"same":2,"different":{})"), replay.out.constData());

        // The scripted bank decides as the built-in one does; another limit shows.
        const auto scripts = QStringLiteral(COMMANDER_SAMPLE_DOMAINS "/bank");
        const auto scripted = run(with(ledger, QStringLiteral("replay"), {QStringLiteral("--domain"), scripts}));
        QVERIFY2(scripted.code == 0, scripted.error.constData());
        QVERIFY2(scripted.out.contains(R"("commands":2,"same":2,"different":{})"), scripted.out.constData());
        QTemporaryDir changed;
        for (const auto *const name : {"domain.json", "domain.js", "statements.js"}) {
            QFile from(scripts + QLatin1Char('/') + QLatin1String(name));
            QVERIFY(from.open(QIODevice::ReadOnly));
            auto text = from.readAll();
            text.replace("insufficient-funds", "too-poor");
            QFile to(changed.filePath(QLatin1String(name)));
            QVERIFY(to.open(QIODevice::WriteOnly) && to.write(text) == text.size());
        }
        QCOMPARE(run(with(ledger, QStringLiteral("submit"),
                          {QStringLiteral("withdraw-money"), QStringLiteral(R"({"account":"1","amount":41})")}))
                     .code,
                 1);
        const auto other = run(with(ledger, QStringLiteral("replay"), {QStringLiteral("--domain"), changed.path()}));
        QCOMPARE(other.code, 1);
        QVERIFY2(other.out.contains(R"("commands":3,"same":2,"different":{"code":1})"), other.out.constData());
        QVERIFY(other.out.contains("too-poor"));

        QFile edits(folder.filePath(QStringLiteral("edits.json")));
        QVERIFY(edits.open(QIODevice::WriteOnly));
        edits.write(R"([{"replace":"33bb75db-6e13-48ee-8a54-b3976d3d065b","data":{"account":"1","amount":61}},
                         {"add":"deposit-money","after":3,"data":{"account":"1","amount":1}}])");
        edits.close();
        const auto branch = run(with(ledger, QStringLiteral("what-if"), {QStringLiteral("--edits"), edits.fileName()}));
        QVERIFY2(branch.code == 0, branch.error.constData());
        QVERIFY2(branch.out.contains(R"("different":{"event-data":1,"added":1})"), branch.out.constData());
        // 61 out and 1 in: the balance is the same, but there is one movement more.
        const auto account
            = R"({"view":"accounts","key":"1","fields":[{"pointer":"/movements","before":2,"after":3}]})";
        QVERIFY2(branch.out.contains(account), branch.out.constData());
        const auto refused
            = run(with(ledger, QStringLiteral("what-if"),
                       {QStringLiteral("--from"), QStringLiteral("6"), QStringLiteral("--edits"), edits.fileName()}));
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.error.contains("edit 1"), refused.error.constData());
    }

    void aSecondOwnerIsRefusedAndToldWhoHoldsIt()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        const auto second = run(
            with(served.ledger(), QStringLiteral("submit"), {QStringLiteral("open-account"), QStringLiteral("{}")}));
        QCOMPARE(second.code, 3);
        QVERIFY2(second.error.contains("pid "), second.error.constData());
        // Reading beside the owner is fine.
        QCOMPARE(run(with(served.ledger(), QStringLiteral("export"))).code, 0);
        QCOMPARE(run({QStringLiteral("verify"), served.ledger()}).code, 0);
        QCOMPARE(run(with(served.ledger(), QStringLiteral("query"))).code, 0);
        QCOMPARE(served.stop(), 0);
    }

    void wrongCommandLines()
    {
        QCOMPARE(run({}).code, 0);
        QCOMPARE(run({QStringLiteral("dance")}).code, 64);
        QCOMPARE(run({QStringLiteral("verify"), QStringLiteral("--nope")}).code, 64);
        QCOMPARE(run({QStringLiteral("query")}).code, 1);
        const auto missing = run({QStringLiteral("verify"), QStringLiteral("/nonexistent/x.ledger")});
        QCOMPARE(missing.code, 4);
        for (const auto *const name : {"serve", "token", "submit", "preview", "what-if", "replay", "shadow", "tail",
                                       "query", "export", "import", "verify", "bench"}) {
            const auto help = run({QLatin1String(name), QStringLiteral("--help")});
            QCOMPARE(help.code, 0);
            QVERIFY(help.out.contains("Usage:"));
        }
    }
};

QTEST_GUILESS_MAIN(TestCommanderctl)
#include "tst_commanderctl.moc"
