// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/ledger_import.h"

#include "ledger/sqlite/ledger_check.h"
#include "ledger/sqlite/ledger_schema.h"
#include "ledger/transaction_check.h"

#include <commander/limits.h>

#include <limits>
#include <sqlite3.h>

namespace commander {

namespace {

constexpr std::size_t commitBytesMax = 16u * 1024u * 1024u;
constexpr std::size_t presentBytesMax = 16u * 1024u * 1024u;
constexpr std::uint64_t recordsPerCheckpoint = 16 * limits::commitRecordsMax;

std::string placeOf(const Record &record)
{
    return "position " + std::to_string(record.position.value);
}

} // namespace

Result<std::unique_ptr<LedgerImport>> LedgerImport::open(const LedgerImportOptions &options)
{
    std::unique_ptr<LedgerImport> import(new LedgerImport(options));
    if (auto opened = import->openFile(); !opened)
        return fail(std::move(opened.error()));
    return import;
}

LedgerImport::~LedgerImport()
{
    takeBack();
}

Result<void> LedgerImport::openFile()
{
    auto &fileSystem = *m_options.fileSystem;
    const auto &path = m_options.path;
    // A foreign file must not even get a lock file beside it.
    if (const auto kind = inspectLedgerFile(fileSystem, path, LedgerFileUse::Import); !kind)
        return fail(kind.error());
    auto lock = fileSystem.lock(path + ".lock", m_options.holder);
    if (!lock)
        return fail(lock.error());
    m_lock = std::move(*lock);
    const auto kind = inspectLedgerFile(fileSystem, path, LedgerFileUse::Import);
    if (!kind)
        return fail(kind.error());
    if (*kind == LedgerFileKind::Ledger || *kind == LedgerFileKind::Importing)
        return takeOver(*kind);
    return create();
}

Result<void> LedgerImport::create()
{
    if (auto made = createLedgerFile(*m_options.fileSystem, m_options.path, m_options.ledgerId, m_options.clock->now(),
                                     LedgerFileUse::Import);
        !made)
        return made;
    return prepare(0);
}

Result<void> LedgerImport::removeFiles()
{
    // The head first: without it an empty ledger is still in order.
    for (const auto *const suffix : {".head", "-wal", "-shm", ""}) {
        if (auto removed = m_options.fileSystem->remove(m_options.path + suffix); !removed)
            return removed;
    }
    return {};
}

Result<void> LedgerImport::discard()
{
    takeBack();
    m_reader.reset();
    m_headFile.reset();
    m_progress = ProgressTable();
    m_table = RecordTable();
    m_database = Database();
    return removeFiles();
}

Result<void> LedgerImport::takeOver(LedgerFileKind kind)
{
    auto &fileSystem = *m_options.fileSystem;
    const auto &path = m_options.path;
    const auto checked = checkLedger(fileSystem, path, true);
    if (!checked)
        return fail(checked.error());
    if (checked->id != m_options.ledgerId) {
        if (checked->head.position.value > 0) {
            return fail(ErrorCode::InvalidArgument,
                        (kind == LedgerFileKind::Ledger ? "there is another ledger: "
                                                        : "there is the unfinished import of another ledger: ")
                            + checked->id.text(),
                        path, "Import into a file that does not exist yet.");
        }
        if (auto removed = removeFiles(); !removed) // empty, so nothing is lost
            return removed;
        return create();
    }
    m_committed = checked->head;
    m_walk = ChainWalk(checked->head);
    m_finished = kind == LedgerFileKind::Ledger;
    return m_finished ? Result<void>{} : prepare(checked->headGeneration);
}

Result<void> LedgerImport::prepare(std::uint64_t headGeneration)
{
    auto &fileSystem = *m_options.fileSystem;
    auto headFile = HeadFile::open(fileSystem, m_options.path, m_options.ledgerId, headGeneration, Durability::Full);
    if (!headFile)
        return fail(headFile.error());
    if (auto written = headFile->write(m_committed); !written)
        return written;
    m_headFile.emplace(std::move(*headFile));

    auto database = Database::open(m_options.path, Database::Mode::ReadWrite, fileSystem.sqliteVfs());
    if (!database)
        return fail(database.error());
    m_database = std::move(*database);
    if (auto prepared = prepareWriter(m_database, Durability::Full); !prepared)
        return prepared;
    const auto application = m_database.queryInteger("PRAGMA application_id");
    if (!application)
        return fail(application.error());
    if (*application == ledgerApplicationId) {
        // finish() came as far as its commit, which still lies in the log.
        m_finished = true;
        return checkpoint(true);
    }
    auto table = RecordTable::open(m_database);
    if (!table)
        return fail(table.error());
    m_table = std::move(*table);
    auto progress = ProgressTable::open(m_database);
    if (!progress)
        return fail(progress.error());
    m_progress = std::move(*progress);

    auto forReading = Database::open(m_options.path, Database::Mode::ReadOnly, fileSystem.sqliteVfs());
    if (!forReading)
        return fail(forReading.error());
    if (auto prepared = prepareReader(*forReading); !prepared)
        return prepared;
    auto reader = LedgerReader::open(std::move(*forReading));
    if (!reader)
        return fail(reader.error());
    m_reader = std::move(*reader);
    return {};
}

Result<std::vector<RecordPtr>> LedgerImport::present(Position from)
{
    return m_reader->range(from, m_committed.position, limits::followerBatchMax, presentBytesMax);
}

Result<void> LedgerImport::take(const Record &record)
{
    if (auto checked = checkRecord(record); !checked)
        return fail(ErrorCode::InvalidArgument, checked.error().text(), placeOf(record));
    ChainWalk walk = m_walk;
    if (auto problem = walk.take(record); !problem.empty())
        return fail(ErrorCode::LedgerDamaged, std::move(problem), placeOf(record));
    if (auto inserted = insert(record); !inserted) {
        takeBack();
        return inserted;
    }
    m_walk = walk;
    ++m_openRecords;
    m_openBytes += record.data.size() + record.headers.size();
    if (m_openRecords < limits::commitRecordsMax && m_openBytes < commitBytesMax)
        return {};
    return commit();
}

Result<void> LedgerImport::insert(const Record &record)
{
    if (!m_inTransaction) {
        if (auto begun = m_database.execute("BEGIN IMMEDIATE"); !begun)
            return begun;
        m_inTransaction = true;
    }
    const auto partition = m_table.partition(record.topic, record.partition);
    if (!partition)
        return fail(partition.error());
    if ((*partition)->next != record.offset.value) {
        return fail(ErrorCode::LedgerDamaged,
                    "the record has offset " + std::to_string(record.offset.value) + " in its partition, where "
                        + std::to_string((*partition)->next) + " follows",
                    placeOf(record));
    }
    if (auto inserted = m_table.insert(record, **partition); !inserted) {
        if (m_table.duplicateMet())
            return fail(ErrorCode::DuplicateId, "an earlier record has the same id", placeOf(record));
        return inserted;
    }
    return {};
}

Result<void> LedgerImport::commit()
{
    if (!m_inTransaction)
        return {};
    if (auto committed = m_database.execute("COMMIT"); !committed) {
        takeBack();
        return committed;
    }
    m_inTransaction = false;
    m_committed = m_walk.head();
    m_sinceCheckpoint += m_openRecords;
    m_openRecords = 0;
    m_openBytes = 0;
    if (auto promised = m_headFile->write(m_committed); !promised)
        return promised;
    return m_sinceCheckpoint < recordsPerCheckpoint ? Result<void>{} : checkpoint(false);
}

void LedgerImport::takeBack()
{
    if (m_database.isOpen() && !sqlite3_get_autocommit(m_database.handle()))
        sqlite3_exec(m_database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    m_table.forget();
    m_progress.forget();
    m_walk = ChainWalk(m_committed);
    m_openRecords = 0;
    m_openBytes = 0;
    m_inTransaction = false;
}

Result<void> LedgerImport::setProgress(const std::vector<ConsumerProgress> &progress)
{
    for (const auto &one : progress) {
        const auto end
            = m_reader->partition(one.source, {one.next.value - (one.next.value > 0 ? 1 : 0)}, m_committed.position, 1);
        if (!end)
            return fail(end.error());
        if (one.next.value > 0 && end->empty()) {
            return fail(ErrorCode::LedgerDamaged,
                        "the consumer \"" + one.consumer + "\" is said to be further than the records of topic "
                            + one.source.topic,
                        "progress");
        }
        if (auto set = m_progress.set(one); !set)
            return set;
    }
    return {};
}

Result<void> LedgerImport::finish(const std::vector<ConsumerProgress> &progress)
{
    if (auto committed = commit(); !committed)
        return committed;
    if (auto begun = m_database.execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    m_inTransaction = true;
    auto done = setProgress(progress);
    if (done)
        done = m_database.execute("PRAGMA application_id=" + std::to_string(ledgerApplicationId));
    if (done)
        done = m_database.execute("COMMIT");
    if (!done) {
        takeBack();
        return done;
    }
    m_inTransaction = false;
    m_finished = true;
    // The mark that others look at is in the file itself, not in its log.
    return checkpoint(true);
}

Result<void> LedgerImport::checkpoint(bool whole)
{
    m_sinceCheckpoint = 0;
    int pages = 0;
    int done = 0;
    const int code = sqlite3_wal_checkpoint_v2(
        m_database.handle(), nullptr, whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &pages, &done);
    if (code == SQLITE_OK || (!whole && (code & 0xff) == SQLITE_BUSY))
        return {};
    return fail(m_database.error("cannot write the log back into the ledger file"));
}

} // namespace commander
