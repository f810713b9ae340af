// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/result_macros.h"
#include "support/temporary_workspace.h"

#include "main_window/translations.h"
#include "testcase/case_builder.h"
#include "testcase/case_dialog.h"

#include <commander/domain_tests.h>
#include <commander/script_domain.h>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

/// A workspace with a sample domain, and a copy of its folder to put tests into.
class Workspace {
public:
    explicit Workspace(const char *domain)
    {
        const QDir source(QStringLiteral(COMMANDER_RESOURCES "/sample_domains/") + QLatin1String(domain));
        m_copy = QDir(QString::fromStdString(m_files.file("domain")));
        m_copy.mkpath(u"tests"_s);
        for (const QString &name : source.entryList(QDir::Files))
            QFile::copy(source.filePath(name), m_copy.filePath(name));
        auto loaded = loadDomainFolder(m_copy.path().toStdString());
        Q_ASSERT(loaded);
        OpenOptions options;
        options.ledgerPath = m_files.ledger();
        options.domains = {*loaded};
        auto opened = Engine::open(std::move(options));
        Q_ASSERT(opened);
        m_engine = std::move(*opened);
    }
    Engine &engine() { return *m_engine; }

    /// Sends it and waits until everything of it can be read.
    Uuid send(const std::string &action, const std::string &data)
    {
        CommandDraft draft;
        draft.action = action;
        draft.data = data;
        const auto receipt = m_engine->commands().submitAndWait(std::move(draft));
        if (!receipt)
            return {};
        const Uuid id = receipt->command->id;
        const auto result = m_engine->commands().waitForResult(id, 10s);
        if (result)
            (void)m_engine->views().waitFor((*result)->position, 10s);
        return id;
    }
    [[nodiscard]] bool isIndexed(const Uuid &command)
    {
        const auto result = m_engine->records().result(command);
        return result && *result;
    }
    /// Runs the test that the command makes, in the copy of the folder.
    Result<DomainTestReport> run(const TestCaseDraft &draft)
    {
        QFile file(m_copy.filePath(u"tests/"_s + QString::fromStdString(draft.fileName)));
        if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(draft.json)) < 0)
            return fail(ErrorCode::IoError, "cannot write the test");
        file.close();
        return runDomainTests(m_copy.path().toStdString());
    }

private:
    TemporaryWorkspace m_files;
    QDir m_copy;
    std::unique_ptr<Engine> m_engine;
};

void passes(Workspace &workspace, const Uuid &command, std::size_t given, const std::string &part)
{
    QTRY_VERIFY(workspace.isIndexed(command));
    const auto draft = buildTestCase(workspace.engine(), command, "as it was", {});
    QVERIFY_RESULT(draft);
    QCOMPARE(draft->given, given);
    QVERIFY2(draft->json.find(part) != std::string::npos, draft->json.c_str());
    const auto report = workspace.run(*draft);
    QVERIFY_RESULT(report);
    QCOMPARE(report->results.size(), std::size_t(1));
    QVERIFY2(report->failed() == 0, (report->text() + draft->json).c_str());
}

} // namespace

class TestTestCase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aTransferThatSucceeded();
    void aRefusal();
    void commandsThatFollow();
    void aWrongExpectationFails();
    void whatIsNoDecidedCommandIsRefused();
    void theDialogNamesAndSavesIt();
};

void TestTestCase::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    installTranslation(qApp);
}

void TestTestCase::aTransferThatSucceeded()
{
    Workspace bank("bank");
    bank.send("open-account", R"({"account":"1","owner":"Ada","opening_balance":500})");
    bank.send("open-account", R"({"account":"2","owner":"Ken"})");
    bank.send("open-account", R"({"account":"3","owner":"Eve"})"); // takes no part
    bank.send("deposit-money", R"({"account":"2","amount":7})");
    const Uuid transfer = bank.send("transfer-money", R"({"from_account":"1","to_account":"2","amount":200})");
    passes(bank, transfer, 3, R"("id": "{newId 1}")");
}

void TestTestCase::aRefusal()
{
    Workspace bank("bank");
    bank.send("open-account", R"({"account":"1","owner":"Ada","opening_balance":500})");
    bank.send("open-account", R"({"account":"2","owner":"Ken"})");
    const Uuid transfer = bank.send("transfer-money", R"({"from_account":"1","to_account":"2","amount":501})");
    passes(bank, transfer, 2, R"("code": "insufficient-funds")");
}

void TestTestCase::commandsThatFollow()
{
    Workspace bank("bank");
    bank.send("open-account", R"({"account":"1","owner":"Ada","opening_balance":1000000})");
    bank.send("open-account", R"({"account":"2","owner":"Ken"})");
    const Uuid transfer = bank.send("transfer-money", R"({"from_account":"1","to_account":"2","amount":1000000})");
    passes(bank, transfer, 2, R"("command": "flag-large-transfer")");
}

void TestTestCase::aWrongExpectationFails()
{
    Workspace bank("bank");
    const Uuid opened = bank.send("open-account", R"({"account":"1","owner":"Ada","opening_balance":500})");
    QTRY_VERIFY(bank.isIndexed(opened));
    auto draft = buildTestCase(bank.engine(), opened, "as it was not", {});
    QVERIFY_RESULT(draft);
    const auto at = draft->json.rfind("500");
    QVERIFY(at != std::string::npos);
    draft->json.replace(at, 3, "501");
    const auto report = bank.run(*draft);
    QVERIFY_RESULT(report);
    QCOMPARE(report->failed(), std::size_t(1));
}

void TestTestCase::whatIsNoDecidedCommandIsRefused()
{
    Workspace bank("bank");
    const Uuid opened = bank.send("open-account", R"({"account":"1","owner":"Ada"})");
    QTRY_VERIFY(bank.isIndexed(opened));
    const auto result = bank.engine().records().result(opened);
    QVERIFY_RESULT(result);
    const auto ofResult = buildTestCase(bank.engine(), (*result)->id, "x", {});
    QVERIFY(!ofResult);
    QCOMPARE(ofResult.error().code, ErrorCode::InvalidArgument);
    const auto ofNothing = buildTestCase(bank.engine(), uuid5(Uuid{}, "nothing"), "x", {});
    QVERIFY(!ofNothing);
    QCOMPARE(ofNothing.error().code, ErrorCode::NotFound);
}

void TestTestCase::theDialogNamesAndSavesIt()
{
    Workspace bank("bank");
    const Uuid opened = bank.send("open-account", R"({"account":"1","owner":"Ada","opening_balance":500})");
    QTRY_VERIFY(bank.isIndexed(opened));
    const auto record = bank.engine().records().find(opened);
    QVERIFY_RESULT(record);
    Theme theme;
    EngineLink link(bank.engine());
    CaseDialog dialog(link, theme, **record);
    dialog.show();
    auto *name = dialog.findChild<QLineEdit *>();
    auto *text = dialog.findChild<QPlainTextEdit *>();
    QTRY_VERIFY(text->toPlainText().contains(u"\"open-account of 1\""_s));
    name->selectAll();
    QTest::keyClicks(name, u"ada \"opens\""_s);
    QTRY_VERIFY(text->toPlainText().contains(u"\"ada \\\"opens\\\"\""_s));
    TemporaryWorkspace folder;
    const QString path = QString::fromStdString(folder.file("case.json"));
    QCOMPARE(dialog.saveTo(path), QString());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toStdString(), dialog.draft().json);
    QVERIFY(dialog.saveTo(u"/nowhere/case.json"_s).contains(u"cannot be written"_s));
    // Without a name there is nothing to save.
    name->clear();
    Q_EMIT name->textEdited({});
    const auto enabled = [&dialog] {
        int count = 0;
        for (auto *button : dialog.findChildren<QPushButton *>())
            count += button->isEnabled();
        return count;
    };
    QTRY_COMPARE(enabled(), 1); // only Close
}

QTEST_MAIN(TestTestCase)
#include "tst_test_case.moc"
