// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/index_fixture.h"
#include "support/faulty_vfs.h"

#include <QtTest>

#include <filesystem>
#include <fstream>

using namespace commander;

namespace {

void writeFile(const std::string &path, const std::string &bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Overwrites the page where the table or index of this name begins.
void ruin(const std::string &path, const std::string &name)
{
    std::int64_t page = 0;
    std::int64_t size = 0;
    {
        auto database = Database::open(path, Database::Mode::ReadWrite);
        QVERIFY_RESULT(database);
        QVERIFY_RESULT(database->execute("PRAGMA wal_checkpoint(TRUNCATE);"));
        page = *database->queryInteger("SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'");
        size = *database->queryInteger("PRAGMA page_size");
    }
    QVERIFY(page > 1);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp((page - 1) * size);
    file << std::string(static_cast<std::size_t>(size), '\x55');
    QVERIFY(file.good());
}

} // namespace

class tst_IndexRecovery : public QObject {
    Q_OBJECT

private:
    /// What a fresh index of the same ledger holds.
    std::string freshDump(IndexFixture &fixture)
    {
        fixture.index.reset();
        for (const auto *const suffix : {"", "-wal", "-shm"})
            (void)fixture.fileSystem.remove(fixture.path() + suffix);
        fixture.gate.restart();
        fixture.openIndex();
        fixture.waitForIndex();
        return fixture.dump();
    }

private Q_SLOTS:
    void rebuildGivesTheSame()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        IndexFixture fixture(seed);
        fixture.openIndex();
        // Live, in small batches; rebuilt, in large ones.
        fixture.appendUpTo(1500);
        fixture.waitForIndex();
        const auto live = fixture.dump();
        QVERIFY(live.size() > 50'000);
        QVERIFY(freshDump(fixture) == live);
    }

    void restartsAnywhere()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        IndexFixture fixture(seed);
        for (int round = 0; round < 25; ++round) {
            fixture.openIndex();
            fixture.appendUpTo(fixture.records.size() + 1 + fixture.make.below(150));
            // Stopped while it is somewhere on the way, or done.
            if (fixture.make.below(2))
                QVERIFY(fixture.gate.waitFor({fixture.make.below(fixture.records.size() + 1)}));
            const auto before = fixture.index->position();
            fixture.index->stop();
            QVERIFY(fixture.index->position() >= before);
            QVERIFY(fixture.index->fault().empty());
            const auto stopped = fixture.index->position();
            fixture.index.reset();
            fixture.openIndex();
            QVERIFY2(fixture.index->position() >= stopped, "an index that was in order has been rebuilt");
        }
        fixture.waitForIndex();
        const auto continued = fixture.dump();
        QVERIFY(freshDump(fixture) == continued);
    }

    void unusableFilesAreReplaced_data()
    {
        QTest::addColumn<QString>("what");
        for (const auto *const what : {"empty", "garbage", "header", "truncated", "other program", "newer version",
                                       "other ledger", "ahead of the ledger", "other history", "no state", "lost rows"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }

    void unusableFilesAreReplaced()
    {
        QFETCH(QString, what);
        IndexFixture fixture(11);
        fixture.appendUpTo(400);
        const auto expected = freshDump(fixture);
        fixture.index.reset();
        const auto path = fixture.path();
        const auto change = [&path](const std::string &sql) {
            auto database = Database::open(path, Database::Mode::ReadWriteCreate);
            QVERIFY_RESULT(database);
            QVERIFY_RESULT(database->execute(sql));
        };
        if (what == QStringLiteral("empty")) {
            writeFile(path, "");
        } else if (what == QStringLiteral("garbage")) {
            writeFile(path, std::string(50'000, 'x'));
        } else if (what == QStringLiteral("header")) {
            std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
            file << "nothing";
        } else if (what == QStringLiteral("truncated")) {
            std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2 / 4096 * 4096);
        } else if (what == QStringLiteral("other program")) {
            writeFile(path, "");
            change("CREATE TABLE state(a); PRAGMA application_id = 77;");
        } else if (what == QStringLiteral("newer version")) {
            change("PRAGMA user_version = 99;");
        } else if (what == QStringLiteral("other ledger")) {
            change("UPDATE state SET ledger = randomblob(16);");
        } else if (what == QStringLiteral("ahead of the ledger")) {
            change("UPDATE state SET position = position + 1; INSERT INTO records SELECT position + 1, series, actor, "
                   "recorded, parent, "
                   "root, key FROM records ORDER BY position DESC LIMIT 1;");
        } else if (what == QStringLiteral("other history")) {
            change("UPDATE state SET chain = randomblob(32);");
        } else if (what == QStringLiteral("no state")) {
            change("DELETE FROM state;");
        } else if (what == QStringLiteral("lost rows")) {
            change("DELETE FROM records WHERE position > 300;");
        }
        fixture.gate.restart();
        fixture.openIndex();
        fixture.waitForIndex();
        QVERIFY(fixture.dump() == expected);
    }

    void damageThatAReaderMeets()
    {
        // Opening does not look everywhere; what it misses is found by whoever reads there, and then mended.
        int met = 0;
        for (const auto *const part : {"records_by_root", "records", "outcomes", "rollups"}) {
            IndexFixture fixture(12);
            fixture.appendUpTo(3000);
            const auto expected = freshDump(fixture);
            fixture.index.reset();
            ruin(fixture.path(), part);
            fixture.gate.restart();
            fixture.openIndex();
            const auto &record = *fixture.records[1000];
            auto &index = *fixture.index;
            const auto read = [&]() -> Result<void> {
                if (auto found = index.correlated(record.correlation, 10); !found)
                    return fail(found.error());
                if (auto found = index.match({}, {1}, ScanDirection::OldestFirst, 5000, {}); !found)
                    return fail(found.error());
                if (auto found = index.status(fixture.records.front()->id); !found)
                    return fail(found.error());
                if (auto found = index.histogram({{0}, {2'000'000'000'000'000}, 2000, {}}, {}); !found)
                    return fail(found.error());
                return {};
            };
            if (index.position() == fixture.head()) // else it has been noticed at once
                fixture.gate.restart();
            const auto answered = read();
            if (!answered) {
                QCOMPARE(answered.error().code, ErrorCode::NotReady);
                ++met;
            }
            fixture.waitForIndex();
            QVERIFY_RESULT(read());
            QVERIFY(fixture.dump() == expected);
        }
        QVERIFY(met >= 3);
    }

    void damageThatTheWriterMeets()
    {
        for (const auto *const part : {"records_by_parent", "outcomes", "rollups"}) {
            IndexFixture fixture(13);
            fixture.appendUpTo(2000);
            fixture.openIndex();
            fixture.waitForIndex();
            fixture.index.reset();
            ruin(fixture.path(), part);
            fixture.openIndex();
            fixture.appendUpTo(2200);
            fixture.waitForIndex();
            const auto mended = fixture.dump();
            QVERIFY(freshDump(fixture) == mended);
        }
    }

    void goesOnWhenTheDiskIsNoLongerFull()
    {
        IndexFixture fixture(15);
        FaultPlan plan;
        FaultyFileSystem faulty(fixture.fileSystem, plan);
        fixture.disk = &faulty;
        fixture.openIndex();
        fixture.appendUpTo(500);
        fixture.waitForIndex();
        const auto before = fixture.head();

        plan.failAt(1, FaultPlan::Fault::DiskFull, true);
        fixture.appendUpTo(1000);
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.index->fault().empty(), 60'000);
        QVERIFY2(fixture.index->fault().find("index.sqlite") != std::string::npos, fixture.index->fault().c_str());
        QCOMPARE(fixture.index->position(), before);
        // What is there can be read, and what is not indexed yet is found in the ledger.
        QVERIFY_RESULT(fixture.index->match({}, {1}, ScanDirection::OldestFirst, 100, {}));
        QVERIFY_RESULT(fixture.index->find(fixture.records.back()->id));

        plan.heal();
        fixture.waitForIndex();
        QVERIFY2(fixture.index->fault().empty(), fixture.index->fault().c_str());
        const auto mended = fixture.dump();
        fixture.index.reset();
        fixture.disk = &fixture.fileSystem;
        QVERIFY(freshDump(fixture) == mended);
    }

    void anyWriteMayFailOnce()
    {
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        IndexFixture fixture(seed);
        FaultPlan plan;
        FaultyFileSystem faulty(fixture.fileSystem, plan);
        fixture.disk = &faulty;
        fixture.openIndex();
        for (int round = 0; round < 4; ++round) {
            plan.failAt(1 + fixture.make.below(60), FaultPlan::Fault::IoError, false);
            fixture.appendUpTo(fixture.records.size() + 300);
            fixture.waitForIndex();
        }
        plan.heal();
        const auto mended = fixture.dump();
        fixture.index.reset();
        fixture.disk = &fixture.fileSystem;
        QVERIFY(freshDump(fixture) == mended);
    }

    void aFolderThatIsNotThere()
    {
        IndexFixture fixture(14);
        const auto index = RecordIndex::open({.path = fixture.workspace.file("nowhere/index.sqlite"),
                                              .ledger = fixture.ledger,
                                              .fileSystem = fixture.fileSystem,
                                              .onProgress = {}});
        QCOMPARE_ERROR(index, ErrorCode::IoError);
        QVERIFY2(index.error().where.find("nowhere/index.sqlite") != std::string::npos, index.error().text().c_str());
    }
};

QTEST_GUILESS_MAIN(tst_IndexRecovery)
#include "tst_index_recovery.moc"
