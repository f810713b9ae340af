// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "support_ui/fake_rest.h"
#include "ui/controls.h"

#include "main_window/translations.h"
#include "models/format.h"
#include "rest_page/request_dialog.h"
#include "rest_page/rest_page.h"
#include "widgets/code_box.h"
#include "widgets/segmented_control.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

RequestEntry entry(const char *method, std::string target, std::uint16_t status = 200)
{
    RequestEntry entry;
    entry.method = method;
    entry.target = std::move(target);
    entry.status = status;
    entry.time = Timestamp{1'780'000'000'000'000};
    entry.micros = 1'234;
    entry.bytes = 512;
    entry.client = "127.0.0.1:40312";
    return entry;
}

struct Fixture {
    explicit Fixture(Theme &theme, RestStatus status = {true, "http://127.0.0.1:8080", {}, 3, 1})
        : engine([] {
              test::FakeOptions options;
              options.generated = 60;
              return options;
          }()),
          link(engine), control(std::move(status)), page(link, selection, theme, control)
    {
        page.resize(1280, 800);
        page.show();
        page.activate();
    }
    QTableView &table() { return *page.findChild<QTableView *>(); }
    QPushButton *button(const QString &text)
    {
        for (auto *one : page.findChildren<QPushButton *>()) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
    bool shows(const QString &part)
    {
        for (auto *label : page.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(part))
                return true;
        }
        return false;
    }
    QLineEdit *edit(const QString &name)
    {
        for (auto *one : page.findChildren<QLineEdit *>()) {
            if (one->accessibleName() == name)
                return one;
        }
        return nullptr;
    }
    QString cell(int row, int column) { return table().model()->index(row, column).data().toString(); }
    QString code()
    {
        for (auto *box : page.findChildren<CodeBox *>()) {
            if (box->isVisible())
                return box->code();
        }
        return {};
    }

    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    test::FakeRestControl control;
    RestPage page;
};

} // namespace

class TestRestPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_theme.reset(); }

    void followsTheRequests();
    void aStreamIsOneRow();
    void filters();
    void pausesWithoutLosing();
    void readersStayWhereTheyAre();
    void showsHowToSendItAgain();
    void savesATest();
    void startsAndStops();
    void makesAndRevokesTokens();
    void sendsRequests();
    void hasNames();

private:
    std::unique_ptr<Theme> m_theme;
};

void TestRestPage::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    installTranslation(qApp);
    m_theme = std::make_unique<Theme>();
}

void TestRestPage::followsTheRequests()
{
    Fixture f(*m_theme);
    QVERIFY(f.shows(u"No request yet"_s));
    QVERIFY(f.shows(u"3 requests · 1 open stream"_s));
    f.control.log().add(entry("GET", "/accounts"));
    f.control.log().add(entry("POST", "/commands?sync=true", 409));
    QTRY_COMPARE(f.table().model()->rowCount(), 2);
    QCOMPARE(f.cell(0, RequestModel::Method), u"POST"_s);
    QCOMPARE(f.cell(0, RequestModel::Status), u"409"_s);
    QCOMPARE(f.cell(1, RequestModel::Target), u"/accounts"_s);
    QCOMPARE(f.cell(1, RequestModel::Duration), u"1.23"_s);
    QVERIFY(!f.shows(u"No request yet"_s));
}

void TestRestPage::aStreamIsOneRow()
{
    Fixture f(*m_theme);
    auto begun = entry("GET", "/updates");
    begun.kind = RequestEntry::Kind::StreamBegan;
    begun.request = 1;
    f.control.log().add(begun);
    QTRY_COMPARE(f.table().model()->rowCount(), 1);
    QCOMPARE(f.cell(0, RequestModel::Duration), u"open"_s);
    auto ended = begun;
    ended.kind = RequestEntry::Kind::StreamEnded;
    ended.micros = 61'000'000;
    f.control.log().add(entry("GET", "/events"));
    f.control.log().add(ended);
    QTRY_COMPARE(f.table().model()->rowCount(), 2);
    QTRY_COMPARE(f.cell(1, RequestModel::Duration), u"61,000"_s);
    // Begun and over between two looks.
    begun.request = ended.request = 77;
    f.control.log().add(begun);
    f.control.log().add(ended);
    QTRY_COMPARE(f.table().model()->rowCount(), 3);
    QCOMPARE(f.cell(0, RequestModel::Duration), u"61,000"_s);
}

void TestRestPage::filters()
{
    Fixture f(*m_theme);
    f.control.log().add(entry("GET", "/accounts"));
    auto written = entry("POST", "/commands", 202);
    written.command = "33bb75db-6e13-48ee-8a54-b3976d3d065b";
    f.control.log().add(written);
    auto refused = entry("GET", "/events", 403);
    refused.kind = RequestEntry::Kind::Refused;
    refused.code = "host-not-allowed";
    f.control.log().add(refused);
    QTRY_COMPARE(f.table().model()->rowCount(), 3);
    SegmentedControl *only = nullptr;
    for (auto *control : f.page.findChildren<SegmentedControl *>()) {
        if (control->accessibleName() == u"Which requests")
            only = control;
    }
    QVERIFY(only);
    only->setCurrent(1);
    QCOMPARE(f.table().model()->rowCount(), 1);
    QCOMPARE(f.cell(0, RequestModel::Target), u"/commands"_s);
    only->setCurrent(2);
    QCOMPARE(f.cell(0, RequestModel::Target), u"/events"_s);
    only->setCurrent(0);
    auto *words = f.edit(u"Filter of the requests"_s);
    words->setText(u"33BB75 post"_s);
    QCOMPARE(f.table().model()->rowCount(), 1);
    words->setText(u"host-not"_s);
    QCOMPARE(f.cell(0, RequestModel::Target), u"/events"_s);
    words->setText(u"nothing has this"_s);
    QVERIFY(f.shows(u"No request fits"_s));
    // What comes while a filter is on passes it, too.
    words->setText(u"late"_s);
    f.control.log().add(entry("GET", "/other"));
    f.control.log().add(entry("GET", "/late"));
    QTRY_COMPARE(f.table().model()->rowCount(), 1);
}

void TestRestPage::pausesWithoutLosing()
{
    Fixture f(*m_theme);
    f.control.log().add(entry("GET", "/one"));
    QTRY_COMPARE(f.table().model()->rowCount(), 1);
    f.button(u"Pause"_s)->click();
    f.control.log().add(entry("GET", "/two"));
    f.control.log().add(entry("GET", "/three"));
    QTRY_VERIFY(f.shows(u"paused, 2 newer"_s));
    QCOMPARE(f.table().model()->rowCount(), 1);
    f.button(u"Pause"_s)->click();
    QCOMPARE(f.table().model()->rowCount(), 3);
    // What the server dropped meanwhile is told.
    f.button(u"Pause"_s)->click();
    for (int i = 0; i < 5; ++i)
        f.control.log().add(entry("GET", "/more"));
    f.control.log().forgetTo(6);
    f.button(u"Pause"_s)->click();
    QVERIFY(f.shows(u"3 older ones are not kept any more"_s));
}

void TestRestPage::readersStayWhereTheyAre()
{
    Fixture f(*m_theme);
    for (int i = 0; i < 300; ++i)
        f.control.log().add(entry("GET", "/n/" + std::to_string(i)));
    QTRY_COMPARE(f.table().model()->rowCount(), 300);
    f.table().verticalScrollBar()->setValue(50);
    const auto before = f.cell(f.table().rowAt(0), RequestModel::Target);
    f.table().selectRow(f.table().rowAt(0));
    for (int i = 0; i < 7; ++i)
        f.control.log().add(entry("GET", "/new"));
    QTRY_COMPARE(f.table().model()->rowCount(), 307);
    QCOMPARE(f.cell(f.table().rowAt(0), RequestModel::Target), before);
    QVERIFY(f.shows(u"GET /"_s)); // the title may break after each slash
}

void TestRestPage::showsHowToSendItAgain()
{
    Fixture f(*m_theme);
    const auto command = f.engine.store().record({1});
    auto sent = entry("POST", "/commands?sync=true", 201);
    sent.command = command->id.text();
    f.control.log().add(sent);
    QTRY_COMPARE(f.table().model()->rowCount(), 1);
    f.table().selectRow(0);
    QTRY_VERIFY(f.code().contains(toText(command->data)));
    QVERIFY(f.code().startsWith(u"curl -sS -X POST 'http://127.0.0.1:8080/commands?sync=true'"_s));
    QVERIFY(f.shows(u"records nothing twice"_s));
    f.button(u"Show the command"_s)->click();
    QCOMPARE(f.selection.record(), command->id);
    f.control.log().add(entry("POST", "/commands/preview"));
    QTRY_COMPARE(f.table().model()->rowCount(), 2);
    f.table().selectRow(0);
    QVERIFY(f.shows(u"Bodies are not kept"_s));
}

void TestRestPage::savesATest()
{
    Fixture f(*m_theme);
    f.control.log().add(entry("GET", "/accounts"));
    f.control.log().add(entry("GET", "/nothing", 404));
    QTRY_COMPARE(f.table().model()->rowCount(), 2);
    const QTemporaryDir folder;
    const auto path = folder.filePath(u"requests.sh"_s);
    f.page.saveScript(path);
    QTRY_VERIFY(f.shows(u"Saved as"_s));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto script = file.readAll();
    QVERIFY(script.indexOf("expect 200 'GET /accounts'") < script.indexOf("expect 404 'GET /nothing'"));
    QVERIFY(script.contains("expect 404"));
    f.page.saveScript(folder.filePath(u"no/such/folder.sh"_s));
    QTRY_VERIFY(f.shows(u"folder.sh"_s));
}

void TestRestPage::startsAndStops()
{
    Fixture f(*m_theme, {false, {}, "ports 8080 to 8099 are taken", 0, 0});
    QVERIFY(f.shows(u"Not serving"_s));
    QVERIFY(f.shows(u"ports 8080 to 8099 are taken"_s));
    QVERIFY(!f.button(u"Send a request…"_s)->isEnabled());
    QVERIFY(f.button(u"Start"_s)->isVisible());
    f.button(u"Start"_s)->click();
    QVERIFY(f.shows(u"http://127.0.0.1:8080"_s));
    QVERIFY(!f.button(u"Start"_s)->isVisible());
    f.button(u"Stop"_s)->click();
    QVERIFY(f.shows(u"Nobody can reach this workspace"_s));
}

void TestRestPage::makesAndRevokesTokens()
{
    Fixture f(*m_theme);
    QTRY_VERIFY(f.shows(u"Open: everybody on this machine"_s));
    auto *make = f.button(u"Make a token"_s);
    QVERIFY(!make->isEnabled());
    auto *name = f.edit(u"Name of a new token"_s);
    QTest::keyClicks(name, u"ci runner"_s); // no blanks in names
    QCOMPARE(name->text(), u"cirunner"_s);
    for (auto *role : f.page.findChildren<QCheckBox *>()) {
        if (role->text() == u"Operate")
            role->click();
    }
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(f.shows(u"The token of cirunner. It is shown only now"_s));
    QVERIFY(f.code().startsWith(u"cmdr_777"_s));
    auto *table = f.page.findChild<QTreeWidget *>();
    QTRY_COMPARE(table->topLevelItemCount(), 1);
    QCOMPARE(table->topLevelItem(0)->text(1), u"Read, Submit, Operate"_s);
    QTRY_VERIFY(f.shows(u"Closed: a token is needed."_s));
    // The same name again is refused and told.
    name->setText(u"cirunner"_s);
    make->click();
    QTRY_VERIFY(f.shows(u"there is a token with this name"_s) || f.shows(u"There is a token with this name"_s));
    table->setCurrentItem(table->topLevelItem(0));
    f.button(u"Revoke"_s)->click();
    QTRY_COMPARE(table->topLevelItemCount(), 0);
    QTRY_VERIFY(f.shows(u"there is none any more"_s));
}

void TestRestPage::sendsRequests()
{
    Fixture f(*m_theme);
    RestAnswer answer;
    answer.status = 201;
    answer.body = R"({"status":"succeeded"})";
    answer.micros = 4'200;
    f.control.setAnswer(answer);
    RequestDialog dialog(f.control, *m_theme);
    dialog.show();
    auto *send = dialog.findChild<QPushButton *>();
    send->click();
    QCOMPARE(f.control.asked().size(), std::size_t(1));
    QCOMPARE(f.control.asked().front().method, u"POST"_s);
    QVERIFY(f.control.asked().front().body.contains("transfer-money"));
    QCOMPARE(dialog.findChild<CodeBox *>()->code(), uR"({"status":"succeeded"})"_s);
    dialog.findChild<QLineEdit *>()->setText(u"accounts"_s);
    QVERIFY(!send->isEnabled());
    const auto nameless = test::controlsWithoutName(dialog);
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
}

void TestRestPage::hasNames()
{
    Fixture f(*m_theme);
    f.control.log().add(entry("GET", "/accounts"));
    QTRY_COMPARE(f.table().model()->rowCount(), 1);
    f.table().selectRow(0);
    QCOMPARE(test::controlsWithoutName(f.page), QStringList());
}

QTEST_MAIN(TestRestPage)
#include "tst_rest_page.moc"
