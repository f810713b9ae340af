// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/sqlite_ledger.h"

#include "ledger/sqlite/ledger_check.h"
#include "ledger/sqlite/ledger_file.h"
#include "ledger/sqlite/ledger_schema.h"
#include "ledger/sqlite/progress_table.h"

#include <commander/limits.h>

#include <algorithm>
#include <limits>

namespace commander {

namespace {

constexpr std::size_t readersMax = 8;
constexpr std::chrono::milliseconds foreignWriterPoll{100};
constexpr Position noLimit{static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())};
constexpr std::size_t noByteLimit = std::numeric_limits<std::size_t>::max();

} // namespace

SqliteLedger::SqliteLedger(const SqliteLedgerOptions &options)
    : m_options(options), m_readers(readersMax, [this] { return openReader(); }),
      m_feed(options.readOnly ? RecordFeed::Bounds{0, 0}
                              : RecordFeed::Bounds{limits::recentRecordsMax, limits::recentBytesMax},
             options.readOnly ? foreignWriterPoll : std::chrono::milliseconds(0),
             [this](Position from, Position last, std::size_t max) {
                 return m_readers.with(
                     [&](LedgerReader &reader) { return reader.range(from, last, max, limits::recentBytesMax); });
             })
{
}

SqliteLedger::~SqliteLedger()
{
    m_feed.close();
    if (m_worker)
        m_worker->stop();
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const SqliteLedgerOptions &options)
{
    if (options.path.empty() || !options.clock || !options.random || !options.fileSystem)
        return fail(ErrorCode::InvalidArgument, "a ledger needs a path, a clock, randomness and a file system",
                    options.path);
    std::unique_ptr<SqliteLedger> ledger(new SqliteLedger(options));
    if (auto opened = options.readOnly ? ledger->openForReading() : ledger->openForWriting(); !opened)
        return fail(std::move(opened.error()));
    return ledger;
}

Result<void> SqliteLedger::openForReading()
{
    auto &fileSystem = *m_options.fileSystem;
    const auto kind = inspectLedgerFile(fileSystem, m_options.path);
    if (!kind)
        return fail(kind.error());
    if (*kind != LedgerFileKind::Ledger)
        return fail(ErrorCode::NotFound, "there is no ledger to read", m_options.path);
    const auto checked = checkLedger(fileSystem, m_options.path, false);
    if (!checked)
        return fail(checked.error());
    m_id = checked->id;
    m_openedAt = checked->head;
    m_feed.start(m_openedAt, {});
    return {};
}

Result<void> SqliteLedger::openForWriting()
{
    auto &fileSystem = *m_options.fileSystem;
    const auto &path = m_options.path;
    // A foreign file must not even get a lock file beside it.
    if (const auto kind = inspectLedgerFile(fileSystem, path); !kind)
        return fail(kind.error());
    auto lock = fileSystem.lock(path + ".lock", m_options.holder);
    if (!lock)
        return fail(lock.error());
    m_lock = std::move(*lock);

    const auto kind = inspectLedgerFile(fileSystem, path);
    if (!kind)
        return fail(kind.error());
    if (*kind != LedgerFileKind::Ledger) {
        const auto id = IdSource(*m_options.clock, *m_options.random).next();
        if (auto made = createLedgerFile(fileSystem, path, id, m_options.clock->now()); !made)
            return made;
    }
    const auto checked = checkLedger(fileSystem, path, true);
    if (!checked)
        return fail(checked.error());
    m_id = checked->id;
    m_openedAt = checked->head;

    auto headFile = HeadFile::open(fileSystem, path, m_id, checked->headGeneration, m_options.durability);
    if (!headFile)
        return fail(headFile.error());
    // Also when the promise is right: the other slot may be torn.
    if (auto written = headFile->write(m_openedAt); !written)
        return written;

    auto database = Database::open(path, Database::Mode::ReadWrite, fileSystem.sqliteVfs());
    if (!database)
        return fail(database.error());
    if (auto prepared = prepareWriter(*database, m_options.durability); !prepared)
        return prepared;
    const auto progress = ProgressTable::readAll(*database);
    if (!progress)
        return fail(progress.error());
    m_feed.start(m_openedAt, *progress);

    auto writer = LedgerWriter::open(
        std::move(*database), std::move(*headFile),
        {.clock = *m_options.clock, .random = *m_options.random, .feed = m_feed, .head = m_openedAt});
    if (!writer)
        return fail(writer.error());
    m_writer = std::move(*writer);
    m_worker = std::make_unique<AppendWorker>(
        "cmd-ledger", [this](std::vector<WaitingAppend> &batch) { return m_writer->commit(batch); });
    return {};
}

Result<std::unique_ptr<LedgerReader>> SqliteLedger::openReader() const
{
    auto database = Database::open(m_options.path, Database::Mode::ReadOnly, m_options.fileSystem->sqliteVfs());
    if (!database)
        return fail(database.error());
    if (auto prepared = prepareReader(*database); !prepared)
        return fail(prepared.error());
    return LedgerReader::open(std::move(*database));
}

Position SqliteLedger::visible() const noexcept
{
    return m_options.readOnly ? noLimit : m_feed.visible();
}

void SqliteLedger::append(LedgerTransaction transaction, Done done)
{
    if (!m_worker) {
        done(fail(ErrorCode::LedgerReadOnly, "the ledger is open for reading only", m_options.path));
        return;
    }
    m_worker->append(std::move(transaction), std::move(done));
}

Result<std::unique_ptr<LedgerCursor>> SqliteLedger::follow(FollowFrom from)
{
    if (const auto *after = std::get_if<Position>(&from))
        return m_feed.follow(after->next());

    const auto &starts = std::get<std::vector<TopicStart>>(from);
    // Whatever is not there yet will come after this head, so the first record wanted is the smallest of both.
    const auto end = head();
    if (!end)
        return fail(end.error());
    auto first = end->position.next();
    for (const auto &start : starts) {
        const auto found = m_readers.with(
            [&](LedgerReader &reader) { return reader.partition(start.source, start.next, visible(), 1); });
        if (!found)
            return fail(found.error());
        if (!found->empty())
            first = std::min(first, found->front()->position);
    }
    return m_feed.follow(first, &starts);
}

Result<std::vector<RecordPtr>> SqliteLedger::read(const TopicPartition &source, Offset from, std::size_t max)
{
    return m_readers.with([&](LedgerReader &reader) { return reader.partition(source, from, visible(), max); });
}

Result<std::vector<RecordPtr>> SqliteLedger::readAt(Position from, std::size_t max)
{
    return m_readers.with([&](LedgerReader &reader) { return reader.range(from, visible(), max, noByteLimit); });
}

Result<RecordPtr> SqliteLedger::find(const Uuid &id)
{
    return m_readers.with([&](LedgerReader &reader) { return reader.find(id, visible()); });
}

Result<std::optional<Offset>> SqliteLedger::progress(const std::string &consumer, const TopicPartition &source)
{
    // From memory where we write ourselves: it appears together with the records of its transaction.
    if (!m_options.readOnly)
        return m_feed.progress(consumer, source);
    return m_readers.with([&](LedgerReader &reader) { return reader.progress(consumer, source); });
}

Result<LedgerHead> SqliteLedger::head()
{
    if (!m_options.readOnly)
        return m_feed.head();
    return m_readers.with([](LedgerReader &reader) { return reader.head(); });
}

Result<LedgerState> SqliteLedger::state()
{
    if (!m_options.readOnly)
        return m_feed.state();
    return m_readers.with([](LedgerReader &reader) { return reader.state(); });
}

LedgerCounters SqliteLedger::counters() const
{
    return m_writer ? m_writer->counters() : LedgerCounters{};
}

} // namespace commander
