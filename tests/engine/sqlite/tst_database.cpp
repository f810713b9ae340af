// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/database.h"
#include "support/faulty_vfs.h"
#include "support/record_factory.h"
#include "support/result_macros.h"
#include "support/temporary_workspace.h"

#include <QFile>
#include <QTest>

#include <sqlite3.h>

using namespace commander;

class TestDatabase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsValues();
    void reusesAStatement();
    void takesAnyFileName();
    void namesItsErrors();
    void readOnlyNeverWrites();
    void immutableLeavesNoTrace();
    void interruptsALongQuery();
    void reportsAFullDisk();
    void movesWithItsStatements();
};

void TestDatabase::keepsValues()
{
    TemporaryWorkspace workspace;
    auto database = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate);
    QVERIFY_RESULT(database);
    QVERIFY_RESULT(database->execute("CREATE TABLE t (i, s, b, n, u); CREATE TABLE other (x)"));
    auto insert = database->prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5)");
    QVERIFY_RESULT(insert);
    const std::string text("ü\0x", 4);
    const auto id = testId(1);
    insert->bind(1, std::int64_t{-5}).bind(2, text).bindBlob(3, std::string_view()).bindNull(4).bind(5, id);
    QVERIFY_RESULT(insert->run());
    auto select = database->prepare("SELECT * FROM t");
    QVERIFY_RESULT(select);
    QVERIFY(select->step().value());
    QCOMPARE(select->integer(0), -5);
    QVERIFY(select->text(1) == text);
    QVERIFY(select->blob(2).empty() && !select->isNull(2));
    QVERIFY(select->isNull(3));
    QVERIFY(select->uuid(4) == id);
    QVERIFY(select->uuid(0).isNull());
    QVERIFY(!select->step().value());
    QCOMPARE(database->queryInteger("SELECT i FROM t").value(), -5);
    QCOMPARE(database->queryText("SELECT 'x'").value(), "x");
    QCOMPARE(database->queryInteger("SELECT x FROM other").value(), 0);
}

void TestDatabase::reusesAStatement()
{
    TemporaryWorkspace workspace;
    auto database = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate);
    QVERIFY_RESULT(database);
    QVERIFY_RESULT(database->execute("CREATE TABLE t (i INTEGER PRIMARY KEY)"));
    auto insert = database->prepare("INSERT INTO t VALUES (?1)");
    QVERIFY_RESULT(insert);
    for (std::int64_t i = 1; i <= 3; ++i)
        QVERIFY_RESULT(insert->bind(1, i).run());
    // After an error, too.
    QVERIFY(!insert->bind(1, std::int64_t{2}).run());
    QVERIFY_RESULT(insert->bind(1, std::int64_t{4}).run());
    QCOMPARE(database->queryInteger("SELECT count(*) FROM t").value(), 4);
}

void TestDatabase::takesAnyFileName()
{
    TemporaryWorkspace workspace;
    const auto path = workspace.file("50% of what? #1 ünï.sqlite");
    {
        auto database = Database::open(path, Database::Mode::ReadWriteCreate);
        QVERIFY_RESULT(database);
        QVERIFY_RESULT(database->execute("CREATE TABLE t (i)"));
    }
    QVERIFY(QFile::exists(QString::fromStdString(path)));
    auto again = Database::open(path, Database::Mode::Immutable);
    QVERIFY_RESULT(again);
    QCOMPARE(again->queryInteger("SELECT count(*) FROM sqlite_schema").value(), 1);
}

void TestDatabase::namesItsErrors()
{
    TemporaryWorkspace workspace;
    const auto missing = Database::open(workspace.file("none/a.sqlite"), Database::Mode::ReadWriteCreate);
    QCOMPARE_ERROR(missing, ErrorCode::IoError);
    QVERIFY(!missing.error().remedy.empty());
    QVERIFY(!Database::open(workspace.file("a.sqlite"), Database::Mode::ReadOnly));

    QFile garbage(QString::fromStdString(workspace.file("garbage")));
    QVERIFY(garbage.open(QIODevice::WriteOnly));
    garbage.write(QByteArray("not a database at all").repeated(500));
    garbage.close();
    auto database = Database::open(workspace.file("garbage"), Database::Mode::ReadWrite);
    QVERIFY_RESULT(database);
    QCOMPARE_ERROR(database->queryInteger("SELECT count(*) FROM sqlite_schema"), ErrorCode::LedgerDamaged);
    auto sound = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate);
    QVERIFY_RESULT(sound);
    const auto wrong = sound->prepare("SELEKT 1");
    QVERIFY(!wrong);
    QVERIFY(wrong.error().text().find("SELEKT") != std::string::npos);
    QCOMPARE(wrong.error().where, workspace.file("a.sqlite"));
}

void TestDatabase::readOnlyNeverWrites()
{
    TemporaryWorkspace workspace;
    auto writer = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate);
    QVERIFY_RESULT(writer);
    QVERIFY_RESULT(writer->execute("PRAGMA journal_mode=WAL; CREATE TABLE t (i); INSERT INTO t VALUES (1)"));
    auto reader = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadOnly);
    QVERIFY_RESULT(reader);
    QCOMPARE_ERROR(reader->execute("INSERT INTO t VALUES (2)"), ErrorCode::LedgerReadOnly);
    QCOMPARE(reader->queryInteger("SELECT count(*) FROM t").value(), 1);
    QVERIFY_RESULT(writer->execute("INSERT INTO t VALUES (2)"));
    QCOMPARE(reader->queryInteger("SELECT count(*) FROM t").value(), 2);
}

void TestDatabase::immutableLeavesNoTrace()
{
    TemporaryWorkspace workspace;
    {
        auto writer = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate);
        QVERIFY_RESULT(writer);
        QVERIFY_RESULT(writer->execute("PRAGMA journal_mode=WAL; CREATE TABLE t (i); INSERT INTO t VALUES (1)"));
    }
    auto reader = Database::open(workspace.file("a.sqlite"), Database::Mode::Immutable);
    QVERIFY_RESULT(reader);
    QCOMPARE(reader->queryInteger("SELECT count(*) FROM t").value(), 1);
    QVERIFY(!QFile::exists(QString::fromStdString(workspace.file("a.sqlite-shm"))));
    QVERIFY(!QFile::exists(QString::fromStdString(workspace.file("a.sqlite-wal"))));
}

void TestDatabase::interruptsALongQuery()
{
    TemporaryWorkspace workspace;
    auto database = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate);
    QVERIFY_RESULT(database);
    std::stop_source stop;
    // The query never ends by itself; when it has come to 1000 it stops the token from within.
    sqlite3_create_function(
        database->handle(), "stop_at_1000", 1, SQLITE_UTF8, &stop,
        [](sqlite3_context *context, int, sqlite3_value **arguments) {
            const auto value = sqlite3_value_int64(arguments[0]);
            if (value == 1000)
                static_cast<std::stop_source *>(sqlite3_user_data(context))->request_stop();
            sqlite3_result_int64(context, value);
        },
        nullptr, nullptr);
    const char *const endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                                "SELECT max(stop_at_1000(x)) FROM c";
    {
        const InterruptOnStop interrupt(*database, stop.get_token());
        QCOMPARE_ERROR(database->queryInteger(endless), ErrorCode::Cancelled);
    }
    {
        // Stopped before it begins.
        const InterruptOnStop interrupt(*database, stop.get_token());
        QCOMPARE_ERROR(database->queryInteger(endless), ErrorCode::Cancelled);
    }
    QCOMPARE(database->queryInteger("SELECT 1").value(), 1);
}

void TestDatabase::reportsAFullDisk()
{
    TemporaryWorkspace workspace;
    FaultPlan plan;
    const FaultyVfs vfs(plan);
    auto database = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate, vfs.name());
    QVERIFY_RESULT(database);
    QVERIFY_RESULT(database->execute("PRAGMA journal_mode=WAL; CREATE TABLE t (i)"));
    plan.failAt(1, FaultPlan::Fault::DiskFull, true);
    QCOMPARE_ERROR(database->execute("INSERT INTO t VALUES (1)"), ErrorCode::DiskFull);
    plan.failAt(1, FaultPlan::Fault::IoError, true);
    QCOMPARE_ERROR(database->execute("INSERT INTO t VALUES (1)"), ErrorCode::IoError);
    plan.heal();
    QVERIFY_RESULT(database->execute("INSERT INTO t VALUES (1)"));
}

void TestDatabase::movesWithItsStatements()
{
    TemporaryWorkspace workspace;
    auto database = Database::open(workspace.file("a.sqlite"), Database::Mode::ReadWriteCreate);
    QVERIFY_RESULT(database);
    QVERIFY_RESULT(database->execute("CREATE TABLE t (i)"));
    auto count = database->prepare("SELECT count(*) FROM t");
    QVERIFY_RESULT(count);
    Database moved = std::move(*database);
    Statement statement = std::move(*count);
    QVERIFY(!database->isOpen());
    QVERIFY(statement.step().value());
    QCOMPARE(statement.integer(0), 0);
    statement.reset();
    QVERIFY_RESULT(moved.execute("INSERT INTO t VALUES (1)"));
    QVERIFY(statement.step().value());
    QCOMPARE(statement.integer(0), 1);
}

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
