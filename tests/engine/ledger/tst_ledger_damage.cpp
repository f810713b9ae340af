// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/database.h"
#include "sqlite_ledger_support.h"
#include "support/result_macros.h"

#include <commander/verify.h>

#include <QTest>

#include <filesystem>
#include <memory>
#include <optional>

using namespace commander;

namespace {

/// All that can be asked of a ledger, to prove that damage did no harm.
struct Answers {
    std::vector<std::string> records;
    std::vector<std::string> byId;
    std::vector<std::string> byOffset;
    std::vector<std::uint64_t> progress;
    bool operator==(const Answers &) const = default;
};

std::string textOf(const Record &record)
{
    return std::to_string(record.position.value) + "/" + std::to_string(record.offset.value) + "/" + record.id.text()
        + "/" + record.topic + "/" + std::to_string(record.recordedAt.micros) + "/" + toHex(record.chain) + "/"
        + toHex(recordLeaf(record));
}

constexpr std::uint64_t pairs = 40;

/// Nothing when the ledger says by itself that it is damaged.
std::optional<Answers> ask(LedgerBench &bench, const std::string &path)
{
    auto options = bench.options();
    options.path = path;
    options.readOnly = true;
    auto ledger = SqliteLedger::open(options);
    if (!ledger)
        return std::nullopt;
    Answers answers;
    const auto records = (*ledger)->readAt({1}, 1000);
    if (!records)
        return std::nullopt;
    for (const auto &record : *records)
        answers.records.push_back(textOf(*record));
    for (std::uint64_t n = 1; n <= pairs; ++n) {
        const auto found = (*ledger)->find(testId(n));
        const auto one = (*ledger)->read({"bank-events", 0}, {n - 1}, 1);
        if (!one || (!found && found.error().code != ErrorCode::NotFound))
            return std::nullopt;
        answers.byId.push_back(found ? textOf(**found) : "");
        answers.byOffset.push_back(one->empty() ? "" : textOf(*one->front()));
    }
    const auto progress = (*ledger)->progress("processor", {"commands", 0});
    if (!progress)
        return std::nullopt;
    answers.progress.push_back(progress->has_value() ? (*progress)->value : 0);
    return answers;
}

/// Without -shm files, which SQLite rebuilds at will.
std::map<std::string, std::string> snapshot(const std::string &folder)
{
    auto files = filesOf(folder);
    std::erase_if(files, [](const auto &file) { return file.first.ends_with("-shm"); });
    return files;
}

} // namespace

class TestLedgerDamage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void flippedBitsInTheLedger();
    void flippedBitsInTheLog();
    void flippedBitsInTheHead();
    void deletedLog();
    void truncatedLedger();
    void truncatedLog();
    void deletedHead();
    void olderHead();
    void headOfAnotherLedger();
    void deletedLedger();
    void replacedByAnOlderCopy();
    void refusesForeignFiles_data();
    void refusesForeignFiles();
    void refusesANewerLedger();
    void finishesAnUnfinishedLedger();
    void refusesASecondOwner();
    void triggersRefuseChanges();
    void verifyFindsTampering_data();
    void verifyFindsTampering();
    void verifyOfNoLedger();

private:
    /// Puts the sound files under the name "victim" into an empty folder.
    void restore(bool withLog);
    [[nodiscard]] std::string victim(const std::string &suffix = {}) const
    {
        return m_folder->path().toStdString() + "/victim" + suffix;
    }
    /// The damage is found by verify or by opening, or did no harm; and nothing was written in any case.
    void checkDamage(const std::string &what);
    /// Opening for writing refuses with this code and leaves every byte as it was.
    void checkRefused(ErrorCode code);
    [[nodiscard]] VerifyReport verify() const { return verifyLedger(victim(), *m_files).value(); }

    std::unique_ptr<LedgerBench> m_bench;
    std::unique_ptr<SystemFileSystem> m_files;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::map<std::string, std::string> m_folded;  ///< suffix -> bytes: everything in the ledger file
    std::map<std::string, std::string> m_crashed; ///< … and with the newer half in the log
    Answers m_answers;
    int m_detected = 0;
    int m_harmless = 0;
};

void TestLedgerDamage::initTestCase()
{
    m_files = std::make_unique<SystemFileSystem>();
    m_bench = std::make_unique<LedgerBench>(7);
    makeCrashedLedger(*m_bench, pairs);
    for (const std::string suffix : {"", "-wal", ".head"})
        m_crashed[suffix] = readFile(m_bench->file("crashed") + suffix);
    for (const std::string suffix : {"", ".head"})
        m_folded[suffix] = readFile(m_bench->path() + suffix);
    QVERIFY(m_crashed["-wal"].size() > 10'000);
    restore(false);
    const auto folded = ask(*m_bench, victim());
    QVERIFY(folded);
    QCOMPARE(folded->records.size(), pairs * 2);
    m_answers = *folded;
    restore(true);
    const auto crashed = ask(*m_bench, victim());
    QVERIFY(crashed);
    QVERIFY(*crashed == m_answers);
    QVERIFY(verify().verdict == VerifyReport::Verdict::Intact);
}

void TestLedgerDamage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_detected = m_harmless = 0;
}

void TestLedgerDamage::restore(bool withLog)
{
    if (!m_folder)
        m_folder = std::make_unique<QTemporaryDir>();
    for (const std::string suffix : {"-wal", "-shm", ".lock", ".head"})
        std::filesystem::remove(victim(suffix));
    for (const auto &[suffix, bytes] : withLog ? m_crashed : m_folded)
        writeFile(victim(suffix), bytes);
}

void TestLedgerDamage::checkDamage(const std::string &what)
{
    const auto before = snapshot(m_folder->path().toStdString());
    const auto report = verifyLedger(victim(), *m_files);
    QVERIFY_RESULT(report);
    QVERIFY2(snapshot(m_folder->path().toStdString()) == before, what.c_str());
    if (report->verdict != VerifyReport::Verdict::Intact) {
        QVERIFY2(!report->problem.empty(), what.c_str());
        ++m_detected;
    } else if (const auto answers = ask(*m_bench, victim())) {
        QVERIFY2(*answers == m_answers, (what + ": not found, but it does harm").c_str());
        ++m_harmless;
    } else {
        ++m_detected;
    }
    // An open for writing either goes well, or refuses and touches nothing. (It syncs, so it is tried now and then.)
    if ((m_detected + m_harmless) % 8 != 0)
        return;
    auto options = m_bench->options();
    options.path = victim();
    const auto now = snapshot(m_folder->path().toStdString());
    auto ledger = SqliteLedger::open(options);
    if (!ledger) {
        QVERIFY2(snapshot(m_folder->path().toStdString()) == now, (what + ": refused, but changed").c_str());
        QVERIFY2(ledger.error().code == ErrorCode::LedgerDamaged || ledger.error().code == ErrorCode::LedgerForeign
                     || ledger.error().code == ErrorCode::LedgerNewer || ledger.error().code == ErrorCode::IoError,
                 (what + ": " + ledger.error().text()).c_str());
    }
}

void TestLedgerDamage::checkRefused(ErrorCode code)
{
    const auto before = snapshot(m_folder->path().toStdString());
    const bool hadSharedMemory = std::filesystem::exists(victim("-shm"));
    auto options = m_bench->options();
    options.path = victim();
    QCOMPARE_ERROR(SqliteLedger::open(options), code);
    QVERIFY(snapshot(m_folder->path().toStdString()) == before);
    QCOMPARE(std::filesystem::exists(victim("-shm")), hadSharedMemory);
    options.readOnly = true;
    QCOMPARE_ERROR(SqliteLedger::open(options), code);
    QVERIFY(snapshot(m_folder->path().toStdString()) == before);
}

void TestLedgerDamage::flippedBitsInTheLedger()
{
    const auto sound = m_folded.at("");
    SeededRandom random(11);
    // Every part of every page at some stride, each time another bit.
    for (std::size_t at = 0; at < sound.size(); at += 1 + random.below(499)) {
        restore(false);
        auto bytes = sound;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
        writeFile(victim(), bytes);
        checkDamage("ledger byte " + std::to_string(at));
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%d found, %d harmless", m_detected, m_harmless);
    QVERIFY(m_detected > 0);
}

void TestLedgerDamage::flippedBitsInTheLog()
{
    const auto sound = m_crashed.at("-wal");
    SeededRandom random(12);
    for (std::size_t at = 0; at < sound.size(); at += 1 + random.below(7999)) {
        restore(true);
        auto bytes = sound;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
        writeFile(victim("-wal"), bytes);
        checkDamage("log byte " + std::to_string(at));
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%d found, %d harmless", m_detected, m_harmless);
    QVERIFY(m_detected > m_harmless);
}

void TestLedgerDamage::flippedBitsInTheHead()
{
    const auto sound = m_folded.at(".head");
    QCOMPARE(sound.size(), 1024u);
    for (std::size_t at = 0; at < sound.size(); at += 13) {
        restore(false);
        auto bytes = sound;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
        writeFile(victim(".head"), bytes);
        checkDamage("head byte " + std::to_string(at));
        if (QTest::currentTestFailed())
            return;
    }
    // One slot is enough.
    QCOMPARE(m_detected, 0);
    restore(false);
    auto bytes = sound;
    bytes[100] ^= 1;
    bytes[600] ^= 1;
    writeFile(victim(".head"), bytes);
    checkRefused(ErrorCode::LedgerDamaged);
}

void TestLedgerDamage::deletedLog()
{
    restore(true);
    std::filesystem::remove(victim("-wal"));
    QVERIFY(verify().verdict == VerifyReport::Verdict::Truncated);
    QCOMPARE(verify().head.value, pairs);
    QVERIFY(verify().promised == Position{pairs * 2});
    checkRefused(ErrorCode::LedgerDamaged);
    QVERIFY(!std::filesystem::exists(victim("-wal")));
}

void TestLedgerDamage::truncatedLedger()
{
    const auto sound = m_folded.at("");
    for (auto size = sound.size() - 1; size > 0; size -= std::min<std::size_t>(size, 2731)) {
        restore(false);
        writeFile(victim(), sound.substr(0, size));
        checkDamage("cut to " + std::to_string(size));
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(m_harmless, 0);
}

void TestLedgerDamage::truncatedLog()
{
    const auto sound = m_crashed.at("-wal");
    for (auto size = sound.size() - 1; size > 0; size -= std::min<std::size_t>(size, 9973)) {
        restore(true);
        writeFile(victim("-wal"), sound.substr(0, size));
        checkDamage("log cut to " + std::to_string(size));
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(m_harmless, 0);
}

void TestLedgerDamage::deletedHead()
{
    for (const bool withLog : {false, true}) {
        restore(withLog);
        std::filesystem::remove(victim(".head"));
        QVERIFY(verify().verdict == VerifyReport::Verdict::Truncated);
        checkRefused(ErrorCode::LedgerDamaged);
    }
}

void TestLedgerDamage::olderHead()
{
    // As after a crash between commit and head: the chain links up from there, so no record is in doubt.
    restore(false);
    const auto older = readFile(victim(".head"));
    auto options = m_bench->options();
    options.path = victim();
    {
        auto ledger = SqliteLedger::open(options);
        QVERIFY_RESULT(ledger);
        m_bench->fill(**ledger, 1001, 3000);
    }
    writeFile(victim(".head"), older);
    QVERIFY(verify().verdict == VerifyReport::Verdict::Intact);
    auto ledger = SqliteLedger::open(options);
    QVERIFY_RESULT(ledger);
    QCOMPARE((*ledger)->head().value().position.value, pairs * 2 + 2000);
    ledger->reset();
    QVERIFY(verify().promised == Position{pairs * 2 + 2000});

    // A record that was changed behind it is found.
    writeFile(victim(".head"), older);
    {
        auto database = Database::open(victim(), Database::Mode::ReadWrite);
        QVERIFY_RESULT(database);
        const auto trigger
            = database->queryText("SELECT sql FROM sqlite_schema WHERE name = 'records_no_update'").value();
        QVERIFY_RESULT(database->execute(
            "DROP TRIGGER records_no_update; UPDATE records SET actor = 'me' WHERE position = 500;" + trigger));
    }
    checkRefused(ErrorCode::LedgerDamaged);
}

void TestLedgerDamage::headOfAnotherLedger()
{
    LedgerBench other(99);
    makeLedger(other, pairs);
    restore(false);
    copyFile(other.path() + ".head", victim(".head"));
    QVERIFY(verify().verdict == VerifyReport::Verdict::Tampered);
    checkRefused(ErrorCode::LedgerDamaged);
}

void TestLedgerDamage::deletedLedger()
{
    restore(false);
    std::filesystem::remove(victim());
    checkRefused(ErrorCode::LedgerDamaged);
    QVERIFY(!std::filesystem::exists(victim()));
    QVERIFY(verify().verdict == VerifyReport::Verdict::Unreadable);
}

void TestLedgerDamage::replacedByAnOlderCopy()
{
    restore(false);
    const auto older = readFile(victim());
    auto options = m_bench->options();
    options.path = victim();
    {
        auto ledger = SqliteLedger::open(options);
        QVERIFY_RESULT(ledger);
        m_bench->fill(**ledger, 1001, 1010);
    }
    writeFile(victim(), older);
    QVERIFY(verify().verdict == VerifyReport::Verdict::Truncated);
    QCOMPARE(verify().firstBad.value, pairs * 2 + 1);
    checkRefused(ErrorCode::LedgerDamaged);
}

void TestLedgerDamage::refusesForeignFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("Dear diary,\n");
    QTest::newRow("long text") << QByteArray("Dear diary,\n").repeated(1000);
    QTest::newRow("zeros") << QByteArray(8192, '\0');
    QTest::newRow("magic only") << QByteArray("SQLite format 3", 16);
    TemporaryWorkspace workspace;
    {
        auto database = Database::open(workspace.ledger(), Database::Mode::ReadWriteCreate);
        QVERIFY_RESULT(database);
        QVERIFY_RESULT(database->execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)"));
    }
    QTest::newRow("another database") << QByteArray::fromStdString(readFile(workspace.ledger()));
}

void TestLedgerDamage::refusesForeignFiles()
{
    QFETCH(const QByteArray, bytes);
    writeFile(victim(), bytes.toStdString());
    checkRefused(ErrorCode::LedgerForeign);
    QVERIFY(verify().verdict == VerifyReport::Verdict::Unreadable);
    // Not even a lock file.
    QCOMPARE(std::distance(std::filesystem::directory_iterator(m_folder->path().toStdString()), {}), 1);
}

void TestLedgerDamage::refusesANewerLedger()
{
    restore(false);
    auto bytes = m_folded.at("");
    bytes[63] = 2; // user_version
    writeFile(victim(), bytes);
    checkRefused(ErrorCode::LedgerNewer);
    QVERIFY(verify().verdict == VerifyReport::Verdict::Unreadable);
}

void TestLedgerDamage::finishesAnUnfinishedLedger()
{
    // What a crash can leave while a ledger is made: a lock file, and a file whose first page was not written.
    for (const std::size_t size : {std::size_t{0}, std::size_t{40'960}}) {
        writeFile(victim(), std::string(size, '\0'));
        writeFile(victim(".lock"), "pid 5 (commander)\n");
        auto options = m_bench->options();
        options.path = victim();
        auto ledger = SqliteLedger::open(options);
        QVERIFY_RESULT(ledger);
        QVERIFY_RESULT((*ledger)->appendAndWait({{testCommand(1)}, {}}));
        ledger->reset();
        QVERIFY(verify().verdict == VerifyReport::Verdict::Intact);
        std::filesystem::remove(victim(".head"));
    }
    // … or a whole empty ledger without its head.
    std::filesystem::remove(victim());
    auto options = m_bench->options();
    options.path = victim();
    QVERIFY_RESULT(SqliteLedger::open(options));
    std::filesystem::remove(victim(".head"));
    QVERIFY_RESULT(SqliteLedger::open(options));
}

void TestLedgerDamage::refusesASecondOwner()
{
    restore(false);
    auto options = m_bench->options();
    options.path = victim();
    options.holder = "pid 4711 (commander)";
    auto owner = SqliteLedger::open(options);
    QVERIFY_RESULT(owner);
    options.holder = "another";
    const auto refused = SqliteLedger::open(options);
    QCOMPARE_ERROR(refused, ErrorCode::LedgerLocked);
    QCOMPARE(refused.error().where, "pid 4711 (commander)");
    QVERIFY_RESULT((*owner)->appendAndWait({{testCommand(5000)}, {}}));
    owner->reset();
    QVERIFY_RESULT(SqliteLedger::open(options));
}

void TestLedgerDamage::triggersRefuseChanges()
{
    restore(false);
    auto database = Database::open(victim(), Database::Mode::ReadWrite);
    QVERIFY_RESULT(database);
    for (const std::string sql :
         {"UPDATE records SET data = '{}' WHERE position = 3", "DELETE FROM records WHERE position = 80",
          "DELETE FROM records", "UPDATE topics SET name = 'x'", "DELETE FROM topics", "UPDATE meta SET value = 1",
          "DELETE FROM meta"}) {
        QVERIFY2(!database->execute(sql), sql.c_str());
    }
    *database = Database();
    QVERIFY(verify().verdict == VerifyReport::Verdict::Intact);
}

void TestLedgerDamage::verifyFindsTampering_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("firstBad");
    const auto row = [](const char *name, const char *sql, int firstBad) {
        QTest::newRow(name) << QString::fromLatin1(sql) << firstBad;
    };
    row("edit data", "UPDATE records SET data = '{\"amount\": 9.0}' WHERE position = 33", 33);
    row("edit actor", "UPDATE records SET actor = 'nobody' WHERE position = 2", 2);
    row("edit time", "UPDATE records SET recorded_at = recorded_at + 1 WHERE position = 80", 80);
    row("edit kind", "UPDATE records SET kind = 2 WHERE position = 1", 1);
    row("impossible kind", "UPDATE records SET kind = 9 WHERE position = 7", 7);
    row("short id", "UPDATE records SET id = x'00' WHERE position = 8", 8);
    row("edit salt", "UPDATE records SET salt = zeroblob(16) WHERE position = 9", 9);
    row("edit leaf", "UPDATE records SET leaf = zeroblob(32) WHERE position = 10", 10);
    row("edit chain", "UPDATE records SET chain = zeroblob(32) WHERE position = 11", 11);
    row("rename a topic", "UPDATE topics SET name = 'orders' WHERE name = 'commands'", 1);
    row("delete from the middle", "DELETE FROM records WHERE position = 40", 40);
    row("delete the end", "DELETE FROM records WHERE position > 70", 71);
    row("delete all", "DELETE FROM records", 1);
    row("swap two records",
        "UPDATE records SET position = -position WHERE position IN (20, 21);"
        "UPDATE records SET position = 41 + position WHERE position < 0",
        20);
    row("swap two payloads",
        "CREATE TEMP TABLE d AS SELECT position p, data x FROM records WHERE position IN (1, 3);"
        "UPDATE records SET data = (SELECT x FROM d WHERE p = 4 - position) WHERE position IN (1, 3)",
        1);
    row("insert in the middle",
        "UPDATE records SET position = -position - 1 WHERE position > 50;"
        "UPDATE records SET position = -position WHERE position < 0;"
        "UPDATE records SET \"offset\" = \"offset\" + 1000 WHERE position > 50;"
        "INSERT INTO records SELECT 51, topic_id, partition, 900, kind, randomblob(16), parent, correlation, \"key\", "
        "action,"
        "actor, depth, schema_version, domain_version, timestamp, recorded_at, headers, data, salt, leaf, chain "
        "FROM records WHERE position = 50",
        51);
    row("insert before the first",
        "INSERT INTO records SELECT 0, topic_id, partition, 900, kind, randomblob(16), parent, correlation, \"key\", "
        "action,"
        "actor, depth, schema_version, domain_version, timestamp, recorded_at, headers, data, salt, leaf, chain "
        "FROM records WHERE position = 50",
        1);
    row("move to another offset", "UPDATE records SET \"offset\" = 777 WHERE position = 12", 12);
    row("edit progress", "UPDATE progress SET next = 1 WHERE consumer = 'processor'", 0);
    row("delete progress", "DELETE FROM progress WHERE consumer = 'processor'", 0);
}

void TestLedgerDamage::verifyFindsTampering()
{
    QFETCH(const QString, sql);
    QFETCH(const int, firstBad);
    restore(false);
    {
        auto database = Database::open(victim(), Database::Mode::ReadWrite);
        QVERIFY_RESULT(database);
        // Someone who knows the triggers puts them back, too.
        std::string triggers;
        auto query = database->prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
        QVERIFY_RESULT(query);
        while (query->step().value())
            triggers.append(query->text(0)).append(";\n");
        query->reset();
        for (const std::string table : {"records", "topics", "meta"}) {
            for (const std::string kind : {"update", "delete"})
                QVERIFY_RESULT(database->execute("DROP TRIGGER " + table + "_no_" + kind));
        }
        QVERIFY_RESULT(database->execute(sql.toStdString()));
        QVERIFY_RESULT(database->execute(triggers));
    }
    const auto report = verify();
    QVERIFY2(report.verdict == VerifyReport::Verdict::Tampered || report.verdict == VerifyReport::Verdict::Truncated,
             report.problem.c_str());
    QCOMPARE(report.firstBad.value, static_cast<std::uint64_t>(firstBad));
    if (firstBad > 1)
        QCOMPARE(report.records, static_cast<std::uint64_t>(firstBad) - 1);
    QVERIFY(!report.problem.empty());
}

void TestLedgerDamage::verifyOfNoLedger()
{
    QVERIFY(verify().verdict == VerifyReport::Verdict::Unreadable);
    restore(false);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE_ERROR(verifyLedger(victim(), *m_files, stop.get_token()), ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestLedgerDamage)
#include "tst_ledger_damage.moc"
