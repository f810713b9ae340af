// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "ui/controls.h"

#include "main_window/translations.h"
#include "operations/operations_page.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr std::string_view firstId = "33bb75db-6e13-48ee-8a54-b3976d3d065b";
constexpr std::string_view secondId = "d435ed18-4ff7-4cae-a21b-3adb7b06fe58";
constexpr std::string_view parkedId = "a6b903f6-0b9c-4c5b-95fa-afd4cc3bf938";

struct Fixture {
    explicit Fixture(Theme &theme, bool readOnly = false)
        : engine([readOnly] {
              test::FakeOptions options;
              options.readOnly = readOnly;
              return options;
          }()),
          link(engine), page(link, selection, theme)
    {
        put("commander-waiting", firstId,
            R"("action":"remind-reader","key":"7","reason":"scheduled","not_before":"2031-05-20T14:33:28.902Z")");
        put("commander-waiting", secondId,
            R"("action":"close-shop","key":"","reason":"scheduled","not_before":"2030-01-01T00:00:00.000Z")");
        put("commander-waiting", parkedId, R"("action":"borrow-book","key":"12","reason":"parked")");
        putDocument("commander-dead-letters", "library/12",
                    R"({"sequence":"library/12","domain":"library","command":")" + std::string(parkedId)
                        + R"(","first":1,"last":3,"waiting":3,"parked_at":"2026-11-26T21:00:00.000Z",)"
                          R"("fault":{"code":"domain-fault","message":"TypeError: x is undefined",)"
                          R"("details":[{"pointer":"domain.js:7","message":"in borrow: x.y;"}]}})");
        page.resize(1200, 800);
        page.show();
        page.activate();
    }
    void putDocument(const std::string &view, const std::string &key, const std::string &json)
    {
        DocumentChange change;
        change.view = view;
        change.key = key;
        change.created = true;
        engine.store().addChange(change, json);
    }
    void put(const std::string &view, std::string_view command, const std::string &members)
    {
        putDocument(view, std::string(command),
                    R"({"command":")" + std::string(command) + R"(","domain":"library",)" + members + "}");
    }
    QTreeWidget *table(const QString &name)
    {
        for (auto *one : page.findChildren<QTreeWidget *>()) {
            if (one->accessibleName() == name)
                return one;
        }
        return nullptr;
    }
    QTreeWidget &scheduled() { return *table(u"Scheduled commands"_s); }
    QTreeWidget &parked() { return *table(u"Parked commands"_s); }
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
    /// The only command that was sent.
    [[nodiscard]] RecordPtr sent()
    {
        const RecordPtr first = engine.store().record(Position{1});
        return engine.bank().commands == 1 ? first : nullptr;
    }

    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    OperationsPage page;
};

} // namespace

class TestOperationsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_theme.reset(); }
    void showsWhatWaits();
    void cancelsAScheduledCommand();
    void triesAParkedCommandAgain();
    void refusalsAreTold();
    void readOnlyOnlyLooks();
    void nothingWaits();
    void consumersAreListed();
    void consumersAreOperated();
    void aStoppedViewLeavesOutItsEvent();
    void aPausedDomainIsNotAParkedKey();

private:
    std::unique_ptr<Theme> m_theme;
};

void TestOperationsPage::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    installTranslation(qApp);
    m_theme = std::make_unique<Theme>();
}

void TestOperationsPage::showsWhatWaits()
{
    Fixture f(*m_theme);
    QTRY_COMPARE(f.scheduled().topLevelItemCount(), 2); // the parked one stands with its sequence
    QCOMPARE(f.scheduled().topLevelItem(0)->text(0), u"close-shop"_s);
    QCOMPARE(f.scheduled().topLevelItem(1)->text(0), u"remind-reader"_s);
    QVERIFY(f.scheduled().topLevelItem(1)->text(2).contains(u"2031-05-20"_s));
    QCOMPARE(f.parked().topLevelItemCount(), 1);
    QCOMPARE(f.parked().topLevelItem(0)->text(0), u"library/12"_s);
    QCOMPARE(f.parked().topLevelItem(0)->text(1), u"3"_s);
    f.parked().setCurrentItem(f.parked().topLevelItem(0));
    QVERIFY(f.shows(u"TypeError: x is undefined"_s));
    bool place = false;
    for (const auto *text : f.page.findChildren<QPlainTextEdit *>())
        place = place || (text->isVisible() && text->toPlainText() == u"domain.js:7  borrow\n    x.y;"_s);
    QVERIFY(place);
    QCOMPARE(test::controlsWithoutName(f.page), QStringList());
    // The selection leads to the ledger.
    QSignalSpy requested(&f.selection, &Selection::pageRequested);
    f.button(u"Show the command"_s)->click();
    QCOMPARE(requested.size(), 1);
    QCOMPARE(f.selection.record().text(), std::string(parkedId));
}

void TestOperationsPage::cancelsAScheduledCommand()
{
    Fixture f(*m_theme);
    QVERIFY(!f.button(u"Cancel"_s)->isEnabled());
    QTRY_COMPARE(f.scheduled().topLevelItemCount(), 2);
    f.scheduled().setCurrentItem(f.scheduled().topLevelItem(1));
    f.button(u"Cancel"_s)->click();
    QTRY_VERIFY(f.shows(u"remind-reader is cancelled. Recorded at position 1."_s));
    QVERIFY(f.sent());
    QCOMPARE(f.sent()->action, std::string("cancel-command"));
    QCOMPARE(f.sent()->data, R"({"command":")" + std::string(firstId) + R"("})");
    QCOMPARE(f.sent()->parent.text(), std::string(firstId));
}

void TestOperationsPage::triesAParkedCommandAgain()
{
    Fixture f(*m_theme);
    QTRY_COMPARE(f.parked().topLevelItemCount(), 1);
    f.parked().setCurrentItem(f.parked().topLevelItem(0));
    f.button(u"Try again"_s)->click();
    QTRY_VERIFY(f.sent());
    QCOMPARE(f.sent()->action, std::string("replay-dead-letter"));
    QCOMPARE(f.sent()->data, R"({"command":")" + std::string(parkedId) + R"("})");
}

void TestOperationsPage::refusalsAreTold()
{
    Fixture f(*m_theme);
    QTRY_COMPARE(f.parked().topLevelItemCount(), 1);
    f.engine.bank().refuseWith = ErrorCode::DiskFull;
    f.parked().setCurrentItem(f.parked().topLevelItem(0));
    f.button(u"Give it up"_s)->click();
    QTRY_VERIFY(f.shows(u"The disk is full"_s));
}

void TestOperationsPage::readOnlyOnlyLooks()
{
    Fixture f(*m_theme, true);
    QTRY_COMPARE(f.parked().topLevelItemCount(), 1);
    f.parked().setCurrentItem(f.parked().topLevelItem(0));
    QVERIFY(f.button(u"Show the command"_s)->isEnabled());
    QVERIFY(!f.button(u"Try again"_s)->isEnabled());
    QVERIFY(!f.button(u"Give it up"_s)->isEnabled());
}

void TestOperationsPage::nothingWaits()
{
    test::FakeEngine engine;
    EngineLink link(engine);
    Selection selection;
    OperationsPage page(link, selection, *m_theme);
    page.show();
    page.activate();
    const auto shows = [&page](const QString &text) {
        for (const auto *label : page.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text() == text)
                return true;
        }
        return false;
    };
    QTRY_VERIFY(shows(u"No command waits for its time."_s));
    QVERIFY(shows(u"No command is parked behind a fault."_s));
}

namespace {

ConsumerStatus consumer(const std::string &name, ConsumerKind kind, ConsumerState state = ConsumerState::Running)
{
    ConsumerStatus status;
    status.name = name;
    status.kind = kind;
    status.state = state;
    status.position = {1234};
    status.canPause = kind != ConsumerKind::Watch;
    status.canReset = kind == ConsumerKind::View || kind == ConsumerKind::Index;
    return status;
}

ConsumerStatus stoppedView()
{
    auto view = consumer("view:audit@1-1a2b3c4d", ConsumerKind::View, ConsumerState::Stopped);
    view.fault = "stopped at position 9 (event d435ed18-4ff7-4cae-a21b-3adb7b06fe58, money-transferred): "
                 "the fold threw: TypeError: Cannot read property 'length' of undefined";
    view.faultAt = Position{9};
    view.lag = 40;
    return view;
}

/// The consumers of a page, with one of them chosen.
struct Consumer {
    Consumer(Fixture &theFixture, const QString &name)
        : fixture(theFixture), table(*f().table(u"Consumers of the ledger"_s))
    {
        const auto choose = [&] {
            const auto found = table.findItems(name, Qt::MatchExactly);
            if (!found.isEmpty())
                table.setCurrentItem(found.front());
            return !found.isEmpty();
        };
        there = QTest::qWaitFor(choose);
    }
    Fixture &f() { return fixture; }
    [[nodiscard]] QString cell(int column) { return table.currentItem()->text(column); }

    Fixture &fixture;
    QTreeWidget &table;
    bool there = false;
};

} // namespace

void TestOperationsPage::consumersAreListed()
{
    Fixture f(*m_theme);
    auto domain = consumer("domain:bank", ConsumerKind::Domain, ConsumerState::Paused);
    domain.reason = "the feed is being mended";
    domain.waiting = 3;
    auto fresh = consumer("view:accounts@1-1a2b3c4d", ConsumerKind::View);
    fresh.rebuilt = Position{700};
    f.engine.consumers().put({consumer("processor", ConsumerKind::Processor), domain, stoppedView(), fresh});
    f.page.activate();
    Consumer chosen(f, u"domain:bank"_s);
    QVERIFY(chosen.there);
    QCOMPARE(chosen.table.topLevelItemCount(), 4);
    QCOMPARE(chosen.cell(1), u"Paused"_s);
    QCOMPARE(chosen.cell(2), u"1,234"_s);
    QVERIFY(chosen.cell(4).contains(u"the feed is being mended"_s));
    QVERIFY(chosen.cell(4).contains(u"3 commands wait"_s));
    Consumer building(f, u"view:accounts@1-1a2b3c4d"_s);
    QCOMPARE(building.cell(1), u"Building again"_s);
    QVERIFY(!f.button(u"Build again"_s)->isEnabled());
    // The whole fault can be read, however long.
    Consumer stopped(f, u"view:audit@1-1a2b3c4d"_s);
    QCOMPARE(stopped.cell(3), u"40"_s);
    QVERIFY(f.shows(u"Cannot read property 'length' of undefined"_s));
    QCOMPARE(test::controlsWithoutName(f.page), QStringList());
}

void TestOperationsPage::consumersAreOperated()
{
    Fixture f(*m_theme);
    f.engine.consumers().put({consumer("index", ConsumerKind::Index), consumer("watch", ConsumerKind::Watch)});
    f.page.activate();
    Consumer watch(f, u"watch"_s);
    QVERIFY(watch.there);
    for (const auto &text : {u"Pause"_s, u"Resume"_s, u"Build again"_s, u"Leave out the event"_s, u"Show the event"_s})
        QVERIFY2(!f.button(text)->isEnabled(), qPrintable(text));
    Consumer index(f, u"index"_s);
    // By keyboard alone: from the table over the buttons.
    for (auto *edit : f.page.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == u"Reason"_s)
            edit->setText(u"  backup "_s);
    }
    f.button(u"Pause"_s)->setFocus();
    QTest::keyClick(f.button(u"Pause"_s), Qt::Key_Space);
    QTRY_VERIFY(f.shows(u"index is paused."_s));
    QTRY_COMPARE(index.cell(1), u"Paused"_s);
    QVERIFY(!f.button(u"Pause"_s)->isEnabled());
    QVERIFY(!f.button(u"Build again"_s)->isEnabled());
    f.button(u"Resume"_s)->click();
    QTRY_COMPARE(index.cell(1), u"Running"_s);
    f.button(u"Build again"_s)->click();
    QTRY_COMPARE(index.cell(1), u"Building again"_s);
    const std::vector<std::string> asked{"pause index because backup", "resume index because ", "reset index because "};
    QCOMPARE(f.engine.consumers().asked(), asked);
    f.engine.consumers().put({consumer("index", ConsumerKind::Index)});
    f.engine.consumers().refuseWith("it is being built again already");
    f.page.activate();
    QTRY_COMPARE(index.cell(1), u"Running"_s);
    f.button(u"Pause"_s)->click();
    QTRY_VERIFY(f.shows(u"it is being built again already"_s));
}

void TestOperationsPage::aStoppedViewLeavesOutItsEvent()
{
    Fixture f(*m_theme);
    f.engine.consumers().put({stoppedView()});
    f.page.activate();
    Consumer view(f, u"view:audit@1-1a2b3c4d"_s);
    QVERIFY(view.there);
    QVERIFY(f.button(u"Show the event"_s)->isEnabled());
    auto *skip = f.button(u"Leave out the event"_s);
    QVERIFY(!skip->isEnabled()); // not without a reason
    for (auto *edit : f.page.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == u"Reason"_s)
            edit->setText(u"written by a faulty version"_s);
    }
    QVERIFY(skip->isEnabled());
    skip->click();
    QTRY_COMPARE(view.cell(1), u"Running"_s);
    QVERIFY(view.cell(4).contains(u"leaves out 1 event"_s));
    QVERIFY(f.shows(u"Leaves out the event at position 9: written by a faulty version"_s));
    QVERIFY(!skip->isEnabled());
}

void TestOperationsPage::aPausedDomainIsNotAParkedKey()
{
    Fixture f(*m_theme);
    f.putDocument("commander-dead-letters", "bank",
                  R"({"sequence":"bank","domain":"bank","command":")" + std::string(firstId)
                      + R"(","first":1,"last":2,"waiting":2})");
    f.page.activate();
    QTRY_COMPARE(f.parked().topLevelItemCount(), 1);
    QCOMPARE(f.parked().topLevelItem(0)->text(0), u"library/12"_s);
}

QTEST_MAIN(TestOperationsPage)
#include "tst_operations_page.moc"
