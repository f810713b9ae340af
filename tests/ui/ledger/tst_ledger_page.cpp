// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "ui/controls.h"

#include "ledger/check_menu.h"
#include "ledger/filter_chips.h"
#include "ledger/filter_edit.h"
#include "ledger/goto_dialog.h"
#include "ledger/json_panel.h"
#include "ledger/ledger_page.h"
#include "ledger/record_panel.h"
#include "ledger/record_table.h"
#include "ledger/search_strip.h"
#include "main_window/translations.h"
#include "models/json_place.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    explicit Fixture(std::uint64_t records, Theme &theme)
        : engine(options(records)), link(engine),
          page(link, selection, theme, [] { return u"http://127.0.0.1:8080"_s; })
    {
        page.resize(1200, 700);
        page.show();
        page.activate();
    }
    static test::FakeOptions options(std::uint64_t records)
    {
        test::FakeOptions o;
        o.generated = records;
        return o;
    }
    RecordTable &table() { return page.table(); }
    RecordWindowModel &model() { return page.model(); }
    [[nodiscard]] QString strip()
    {
        QString all; // an icon and a text
        for (const auto *label : page.findChild<SearchStrip *>()->findChildren<QLabel *>())
            all += label->text();
        return all;
    }
    FilterEdit &edit() { return *page.findChild<FilterEdit *>(); }
    [[nodiscard]] QString expression() const
    {
        const auto &filter = selection.filter().expression;
        return filter ? QString::fromStdString(filter->text()) : QString();
    }
    void key(int key, const QString &text = {})
    {
        QKeyEvent press(QEvent::KeyPress, key, Qt::NoModifier, text);
        QApplication::sendEvent(&table().grid(), &press);
    }
    [[nodiscard]] QPushButton *pill()
    {
        for (auto *button : table().findChildren<QPushButton *>()) {
            if (button->text().contains(u"new"_s) && button->isVisible())
                return button;
        }
        return nullptr;
    }

    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    LedgerPage page;
};

} // namespace

class TestLedgerPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        installTranslation(qApp);
        m_theme = std::make_unique<Theme>();
    }
    void cleanupTestCase() { m_theme.reset(); }

    void followsTheNewest()
    {
        Fixture f(5000, *m_theme);
        QVERIFY(f.table().isFollowing());
        const auto lastShown = [&] { return f.model().first() + std::uint64_t(f.model().rowCount()); };
        QTRY_COMPARE(lastShown(), std::uint64_t(5000));
        f.engine.appendSome(100);
        QTRY_COMPARE(lastShown(), std::uint64_t(5100));
        QVERIFY(!f.pill());
    }

    void scrollingUpPausesAndCounts()
    {
        Fixture f(5000, *m_theme);
        auto *bar = f.table().findChild<QScrollBar *>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(bar);
        bar->setValue(bar->maximum() - 100);
        QVERIFY(!f.table().isFollowing());
        const std::uint64_t first = f.model().first();
        f.engine.appendSome(1204);
        QTRY_COMPARE(f.table().newCount(), std::uint64_t(1204));
        QCOMPARE(f.model().first(), first);
        QVERIFY(f.pill());
        QVERIFY(f.pill()->text().contains(u"1,204"_s));
        QTest::mouseClick(f.pill(), Qt::LeftButton);
        QVERIFY(f.table().isFollowing());
        QCOMPARE(f.table().newCount(), std::uint64_t(0));
        QCOMPARE(f.model().first() + std::uint64_t(f.model().rowCount()), std::uint64_t(6204));
        QVERIFY(!f.pill());
    }

    void spaceTogglesFollowing()
    {
        Fixture f(500, *m_theme);
        f.key(Qt::Key_Space, u" "_s);
        QVERIFY(!f.table().isFollowing());
        f.engine.appendSome(3);
        QTRY_COMPARE(f.table().newCount(), std::uint64_t(3));
        f.key(Qt::Key_Space, u" "_s);
        QVERIFY(f.table().isFollowing());
        QCOMPARE(f.table().newCount(), std::uint64_t(0));
    }

    void keysMoveThroughAll()
    {
        Fixture f(5000, *m_theme);
        f.key(Qt::Key_Home);
        QCOMPARE(f.table().current(), std::optional<Position>(Position{1}));
        QCOMPARE(f.model().first(), std::uint64_t(0));
        for (int i = 0; i < 100; ++i)
            f.key(Qt::Key_J, u"j"_s);
        QCOMPARE(f.table().current(), std::optional<Position>(Position{101}));
        f.key(Qt::Key_K, u"k"_s);
        QCOMPARE(f.table().current(), std::optional<Position>(Position{100}));
        QTRY_COMPARE(f.selection.record(), f.engine.store().record({100})->id);
        f.key(Qt::Key_End);
        QCOMPARE(f.table().current(), std::optional<Position>(Position{5000}));
        QVERIFY(f.table().isFollowing());
    }

    void selectionFromOutsideIsShown()
    {
        Fixture f(100'000, *m_theme);
        f.selection.selectRecord(f.engine.store().record({4321})->id);
        QTRY_COMPARE(f.table().current(), std::optional<Position>(Position{4321}));
        QVERIFY(f.model().first() < 4321 && f.model().first() + std::uint64_t(f.model().rowCount()) >= 4321);
        QVERIFY(!f.table().isFollowing());
        auto *panel = f.page.findChild<RecordPanel *>();
        QTRY_VERIFY(panel->record());
        QCOMPARE(panel->record()->position, Position{4321});
    }

    void focusSelectsNothing()
    {
        Fixture f(3000, *m_theme);
        QTRY_VERIFY(f.model().rowAt(0));
        f.page.activateWindow();
        f.table().grid().clearFocus();
        f.table().grid().setFocus(Qt::TabFocusReason);
        QTest::qWait(20);
        QVERIFY(!f.table().current());
        QVERIFY(f.selection.record().isNull());
        QTest::mouseClick(f.table().grid().viewport(), Qt::LeftButton, {}, QPoint(200, 40));
        QTRY_VERIFY(!f.selection.record().isNull());
    }

    void chainKeysStep()
    {
        Fixture f(3000, *m_theme);
        f.selection.selectRecord(f.engine.store().record({1})->id);
        auto *panel = f.page.findChild<RecordPanel *>();
        QTRY_VERIFY(panel->record());
        f.key(Qt::Key_BracketRight, u"]"_s);
        QTRY_COMPARE(panel->record()->position, Position{2});
        f.key(Qt::Key_BracketRight, u"]"_s);
        QTRY_COMPARE(panel->record()->position, Position{3});
        f.key(Qt::Key_BracketLeft, u"["_s);
        QTRY_COMPARE(panel->record()->position, Position{2});
    }

    void typingFiltersAfterAMoment()
    {
        Fixture f(3000, *m_theme);
        f.key(Qt::Key_Slash, u"/"_s);
        auto *search = f.page.findChild<FilterEdit *>();
        QSignalSpy spy(&f.selection, &Selection::filterChanged);
        QTest::keyClicks(search, u"customer-created"_s);
        QCOMPARE(spy.size(), 0); // not per key
        QTRY_COMPARE(spy.size(), 1);
        QCOMPARE(f.expression(), u"\"customer-created\""_s);
        QTRY_COMPARE(f.model().matches().state(), MatchCollector::State::Complete);
        QVERIFY(f.model().total() > 0 && f.model().total() < 3000);
        QCOMPARE(f.strip(),
                 u"%1 matches · searched all 3,000"_s.arg(QLocale().toString(qulonglong(f.model().total()))));
    }

    void chipsShowAndRemoveParts()
    {
        Fixture f(3000, *m_theme);
        RecordFilter filter;
        filter.kinds = {RecordKind::Command};
        filter.key = "10001";
        f.selection.setFilter(filter);
        auto *chips = f.page.findChild<FilterChips *>();
        QVERIFY(chips->isVisible());
        const auto named = [&](const QString &part) -> QToolButton * {
            for (auto *chip : chips->findChildren<QToolButton *>()) {
                if (chip->text().contains(part) && !chip->isHidden())
                    return chip;
            }
            return nullptr;
        };
        QTRY_VERIFY(named(u"Key: 10001"_s));
        named(u"Kind: Command"_s)->click();
        QVERIFY(f.selection.filter().kinds.empty());
        QVERIFY(f.selection.filter().key);
        filter.expression = *FilterExpression::parse("data.amount > 1", {});
        f.selection.setFilter(filter);
        QTRY_VERIFY(named(u"Expression: data.amount > 1"_s));
        named(u"Expression"_s)->click();
        QVERIFY(!f.selection.filter().expression && f.selection.filter().key);
        QCOMPARE(f.edit().text(), QString());
        QTRY_VERIFY(named(u"Clear all"_s));
        named(u"Clear all"_s)->click();
        QVERIFY(f.selection.filter().matchesAll());
        QVERIFY(!chips->isVisible());
        QCOMPARE(f.model().total(), std::uint64_t(3000));
        QCOMPARE(f.strip(), u"3,000 records"_s);
    }

    void menusTickSeveral()
    {
        Fixture f(3000, *m_theme);
        const auto menus = f.page.findChildren<CheckMenu *>();
        QCOMPARE(menus.size(), 3); // kind, topic, action
        Q_EMIT menus[0]->aboutToShow();
        menus[0]->actions().at(0)->trigger();
        menus[0]->actions().at(2)->trigger();
        QCOMPARE(f.selection.filter().kinds, (std::vector{RecordKind::Command, RecordKind::Result}));
        Q_EMIT menus[1]->aboutToShow();
        QTRY_COMPARE(menus[1]->actions().size(), 4);
        QVERIFY(menus[1]->actions().at(2)->text().startsWith(u"commands"_s));
        menus[1]->actions().at(2)->trigger();
        QCOMPARE(f.selection.filter().topics, std::vector<std::string>{"commands"});
        Q_EMIT menus[0]->aboutToShow(); // shows what is chosen, and unticking takes it away
        QVERIFY(menus[0]->actions().at(0)->isChecked());
        menus[0]->actions().at(0)->trigger();
        QCOMPARE(f.selection.filter().kinds, std::vector{RecordKind::Result});
    }

    void theFilterBarShowsWhatOthersSet()
    {
        Fixture f(300, *m_theme);
        RecordFilter filter;
        filter.expression = *FilterExpression::parse("key = 5 kind=event", {});
        f.selection.setFilter(filter);
        QCOMPARE(f.edit().text(), u"key = \"5\" and kind = \"event\""_s);
        QCOMPARE(f.edit().property("validity").toString(), u"good"_s);
        f.selection.setFilter({});
        QCOMPARE(f.edit().text(), QString());
        QCOMPARE(f.edit().history().first(), u"key = \"5\" and kind = \"event\""_s);
    }

    void aWrongExpressionIsToldAndNotApplied()
    {
        Fixture f(3000, *m_theme);
        QTest::keyClicks(&f.edit(), u"kind = event"_s);
        QTRY_COMPARE(f.expression(), u"kind = \"event\""_s);
        QSignalSpy spy(&f.selection, &Selection::filterChanged);
        QTest::keyClicks(&f.edit(), u" and kee = 5"_s);
        QCOMPARE(f.edit().property("validity").toString(), u"wrong"_s); // at once
        const auto problem = [&f]() -> QString {
            for (auto *label : f.page.findChildren<QLabel *>()) {
                if (label->property("problem").toBool() && label->isVisible())
                    return label->text();
            }
            return {};
        };
        QTRY_COMPARE(problem(), u"Column 18: unknown field \"kee\". Did you mean key?"_s);
        QTest::keyClick(&f.edit(), Qt::Key_Return);
        QCOMPARE(f.edit().cursorPosition(), 17); // where it is wrong
        QCOMPARE(spy.size(), 0);
        QCOMPARE(f.expression(), u"kind = \"event\""_s);
        QTest::keyClick(&f.edit(), Qt::Key_Delete);
        QTest::keyClick(&f.edit(), Qt::Key_Delete);
        QTest::keyClick(&f.edit(), Qt::Key_Delete);
        QTest::keyClicks(&f.edit(), u"key"_s);
        QCOMPARE(f.edit().property("validity").toString(), u"good"_s);
        QTRY_COMPARE(problem(), QString());
        QTRY_COMPARE(f.expression(), u"kind = \"event\" and key = \"5\""_s);
        f.edit().clear();
        QTest::keyClick(&f.edit(), Qt::Key_Return);
        QVERIFY(f.selection.filter().matchesAll());
    }

    void earlierFiltersComeBack()
    {
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        {
            Fixture f(300, *m_theme);
            for (const auto &text : {u"kind = event"_s, u"kind = result"_s, u"kind = event"_s}) {
                f.edit().setText(text);
                QTest::keyClick(&f.edit(), Qt::Key_Return);
            }
            QCOMPARE(f.edit().history(), (QStringList{u"kind = event"_s, u"kind = result"_s}));
            f.page.saveState(settings);
        }
        Fixture f(300, *m_theme);
        f.page.restoreState(settings);
        QTest::keyClicks(&f.edit(), u"dra"_s);
        QTest::keyClick(&f.edit(), Qt::Key_Up);
        QCOMPARE(f.edit().text(), u"kind = event"_s);
        QTest::keyClick(&f.edit(), Qt::Key_Up);
        QTest::keyClick(&f.edit(), Qt::Key_Up); // there are no more
        QCOMPARE(f.edit().text(), u"kind = result"_s);
        QTRY_COMPARE(f.expression(), u"kind = \"result\""_s);
        QTest::keyClick(&f.edit(), Qt::Key_Down);
        QTest::keyClick(&f.edit(), Qt::Key_Down);
        QCOMPARE(f.edit().text(), u"dra"_s);
    }

    void valuesOfARecordBecomeConditions()
    {
        Fixture f(0, *m_theme);
        CommandDraft draft;
        draft.action = "create-customer";
        draft.data = R"({"last name":"Ünï","n":23958446825181076828,"list":[{"sku":"A"},{"sku":"B"}],"gone":null})";
        f.link.submit(draft, this,
                      [&](const Result<CommandReceipt> &receipt) { f.selection.selectRecord(receipt->command->id); });
        QTRY_VERIFY(f.page.findChild<RecordPanel *>()->record());
        auto *json = f.page.findChild<JsonPanel *>();
        const QString shown = json->findChild<QPlainTextEdit *>()->toPlainText();
        const auto at = [&](const QString &part) {
            const auto condition = json->conditionAt(int(shown.indexOf(part)) + 1);
            return condition ? QString::fromStdString(formatFilter(*condition)) : u"nothing"_s;
        };
        QCOMPARE(at(u"Ünï"_s), u"data.\"last name\" = \"Ünï\""_s);
        QCOMPARE(at(u"last name"_s), u"data.\"last name\" = \"Ünï\""_s);
        QCOMPARE(at(u"2395"_s), u"data.n = 23958446825181076828"_s);
        QCOMPARE(at(u"\"B\""_s), u"data.list[1].sku = \"B\""_s);
        QCOMPARE(at(u"list"_s), u"data.list exists"_s);
        QCOMPARE(at(u"null"_s), u"data.gone = null"_s);
        // Chosen from the menu it narrows what is there.
        QTest::keyClicks(&f.edit(), u"kind = command or kind = event"_s);
        QTRY_VERIFY(f.selection.filter().expression);
        const auto condition = json->conditionAt(int(shown.indexOf(u"2395"_s)));
        QVERIFY(condition);
        Q_EMIT json->filterWanted(notFilter(*condition));
        QCOMPARE(f.expression(), u"(kind = \"command\" or kind = \"event\") and not data.n = 23958446825181076828"_s);
        QCOMPARE(f.edit().text(), f.expression());
    }

    void placesInJsonAreFound()
    {
        const std::string text = "{\"a\":{\"b\":[10,[true,\"x\\\"y\"]],\"\":0},\"c\":\"cut of";
        const auto at = [&text](std::size_t offset) -> std::string {
            const auto place = jsonPlaceAt(text, offset);
            if (!place)
                return "nothing";
            return formatFilter(equalFilter(FilterField::Data, place->path, place->value));
        };
        QCOMPARE(at(0), std::string("data exists"));
        QCOMPARE(at(2), std::string("data.a exists"));
        QCOMPARE(at(text.find("10")), std::string("data.a.b[0] = 10"));
        QCOMPARE(at(text.find("rue")), std::string("data.a.b[1][0] = true"));
        QCOMPARE(at(text.find("x")), std::string("data.a.b[1][1] = \"x\\\"y\""));
        QCOMPARE(at(text.find("]]") + 1), std::string("nothing"));
        QCOMPARE(at(text.find("0}")), std::string("data.a.\"\" = 0"));
        QCOMPARE(at(text.size()), std::string("nothing"));
        for (std::size_t end = 0; end <= text.size(); ++end) {
            for (std::size_t offset = 0; offset <= end; ++offset)
                (void)jsonPlaceAt(std::string_view(text).substr(0, end), offset);
        }
    }

    void nothingIsSearchedWhileHidden()
    {
        Fixture f(300, *m_theme);
        QTRY_VERIFY(f.model().rowAt(0));
        f.page.deactivate();
        const int reads = f.engine.store().reads;
        RecordFilter filter;
        filter.text = "x";
        f.selection.setFilter(filter);
        f.selection.selectRecord(f.engine.store().record({5})->id);
        QTest::qWait(30);
        QCOMPARE(f.engine.store().reads.load(), reads);
        f.page.activate();
        QTRY_VERIFY(f.model().isFiltered());
    }

    void dataIsShownExactly()
    {
        Fixture f(0, *m_theme);
        CommandDraft draft;
        draft.action = "create-customer";
        draft.data = "{\"last_name\" : \"Ünïcode \\u00e9 \\\"q\\\"\",\"n\":23958446825181076828,\"one\":1.0,\"e\":1e3}";
        f.link.submit(draft, this,
                      [&](const Result<CommandReceipt> &receipt) { f.selection.selectRecord(receipt->command->id); });
        auto *panel = f.page.findChild<RecordPanel *>();
        QTRY_VERIFY(panel->record());
        auto *json = f.page.findChild<JsonPanel *>();
        QCOMPARE(json->rawText().toStdString(), draft.data);
        const QString pretty = json->findChild<QPlainTextEdit *>()->toPlainText();
        for (const auto &lexeme : {u"23958446825181076828"_s, u"1.0"_s, u"1e3"_s, u"\\u00e9"_s})
            QVERIFY2(pretty.contains(lexeme), qPrintable(pretty));
    }

    void curlLineSurvivesTheShell()
    {
        Record command;
        command.action = "say";
        command.data = "{\"text\":\"it's $HOME \\\"quoted\\\"\"}";
        QCOMPARE(RecordPanel::curlLine(command, u"http://127.0.0.1:1"_s),
                 u"curl -sS -X POST 'http://127.0.0.1:1/commands?sync=true' -H 'Content-Type: application/json' "
                 "-d '{\"action\":\"say\",\"data\":{\"text\":\"it'\\''s $HOME \\\"quoted\\\"\"}}'"_s);
    }

    void emptyStatesSayWhy()
    {
        Fixture f(0, *m_theme);
        const auto shows = [&](const QString &text) {
            for (auto *label : f.page.findChildren<QLabel *>()) {
                if (label->text() == text && label->isVisible())
                    return true;
            }
            return false;
        };
        QVERIFY(shows(u"The ledger is empty"_s));
        f.engine.appendSome(1);
        QTRY_VERIFY(!shows(u"The ledger is empty"_s));
        RecordFilter filter;
        filter.text = "nothing has this";
        f.selection.setFilter(filter);
        QTRY_VERIFY(shows(u"No record matches the filter"_s));
    }

    void failuresAreTold()
    {
        Fixture f(300, *m_theme);
        f.engine.store().failReads = true;
        f.selection.selectRecord(f.engine.store().record({5})->id);
        f.engine.appendSome(1);
        QTRY_VERIFY2(f.strip().contains(u"index.sqlite"_s), qPrintable(f.strip()));
        f.engine.store().failReads = false;
        f.engine.appendSome(1);
        QTRY_COMPARE(f.strip(), u"302 records"_s);
    }

    void placesAreRead()
    {
        const auto place = [](const QString &text) { return GotoDialog::read(text); };
        QCOMPARE(std::get<Position>(place(u"18,442"_s)), Position{18'442});
        QCOMPARE(std::get<Position>(place(u" #7 "_s)), Position{7});
        QCOMPARE(std::get<Timestamp>(place(u"2016-05-20T14:33:28.902-00:00"_s)).micros, 1'463'754'808'902'000);
        QVERIFY(std::holds_alternative<Uuid>(place(u"33bb75db-6e13-48ee-8a54-b3976d3d065b"_s)));
        QVERIFY(std::holds_alternative<Timestamp>(place(u"14:33"_s)));
        for (const auto &bad : {u""_s, u"0"_s, u"abc"_s, u"99999999999999999999999"_s, u"-5"_s})
            QVERIFY2(std::holds_alternative<std::monostate>(place(bad)), qPrintable(bad));
    }

    void columnsAreRemembered()
    {
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        {
            Fixture f(10, *m_theme);
            f.table().grid().horizontalHeader()->resizeSection(int(RecordColumn::Key), 333);
            f.table().grid().horizontalHeader()->setSectionHidden(int(RecordColumn::Actor), true);
            f.page.saveState(settings);
        }
        Fixture f(10, *m_theme);
        f.page.restoreState(settings);
        QCOMPARE(f.table().grid().columnWidth(int(RecordColumn::Key)), 333);
        QVERIFY(f.table().grid().isColumnHidden(int(RecordColumn::Actor)));
    }

    void everyControlHasAName()
    {
        Fixture f(300, *m_theme);
        RecordFilter filter;
        filter.kinds = {RecordKind::Command};
        f.selection.setFilter(filter);
        f.selection.selectRecord(f.engine.store().record({1})->id);
        QTRY_VERIFY(f.page.findChild<RecordPanel *>()->record());
        const QStringList nameless = test::controlsWithoutName(f.page);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u", "_s)));
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestLedgerPage)
#include "tst_ledger_page.moc"
