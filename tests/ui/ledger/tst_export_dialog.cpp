// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/temporary_workspace.h"
#include "support_ui/fake_engine.h"
#include "ui/controls.h"

#include "ledger/export_dialog.h"
#include "main_window/translations.h"
#include "widgets/segmented_control.h"

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

struct Workspace {
    Workspace()
    {
        OpenOptions options;
        options.ledgerPath = files.ledger();
        options.domains = {makeBankDomain()};
        engine = std::move(*Engine::open(std::move(options)));
        send("open-account", R"({"account":"1","owner":"=Ada"})");
        send("deposit-money", R"({"account":"1","amount":9007199254740991})");
        send("withdraw-money", R"({"account":"2","amount":1})"); // rejected
        link = std::make_unique<EngineLink>(*engine);
    }
    void send(const std::string &action, const std::string &data)
    {
        CommandDraft draft;
        draft.action = action;
        draft.data = data;
        const auto receipt = engine->commands().submitAndWait(std::move(draft));
        Q_ASSERT(receipt);
        const auto result = engine->commands().waitForResult(receipt->command->id, 10s);
        Q_ASSERT(result);
        Q_UNUSED(result)
    }
    [[nodiscard]] bool isIndexed() const
    {
        const auto extent = engine->records().extent();
        const auto head = engine->ledger().head();
        return extent && head && extent->position == head->position;
    }
    [[nodiscard]] static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    TemporaryWorkspace files;
    std::unique_ptr<Engine> engine;
    std::unique_ptr<EngineLink> link;
};

bool shows(const QWidget &root, const QString &part)
{
    for (const auto *label : root.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(part))
            return true;
    }
    return false;
}

} // namespace

class TestExportDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theWholeLedgerCanBeImportedAgain();
    void onlyWhatFitsTheFilterAsCsv();
    void whatCannotBeWrittenIsTold();
    void itCanBeStopped();
    void aLedgerThatCannotBeReadIsTold();
};

void TestExportDialog::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    installTranslation(qApp);
}

void TestExportDialog::theWholeLedgerCanBeImportedAgain()
{
    Workspace workspace;
    ExportDialog dialog(*workspace.link, {});
    dialog.show();
    QVERIFY(shows(dialog, u"Every record of the ledger."_s));
    QCOMPARE(test::controlsWithoutName(dialog), QStringList());
    const QString path = QString::fromStdString(workspace.files.file("all.ndjson"));
    dialog.exportTo(path);
    QVERIFY(dialog.isRunning());
    QTRY_VERIFY(!dialog.isRunning());
    QTRY_VERIFY2(shows(dialog, u"8 records in"_s), qPrintable(dialog.findChildren<QLabel *>().last()->text()));
    QVERIFY(Workspace::read(path).contains("9007199254740991"));
    ImportOptions import;
    import.file = path.toStdString();
    import.ledgerPath = workspace.files.file("again.ledger");
    const auto imported = importLedger(import);
    QVERIFY2(imported, imported ? "" : imported.error().text().c_str());
    QCOMPARE(imported->records, std::uint64_t(8));
}

void TestExportDialog::onlyWhatFitsTheFilterAsCsv()
{
    Workspace workspace;
    QTRY_VERIFY(workspace.isIndexed()); // the status of a command is known by the index
    RecordFilter filter;
    filter.kinds = {RecordKind::Command};
    filter.status = CommandStatus::Succeeded;
    ExportDialog dialog(*workspace.link, filter);
    dialog.show();
    QVERIFY(shows(dialog, u"status"_s));
    dialog.findChild<SegmentedControl *>()->setCurrent(1);
    auto *fields = dialog.findChild<QLineEdit *>();
    QVERIFY(fields->isVisible());
    fields->setText(u"/owner /amount"_s);
    const QString path = QString::fromStdString(workspace.files.file("some.csv"));
    dialog.exportTo(path);
    QTRY_VERIFY(shows(dialog, u"2 records in"_s));
    const QByteArray csv = Workspace::read(path);
    QVERIFY2(csv.contains("'=Ada"), csv.constData()); // no formula for a spreadsheet
    QVERIFY(csv.contains("9007199254740991"));
    QVERIFY(!csv.contains("withdraw-money"));
}

void TestExportDialog::whatCannotBeWrittenIsTold()
{
    Workspace workspace;
    ExportDialog dialog(*workspace.link, {});
    dialog.show();
    dialog.exportTo(u"/nowhere/at/all.ndjson"_s);
    QTRY_VERIFY(shows(dialog, u"cannot write the file"_s));
    QVERIFY(!dialog.isRunning());
}

void TestExportDialog::itCanBeStopped()
{
    Workspace workspace;
    ExportDialog dialog(*workspace.link, {});
    dialog.show();
    const QString path = QString::fromStdString(workspace.files.file("stopped.ndjson"));
    dialog.exportTo(path);
    QVERIFY(dialog.isRunning());
    for (auto *button : dialog.findChildren<QPushButton *>()) {
        if (button->text() == u"Stop"_s)
            button->click();
    }
    QVERIFY(!dialog.isRunning());
    QVERIFY(shows(dialog, u"Stopped."_s));
    QVERIFY(dialog.isVisible());
    QTRY_VERIFY(workspace.link->isIdle());
    for (auto *button : dialog.findChildren<QPushButton *>()) {
        if (button->text() == u"Close"_s)
            button->click();
    }
    QVERIFY(!dialog.isVisible());
}

void TestExportDialog::aLedgerThatCannotBeReadIsTold()
{
    test::FakeEngine engine;
    EngineLink link(engine);
    ExportDialog dialog(link, {});
    dialog.show();
    TemporaryWorkspace files;
    dialog.exportTo(QString::fromStdString(files.file("x.ndjson")));
    QTRY_VERIFY(shows(dialog, u"This ledger cannot do that"_s));
    QVERIFY(!QFile::exists(QString::fromStdString(files.file("x.ndjson"))));
}

QTEST_MAIN(TestExportDialog)
#include "tst_export_dialog.moc"
