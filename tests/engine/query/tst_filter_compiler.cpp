// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/index_fixture.h"
#include "query/filter_compiler.h"
#include "query/index_storage.h"

#include <QtTest>

using namespace commander;

class tst_FilterCompiler : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<IndexFixture> m_fixture;
    std::unique_ptr<IndexStorage> m_storage;

    ScanPlan compiled(const RecordFilter &filter) { return compileFilter(filter, *m_storage->snapshot()); }

    /// What SQLite says it will do.
    std::string explained(const ScanPlan &plan, ScanDirection direction)
    {
        auto lease = m_storage->reader();
        auto statement = lease->reader().database().prepare("EXPLAIN QUERY PLAN " + plan.sql(direction));
        if (!statement)
            return statement.error().text();
        std::string text;
        while (*statement->step())
            text += std::string(statement->text(3)) + "\n";
        return text;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<IndexFixture>(7);
        m_fixture->appendUpTo(2000);
        auto storage = IndexStorage::open({m_fixture->path(), m_fixture->ledger, m_fixture->fileSystem, {}});
        QVERIFY_RESULT(storage);
        m_storage = std::move(*storage);
        QVERIFY_RESULT(m_storage->write(m_fixture->records));
    }

    void cleanupTestCase()
    {
        m_storage.reset();
        m_fixture.reset();
    }

    void everySelectiveFilterUsesItsIndex_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("expected");
        QTest::newRow("all") << "all"
                             << "SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
        QTest::newRow("kind") << "kind"
                              << "SEARCH r USING COVERING INDEX records_by_series (series=? AND rowid>? AND rowid<?)";
        QTest::newRow("topic") << "topic"
                               << "SEARCH r USING COVERING INDEX records_by_series (series=? AND rowid>? AND rowid<?)";
        QTest::newRow("action") << "action"
                                << "SEARCH r USING COVERING INDEX records_by_series (series=? AND rowid>? AND rowid<?)";
        QTest::newRow("action and key") << "action and key"
                                        << "SEARCH r USING INDEX records_by_series (series=? AND rowid>? AND rowid<?)";
        QTest::newRow("parent") << "parent"
                                << "SEARCH r USING COVERING INDEX records_by_parent (parent=? AND rowid>? AND rowid<?)";
        QTest::newRow("correlation")
            << "correlation"
            << "SEARCH r USING COVERING INDEX records_by_correlation (correlation=? AND rowid>? AND rowid<?)";
        QTest::newRow("correlation and kind")
            << "correlation and kind"
            << "SEARCH r USING INDEX records_by_correlation (correlation=? AND rowid>? AND rowid<?)";
        QTest::newRow("key") << "key"
                             << "SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
    }

    void everySelectiveFilterUsesItsIndex()
    {
        QFETCH(QString, kind);
        QFETCH(QString, expected);
        RecordFilter filter;
        if (kind.contains(QStringLiteral("kind")))
            filter.kinds = {RecordKind::Event};
        if (kind == QStringLiteral("topic"))
            filter.topics = {"bank-events", "customer-events"};
        if (kind.contains(QStringLiteral("action")))
            filter.actions = {"money-transferred"};
        if (kind.contains(QStringLiteral("key")))
            filter.key = "key-1";
        if (kind == QStringLiteral("parent"))
            filter.parent = m_fixture->records.front()->id;
        if (kind.contains(QStringLiteral("correlation")))
            filter.correlation = m_fixture->records.front()->id;
        const auto plan = compiled(filter);
        for (const auto direction : {ScanDirection::OldestFirst, ScanDirection::NewestFirst}) {
            const auto text = explained(plan, direction);
            QVERIFY2(QString::fromStdString(text).startsWith(expected), text.c_str());
            // Sorted by the index itself: nothing is collected before the first row comes.
            QVERIFY2(text.find("TEMP B-TREE") == std::string::npos, text.c_str());
        }
    }

    void statusIsLookedUpByCommand()
    {
        RecordFilter filter;
        filter.status = CommandStatus::Rejected;
        const auto text = explained(compiled(filter), ScanDirection::OldestFirst);
        QVERIFY2(text.find("SEARCH o USING PRIMARY KEY (command=?)") != std::string::npos, text.c_str());
        filter.status = CommandStatus::Accepted;
        QVERIFY(explained(compiled(filter), ScanDirection::OldestFirst).find("SEARCH o USING PRIMARY KEY (command=?)")
                != std::string::npos);
    }

    void mostRecordsAreReadInOrder()
    {
        // Looking up nearly every row one by one would be slower than reading them all.
        RecordFilter filter;
        filter.key = "key-1";
        filter.kinds = {RecordKind::Command, RecordKind::Event};
        QCOMPARE(compiled(filter).walk, ScanPlan::Walk::Positions);
        filter.key.reset();
        QCOMPARE(compiled(filter).walk, ScanPlan::Walk::Series);
    }

    void namesThatDoNotOccurFindNothing()
    {
        RecordFilter filter;
        filter.topics = {"nowhere"};
        QCOMPARE(compiled(filter).walk, ScanPlan::Walk::Nothing);
        filter = {};
        filter.actors = {"nobody"};
        QCOMPARE(compiled(filter).walk, ScanPlan::Walk::Nothing);
        filter = {};
        filter.kinds = {RecordKind::Event};
        filter.topics = {"commands"};
        QCOMPARE(compiled(filter).walk, ScanPlan::Walk::Nothing);
        filter = {};
        filter.status = CommandStatus::Failed;
        filter.kinds = {RecordKind::Event};
        QCOMPARE(compiled(filter).walk, ScanPlan::Walk::Nothing);
    }

    void textsAreBoundNotPasted()
    {
        RecordFilter filter;
        filter.key = "'; DROP TABLE records; --";
        filter.actors = {"actor-1", "x' OR '1'='1"};
        const auto plan = compiled(filter);
        QVERIFY(plan.sql(ScanDirection::OldestFirst).find('\'') == std::string::npos);
        QCOMPARE(plan.values.size(), std::size_t(2)); // one known actor, and the key
    }
};

QTEST_GUILESS_MAIN(tst_FilterCompiler)
#include "tst_filter_compiler.moc"
