// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/index_fixture.h"
#include "query/filter_compiler.h"
#include "query/index_storage.h"

#include <QtTest>

#include <algorithm>

using namespace commander;

class tst_FilterCompiler : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<IndexFixture> m_fixture;
    std::unique_ptr<IndexStorage> m_storage;

    ScanPlan compiled(const RecordFilter &filter)
    {
        auto lease = m_storage->reader();
        const auto snapshot = m_storage->snapshot();
        RecordBodies bodies(m_fixture->ledger, lease->reader(), m_storage->path());
        auto plan = compileFilter(filter, IndexReading(lease->reader(), *snapshot, bodies, {}));
        return plan ? *plan : ScanPlan{};
    }

    /// What SQLite says it will do for each walk.
    std::vector<std::string> explained(const ScanPlan &plan, ScanDirection direction)
    {
        std::vector<std::string> walks;
        auto lease = m_storage->reader();
        for (const auto &walk : plan.walks) {
            auto statement = lease->reader().database().prepare("EXPLAIN QUERY PLAN " + plan.sql(walk, direction));
            std::string text = statement ? "" : statement.error().text();
            while (statement && *statement->step())
                text += std::string(statement->text(3)) + "; ";
            walks.push_back(text);
        }
        return walks;
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
        QTest::addColumn<QString>("fields");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *fields, std::initializer_list<const char *> expected) {
            QStringList list;
            for (const auto *const line : expected)
                list.append(QString::fromLatin1(line));
            QTest::newRow(fields) << QString::fromLatin1(fields) << list;
        };
        constexpr auto *series = "SEARCH r USING COVERING INDEX records_by_series (series=? AND rowid>? AND rowid<?)";
        row("none", {"SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"});
        row("kind", {series});
        row("topic", {series});
        row("action", {series});
        row("action key", {"SEARCH r USING INDEX records_by_series (series=? AND rowid>? AND rowid<?)"});
        row("parent",
            {"SEARCH r USING COVERING INDEX records_by_parent (parent=? AND rowid>? AND rowid<?)",
             "SEARCH s USING PRIMARY KEY (role=? AND id=? AND position>? AND position<?)"});
        row("correlation",
            {"SEARCH r USING COVERING INDEX records_by_root (root=? AND rowid>? AND rowid<?)",
             "SEARCH s USING PRIMARY KEY (role=? AND id=? AND position>? AND position<?)"});
        row("correlation kind",
            {"SEARCH r USING INDEX records_by_root (root=? AND rowid>? AND rowid<?)",
             "SEARCH s USING PRIMARY KEY (role=? AND id=? AND position>? AND position<?); "
             "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"});
        row("status",
            {"SEARCH o USING COVERING INDEX outcomes_by_status (status=? AND rowid>? AND rowid<?); "
             "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"});
        row("accepted",
            {"SEARCH r USING COVERING INDEX records_by_series (series=? AND rowid>? AND rowid<?); CORRELATED SCALAR "
             "SUBQUERY 1; "
             "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)"});
        row("key", {"SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"});
    }

    void everySelectiveFilterUsesItsIndex()
    {
        QFETCH(QString, fields);
        QFETCH(QStringList, expected);
        const auto given = fields.split(u' ');
        const auto has = [&given](const char *field) { return given.contains(QString::fromLatin1(field)); };
        RecordFilter filter;
        if (has("kind"))
            filter.kinds = {RecordKind::Event};
        if (has("topic"))
            filter.topics = {"bank-events", "customer-events"};
        if (has("action"))
            filter.actions = {"money-transferred"};
        if (has("key"))
            filter.key = "key-1";
        if (has("parent"))
            filter.parent = m_fixture->records.front()->id;
        if (has("correlation"))
            filter.correlation = m_fixture->records.front()->id;
        if (has("status"))
            filter.status = CommandStatus::Rejected;
        if (has("accepted"))
            filter.status = CommandStatus::Accepted;
        const auto plan = compiled(filter);
        for (const auto direction : {ScanDirection::OldestFirst, ScanDirection::NewestFirst}) {
            const auto walks = explained(plan, direction);
            QVERIFY(walks.size() >= static_cast<std::size_t>(expected.size()));
            for (std::size_t i = 0; i < walks.size(); ++i) {
                // Series come as often as there are of them.
                const auto &wanted = expected[std::min(static_cast<qsizetype>(i), expected.size() - 1)];
                QVERIFY2(QString::fromStdString(walks[i]).startsWith(wanted), walks[i].c_str());
                // Sorted by the index itself: nothing is collected before the first row comes.
                QVERIFY2(walks[i].find("TEMP B-TREE") == std::string::npos, walks[i].c_str());
            }
        }
    }

    void mostRecordsAreReadInOrder()
    {
        // Looking up nearly every row one by one would be slower than reading them all.
        RecordFilter filter;
        filter.key = "key-1";
        filter.kinds = {RecordKind::Command, RecordKind::Event};
        auto plan = compiled(filter);
        QCOMPARE(plan.walks.size(), std::size_t(1));
        QCOMPARE(plan.walks.front().order, ScanPlan::Order::Positions);
        filter.key.reset();
        plan = compiled(filter);
        QVERIFY(plan.walks.size() > 1);
        QCOMPARE(plan.walks.front().order, ScanPlan::Order::Series);
        QVERIFY(plan.check.empty());
    }

    void namesThatDoNotOccurFindNothing()
    {
        RecordFilter filter;
        filter.topics = {"nowhere"};
        QVERIFY(compiled(filter).walks.empty());
        filter = {};
        filter.actors = {"nobody"};
        QVERIFY(compiled(filter).walks.empty());
        filter = {};
        filter.kinds = {RecordKind::Event};
        filter.topics = {"commands"};
        QVERIFY(compiled(filter).walks.empty());
        filter = {};
        filter.status = CommandStatus::Failed;
        filter.kinds = {RecordKind::Event};
        QVERIFY(compiled(filter).walks.empty());
    }

    void textsAreBoundNotPasted()
    {
        RecordFilter filter;
        filter.key = "'; DROP TABLE records; --";
        filter.actors = {"actor-1", "x' OR '1'='1"};
        const auto plan = compiled(filter);
        QVERIFY(plan.sql(plan.walks.front(), ScanDirection::OldestFirst).find('\'') == std::string::npos);
        QCOMPARE(plan.values.size(), std::size_t(2)); // one known actor, and the key
    }
};

QTEST_GUILESS_MAIN(tst_FilterCompiler)
#include "tst_filter_compiler.moc"
