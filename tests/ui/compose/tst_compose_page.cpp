// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "ui/controls.h"

#include "compose/command_list.h"
#include "compose/compose_outcome.h"
#include "compose/compose_page.h"
#include "compose/data_editor.h"
#include "compose/form_field.h"
#include "compose/preview_tree.h"
#include "main_window/translations.h"
#include "widgets/segmented_control.h"

#include <commander/command_terms.h>

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    explicit Fixture(Theme &theme, test::FakeOptions options = {})
        : engine(std::move(options)), link(engine),
          page(link, selection, theme, [] { return u"http://127.0.0.1:8080"_s; })
    {
        page.resize(1300, 820);
        page.show();
        page.activate();
    }
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
    void choose(const QString &action) { page.findChild<CommandList *>()->setCurrent(action); }
    QString treeText()
    {
        QStringList rows;
        const auto *tree = page.findChild<PreviewTree *>();
        const std::function<void(const QTreeWidgetItem *)> add = [&](const QTreeWidgetItem *item) {
            rows << u"%1|%2|%3"_s.arg(item->text(0), item->text(1), item->text(2));
            for (int i = 0; i < item->childCount(); ++i)
                add(item->child(i));
        };
        for (int i = 0; i < tree->topLevelItemCount(); ++i)
            add(tree->topLevelItem(i));
        return rows.join(u'\n');
    }
    RecordPtr submit(const std::string &action, const std::string &data)
    {
        CommandDraft draft;
        draft.action = action;
        draft.data = data;
        RecordPtr command; // the bank answers at once
        engine.bank().submit(std::move(draft), [&command](const Result<CommandReceipt> &receipt) {
            if (receipt)
                command = receipt->command;
        });
        return command;
    }

    test::FakeEngine engine;
    EngineLink link;
    Selection selection;
    ComposePage page;
};

} // namespace

class TestComposePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_theme.reset(); }

    void opensWithTheFirstCommandAndItsExample();
    void everyControlHasAName();
    void theEngineSaysWhatDoesNotFit();
    void aPreviewRecordsNothing();
    void aRefusalIsPreviewedWithItsDetails();
    void sendingLeadsToTheLineage();
    void anIdOfOnesOwnIsRecordedOnce();
    void timesAreStated();
    void errorsAreTold();
    void aRecordedCommandIsSentAgainEdited();
    void aRecordedCommandIsSentAgainAsItWas();
    void aRevisionIsExpected();
    void aCommandThatIsOfferedNoMoreIsTold();
    void linesForTheTerminalAreCopied();
    void aReadOnlyWorkspaceSendsNothing();
    void theChosenCommandIsRemembered();

private:
    std::unique_ptr<Theme> m_theme;
};

void TestComposePage::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    installTranslation(qApp);
    m_theme = std::make_unique<Theme>();
}

void TestComposePage::opensWithTheFirstCommandAndItsExample()
{
    Fixture f(*m_theme);
    QCOMPARE(f.page.findChild<CommandList *>()->current(), u"open-account"_s);
    QCOMPARE(f.page.editor().data(),
             std::string(R"({"account":"12345","owner":"Ada Lovelace","opening_balance":50000})"));
    QTRY_VERIFY(f.shows(u"The data fits the schema."_s));
    QCOMPARE(f.engine.bank().commands.load(), std::uint64_t(0));
}

void TestComposePage::everyControlHasAName()
{
    Fixture f(*m_theme);
    f.choose(u"plan-payments"_s);
    QCOMPARE(test::controlsWithoutName(f.page), QStringList());
}

void TestComposePage::theEngineSaysWhatDoesNotFit()
{
    Fixture f(*m_theme);
    f.choose(u"deposit-money"_s);
    f.page.editor().setData(R"({"amount":0})");
    Q_EMIT f.page.editor().edited();
    QTRY_VERIFY(f.shows(u"This is required."_s));
    QTRY_VERIFY(f.shows(u"2 spots of the data do not fit the schema."_s));
    QLineEdit *amount = nullptr;
    for (auto *field : f.page.findChildren<FormField *>()) {
        if (field->schema().name == "amount") {
            QVERIFY(field->problem().contains(u"1"_s));
            amount = field->findChild<QLineEdit *>();
        }
    }
    QVERIFY(amount);
    QVERIFY(amount->property("invalid").toBool());
}

void TestComposePage::aPreviewRecordsNothing()
{
    Fixture f(*m_theme);
    f.submit("open-account", R"({"account":"12345","owner":"A","opening_balance":5000000})");
    f.submit("open-account", R"({"account":"54321","owner":"B"})");
    const Position before = f.engine.store().head();
    f.choose(u"transfer-money"_s);
    f.page.editor().setData(R"({"from_account":"12345","to_account":"54321","amount":1000000})");
    f.button(u"Preview"_s)->click();
    QTRY_VERIFY(f.shows(u"A preview: nothing is recorded"_s));
    const QString tree = f.treeText();
    QVERIFY2(tree.contains(u"money-transferred"_s), qPrintable(tree));
    QVERIFY2(tree.contains(u"accounts · 54321"_s), qPrintable(tree));
    QVERIFY2(tree.contains(u"/balance|5000000|4000000"_s), qPrintable(tree));
    QVERIFY2(tree.contains(u"/balance|0|1000000"_s), qPrintable(tree));
    QVERIFY2(tree.contains(u"causes flag-large-transfer · would be decided later"_s), qPrintable(tree));
    QCOMPARE(f.engine.store().head(), before);
    // Editing makes it stale.
    QVERIFY(!f.shows(u"The command was edited since."_s));
    Q_EMIT f.page.editor().edited();
    QVERIFY(f.shows(u"The command was edited since."_s));
}

void TestComposePage::aRefusalIsPreviewedWithItsDetails()
{
    Fixture f(*m_theme);
    f.submit("open-account", R"({"account":"12345","owner":"A","opening_balance":10})");
    f.choose(u"withdraw-money"_s);
    f.button(u"Preview"_s)->click();
    QTRY_VERIFY(f.shows(u"insufficient-funds"_s));
    QVERIFY(f.shows(u"account 12345 holds 10"_s));
    bool details = false;
    for (const auto *text : f.page.findChildren<QPlainTextEdit *>())
        details = details || (text->isVisible() && text->toPlainText().contains(u"\"balance\": 10"_s));
    QVERIFY(details);
}

void TestComposePage::sendingLeadsToTheLineage()
{
    Fixture f(*m_theme);
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"Recorded at position 1."_s));
    QTRY_VERIFY(f.shows(u"Succeeded"_s));
    QSignalSpy requested(&f.selection, &Selection::pageRequested);
    f.button(u"Show its lineage"_s)->click();
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested[0][0].value<Selection::Page>(), Selection::Page::Lineage);
    const RecordPtr sent = f.engine.store().find(f.selection.record());
    QVERIFY(sent);
    QCOMPARE(sent->data, f.page.editor().data());
    QCOMPARE(sent->actor, std::string("console"));
}

void TestComposePage::anIdOfOnesOwnIsRecordedOnce()
{
    Fixture f(*m_theme);
    QLineEdit *id = nullptr;
    for (auto *edit : f.page.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == u"Id, of the command"_s)
            id = edit;
    }
    QVERIFY(id);
    id->setText(u"not an id"_s);
    f.button(u"Send"_s)->click();
    QCOMPARE(f.engine.bank().commands.load(), std::uint64_t(0));
    QVERIFY(f.shows(u"An id has 36 characters"_s));
    id->setText(u"33bb75db-6e13-48ee-8a54-b3976d3d065b"_s);
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"Recorded at position 1."_s));
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"nothing was recorded twice"_s));
    QCOMPARE(f.engine.bank().commands.load(), std::uint64_t(1));
}

void TestComposePage::timesAreStated()
{
    Fixture f(*m_theme);
    QLineEdit *notBefore = nullptr;
    QLineEdit *expires = nullptr;
    for (auto *edit : f.page.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == u"Not before, of the command"_s)
            notBefore = edit;
        if (edit->accessibleName() == u"Expires at, of the command"_s)
            expires = edit;
    }
    QVERIFY(notBefore && expires);
    notBefore->setText(u"tomorrow"_s);
    f.button(u"Send"_s)->click();
    QVERIFY(f.shows(u"A time has a date, a time of day and a zone"_s));
    QCOMPARE(f.engine.bank().commands.load(), std::uint64_t(0));
    notBefore->setText(u"2031-05-20T16:33:28.902+02:00"_s);
    expires->setText(u"2031-05-21T00:00:00Z"_s);
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"It is decided at 2031-05-20"_s));
    const auto terms = parseTerms(f.engine.store().record(Position{1})->headers);
    QVERIFY(terms);
    QCOMPARE(terms->notBefore->text(), std::string("2031-05-20T14:33:28.902Z"));
    QCOMPARE(terms->expiresAt->text(), std::string("2031-05-21T00:00:00.000Z"));
}

void TestComposePage::errorsAreTold()
{
    Fixture f(*m_theme);
    f.engine.bank().refuseWith = ErrorCode::DiskFull;
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"The disk is full"_s));
    QVERIFY(f.button(u"Send"_s)->isEnabled());
    f.button(u"Preview"_s)->click();
    QTRY_VERIFY(f.shows(u"The disk is full"_s));
}

void TestComposePage::aRecordedCommandIsSentAgainEdited()
{
    Fixture f(*m_theme);
    const RecordPtr first = f.submit("deposit-money", R"({ "account": "7",  "amount": 1.0e1 })");
    QSignalSpy requested(&f.selection, &Selection::pageRequested);
    f.selection.sendAgain(first->id);
    QCOMPARE(requested[0][0].value<Selection::Page>(), Selection::Page::Compose);
    QTRY_COMPARE(f.page.editor().data(), first->data);
    QVERIFY(f.shows(u"it becomes the new command's parent"_s));
    f.page.editor().setData(R"({"account":"7","amount":11})");
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"Recorded at position"_s));
    f.button(u"Show it in the ledger"_s)->click();
    const RecordPtr again = f.engine.store().find(f.selection.record());
    QVERIFY(again);
    QCOMPARE(again->parent, first->id);
    QCOMPARE(again->correlation, first->correlation);
}

void TestComposePage::aRecordedCommandIsSentAgainAsItWas()
{
    Fixture f(*m_theme);
    const RecordPtr first = f.submit("deposit-money", R"({ "account": "7",  "amount": 1.0e1 })");
    f.selection.sendAgain(first->id);
    QTRY_COMPARE(f.page.editor().data(), first->data);
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"Recorded at position"_s));
    QCOMPARE(f.engine.bank().retries.load(), std::uint64_t(1));
    f.button(u"Show it in the ledger"_s)->click();
    const RecordPtr again = f.engine.store().find(f.selection.record());
    QVERIFY(again);
    QCOMPARE(again->parent, first->id);
    QCOMPARE(again->data, first->data);
}

void TestComposePage::aRevisionIsExpected()
{
    Fixture f(*m_theme);
    QLineEdit *expected = nullptr;
    for (auto *edit : f.page.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == u"Expected revision, of the command"_s)
            expected = edit;
    }
    QVERIFY(expected);
    expected->setText(u"some"_s);
    f.button(u"Send"_s)->click();
    QVERIFY(f.shows(u"Write any, none, exists or a number of events"_s));
    QCOMPARE(f.engine.bank().commands.load(), std::uint64_t(0));
    expected->setText(u" 12 "_s);
    f.button(u"Send"_s)->click();
    QTRY_VERIFY(f.shows(u"Recorded at position 1."_s));
    QCOMPARE(f.engine.store().record(Position{1})->headers, std::string(R"({"expected_revision":12})"));
    // Opened again, it expects the same.
    f.selection.sendAgain(f.engine.store().record(Position{1})->id);
    QTRY_COMPARE(expected->text(), u"12"_s);
}

void TestComposePage::aCommandThatIsOfferedNoMoreIsTold()
{
    Fixture f(*m_theme);
    RecordDraft old;
    old.kind = RecordKind::Command;
    old.id = uuid5(Uuid{}, "old");
    old.correlation = old.id;
    old.topic = commandsTopic;
    old.action = "merge-accounts";
    old.data = "{}";
    const RecordPtr record = f.engine.store().append(std::move(old));
    f.selection.sendAgain(record->id);
    QTRY_VERIFY(f.shows(u"No domain offers this command"_s));
    QVERIFY(f.shows(u"merge-accounts"_s));
}

void TestComposePage::linesForTheTerminalAreCopied()
{
    Fixture f(*m_theme);
    f.choose(u"deposit-money"_s);
    const auto actions = f.button(u"Copy"_s)->menu()->actions();
    QCOMPARE(actions.size(), 3);
    actions[0]->trigger();
    QVERIFY(QApplication::clipboard()->text().contains(
        u"'{\"action\":\"deposit-money\",\"data\":{\"account\":\"12345\",\"amount\":2500}}'"_s));
    actions[1]->trigger();
    QVERIFY(
        QApplication::clipboard()->text().contains(u"http://127.0.0.1:8080/updates?from=now&action=deposit-money"_s));
}

void TestComposePage::aReadOnlyWorkspaceSendsNothing()
{
    test::FakeOptions options;
    options.readOnly = true;
    Fixture f(*m_theme, options);
    QVERIFY(!f.button(u"Send"_s)->isEnabled());
    QTest::keyClick(&f.page, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(f.engine.bank().commands.load(), std::uint64_t(0));
}

void TestComposePage::theChosenCommandIsRemembered()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
    {
        Fixture f(*m_theme);
        f.choose(u"transfer-money"_s);
        f.page.saveState(settings);
    }
    Fixture f(*m_theme);
    f.page.restoreState(settings);
    QCOMPARE(f.page.findChild<CommandList *>()->current(), u"transfer-money"_s);
    QVERIFY(f.page.editor().data().find("from_account") != std::string::npos);
}

QTEST_MAIN(TestComposePage)
#include "tst_compose_page.moc"
