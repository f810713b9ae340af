// SPDX-License-Identifier: GPL-3.0-or-later
#include "browser.h"
#include "http_client.h"
#include "served_workspace.h"

/// A real browser's EventSource on /live: the stream arrives, exact, and goes on without hole or repeat when the server
/// was killed and came back.
class TestBrowser : public QObject {
    Q_OBJECT

    static constexpr int waitMax = 60'000;

    /// Waits until the page has this many rows.
    [[nodiscard]] static bool waitForRows(Browser &browser, int count)
    {
        const auto wanted = QString::number(count);
        return QTest::qWaitFor(
            [&] { return browser.evaluate(QStringLiteral("document.querySelectorAll('#rows tr').length")) == wanted; },
            waitMax);
    }
    [[nodiscard]] static QString column(Browser &browser, int number)
    {
        return browser.evaluate(
            QStringLiteral(
                "[...document.querySelectorAll('#rows tr')].reverse().map(r => r.cells[%1].textContent).join(' ')")
                .arg(number));
    }

private Q_SLOTS:
    void eventSourceFollowsAndResumes()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        const auto send = [&served](const QByteArray &account) {
            HttpClient http(served.port());
            const auto answer = http.post("/commands?sync=true",
                                          R"({"action":"open-account","data":{"account":")" + account
                                              + R"(","owner":"<script>document.title='run'</script>"}})");
            return answer && answer->status == 201;
        };
        QVERIFY(send("A1"));

        Browser browser;
        QVERIFY2(browser.start(QStringLiteral(CHROMIUM)), qPrintable(browser.error()));
        QVERIFY2(browser.open(QStringLiteral("http://127.0.0.1:%1/live?from=start").arg(served.port())),
                 qPrintable(browser.error()));
        QVERIFY2(waitForRows(browser, 3), qPrintable(column(browser, 2)));
        QCOMPARE(column(browser, 1), QStringLiteral("command event result"));

        // Live.
        QVERIFY(send("A2"));
        QVERIFY2(waitForRows(browser, 6), qPrintable(column(browser, 2)));

        // Killed, and there again: the browser connects by itself and has missed nothing.
        served.kill();
        QTRY_COMPARE_WITH_TIMEOUT(browser.evaluate(QStringLiteral("document.getElementById('state').dataset.state")),
                                  QStringLiteral("waiting"), waitMax);
        QVERIFY(served.start(served.port()));
        QVERIFY(send("A3"));
        QVERIFY2(waitForRows(browser, 9), qPrintable(column(browser, 2)));
        QCOMPARE(column(browser, 0), QStringLiteral("1 2 3 4 5 6 7 8 9"));
        // A result names its command, not the key.
        QCOMPARE(column(browser, 3), QStringLiteral("A1 A1  A2 A2  A3 A3 "));

        // What a record says is text, never code.
        QCOMPARE(browser.evaluate(QStringLiteral("document.title")), QStringLiteral("Live - Commander"));
        QVERIFY(column(browser, 4).contains(QStringLiteral("<script>")));
    }

    /// What the page lets its reader do: pause, look closer, ask for less, and see why something was refused.
    void livePageObeys()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        const auto send = [&served](const QByteArray &action, const QByteArray &data) {
            HttpClient http(served.port());
            const auto answer
                = http.post("/commands?sync=true", R"({"action":")" + action + R"(","data":)" + data + "}");
            return answer && answer->status == 201;
        };
        Browser browser;
        QVERIFY2(browser.start(QStringLiteral(CHROMIUM)), qPrintable(browser.error()));
        QVERIFY2(browser.open(QStringLiteral("http://127.0.0.1:%1/live?from=start").arg(served.port())),
                 qPrintable(browser.error()));
        const auto value = [&browser](const char *expression) { return browser.evaluate(QLatin1String(expression)); };
        const auto state = [&value] { return value("document.getElementById('state').dataset.state"); };
        QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("open"), waitMax);
        QCOMPARE(value("[...document.querySelectorAll('input, select')].filter(e => e.labels.length !== 1).length"),
                 QStringLiteral("0"));

        // Paused, it counts what comes, and shows it afterwards.
        (void)value("document.getElementById('pause').click()");
        QVERIFY(send("open-account", R"({"account":"A1", "owner":"Ann"})"));
        QTRY_COMPARE_WITH_TIMEOUT(value("document.getElementById('pause').textContent"), QStringLiteral("Go on (3)"),
                                  waitMax);
        QCOMPARE(value("document.querySelectorAll('#rows tr').length"), QStringLiteral("0"));
        (void)value("document.getElementById('pause').click()");
        QVERIFY(waitForRows(browser, 3));

        // The whole record, every digit and blank of its data in place.
        (void)value("[...document.querySelectorAll('#rows button')].pop().click()");
        const auto detail = value("document.querySelector('tr.detail').textContent");
        QVERIFY2(detail.contains(QStringLiteral("\"account\": \"A1\"")), qPrintable(detail));
        QCOMPARE(value("[...document.querySelectorAll('#rows button')].pop().getAttribute('aria-expanded')"),
                 QStringLiteral("true"));
        (void)value("[...document.querySelectorAll('#rows button')].pop().click()");
        QCOMPARE(value("document.querySelectorAll('tr.detail').length"), QStringLiteral("0"));

        const auto apply = [&value](const char *filter) {
            (void)value((QByteArray("document.getElementById('filter').value = '") + filter
                         + "', document.getElementById('choice').requestSubmit()")
                            .constData());
        };
        // What cannot be asked is explained.
        apply("action =");
        QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("refused"), waitMax);
        QTRY_VERIFY_WITH_TIMEOUT(value("document.getElementById('problem').textContent").startsWith(u"Not a filter"),
                                 waitMax);
        QCOMPARE(value("document.getElementById('problem').hidden"), QStringLiteral("false"));
        // Another question is answered from its beginning.
        apply("action = \"account-opened\"");
        QVERIFY2(waitForRows(browser, 1), qPrintable(column(browser, 2)));
        QCOMPARE(column(browser, 2), QStringLiteral("account-opened"));
        QVERIFY(send("deposit-money", R"({"account":"A1","amount":5})"));
        QVERIFY(send("open-account", R"({"account":"A2","owner":"Bob"})"));
        QVERIFY2(waitForRows(browser, 2), qPrintable(column(browser, 2)));
        QCOMPARE(column(browser, 3), QStringLiteral("A1 A2"));

        apply("");
        QVERIFY2(waitForRows(browser, 9), qPrintable(column(browser, 2)));
        (void)value("[...document.querySelectorAll('#rows button')][4].click()");
        if (const auto file = qEnvironmentVariable("COMMANDER_LIVE_SHOT"); !file.isEmpty()) {
            QVERIFY(browser.saveScreenshot(file + QStringLiteral("-light.png")));
            QVERIFY(browser.preferDark());
            QVERIFY(browser.saveScreenshot(file + QStringLiteral("-dark.png")));
        }
    }

    /// resources/examples/javascript: submits, reads what it wrote, follows, and goes on when the server was killed.
    void theExampleClient()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        Browser browser;
        QVERIFY2(browser.start(QStringLiteral(CHROMIUM)), qPrintable(browser.error()));
        QVERIFY2(browser.open(QStringLiteral("http://127.0.0.1:%1/live").arg(served.port())),
                 qPrintable(browser.error()));
        QFile file(QStringLiteral(EXAMPLES "/javascript/bank.js"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(browser.evaluate(QStringLiteral("(() => {") + QString::fromUtf8(file.readAll())
                                  + QStringLiteral("window.bank = bank; return 'loaded'; })()")),
                 QStringLiteral("loaded"));
        QCOMPARE(
            browser.evaluate(QStringLiteral(
                "(window.lines = [], bank(4, (line) => lines.push(line)).then(() => lines.push('done')), 'begun')")),
            QStringLiteral("begun"));
        const auto lines = [&browser] { return browser.evaluate(QStringLiteral("lines.join('|')")); };
        QTRY_COMPARE_WITH_TIMEOUT(
            lines(), QStringLiteral("balance 150|refused insufficient-funds|2 account-opened|5 money-deposited"),
            waitMax);
        served.kill();
        QVERIFY(served.start(served.port()));
        HttpClient http(served.port());
        for (int i = 0; i < 2; ++i) {
            const auto answer = http.post("/commands?sync=true",
                                          R"({"action":"open-account","data":{"account":"a)" + QByteArray::number(i)
                                              + R"(","owner":"Bob"}})");
            QVERIFY(answer && answer->status == 201);
        }
        QTRY_COMPARE_WITH_TIMEOUT(lines(),
                                  QStringLiteral("balance 150|refused insufficient-funds|2 account-opened|5 "
                                                 "money-deposited|10 account-opened|13 account-opened|done"),
                                  waitMax);
    }

    /// /docs lists every operation of the API's own document, and its curl lines run as they stand.
    void docsListEveryOperation()
    {
        ServedWorkspace served;
        QVERIFY(served.start());
        Browser browser;
        QVERIFY2(browser.start(QStringLiteral(CHROMIUM)), qPrintable(browser.error()));
        QVERIFY2(browser.open(QStringLiteral("http://127.0.0.1:%1/docs").arg(served.port())),
                 qPrintable(browser.error()));
        const auto value = [&browser](const char *expression) { return browser.evaluate(QLatin1String(expression)); };
        QTRY_VERIFY_WITH_TIMEOUT(value("document.querySelectorAll('section').length").toInt() > 30, waitMax);
        QCOMPARE(value("document.title"), QStringLiteral("API - Commander"));
        QCOMPARE(value("document.querySelectorAll('section').length"),
                 value("document.querySelectorAll('#index a').length"));
        QVERIFY(!value("document.body.textContent").contains(u'`'));

        const auto line = value("document.querySelector('#submitCommand pre').textContent");
        QVERIFY2(line.startsWith(QStringLiteral("curl -s 'http://127.0.0.1:")), qPrintable(line));
        QProcess shell;
        shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), line});
        QVERIFY(shell.waitForFinished(waitMax));
        const auto answer = shell.readAllStandardOutput();
        QVERIFY2(answer.contains(R"("status":"accepted")"), answer.constData());

        QCOMPARE(
            value(
                "(() => { const find = document.getElementById('find'); find.value = 'blame'; "
                "find.dispatchEvent(new Event('input')); "
                "return [...document.querySelectorAll('section')].filter(s => !s.hidden).map(s => s.id).join(); })()"),
            QStringLiteral("blameDocument"));
        if (const auto file = qEnvironmentVariable("COMMANDER_DOCS_SHOT"); !file.isEmpty())
            QVERIFY(browser.saveScreenshot(file));
    }
};

QTEST_GUILESS_MAIN(TestBrowser)
#include "tst_browser.moc"
