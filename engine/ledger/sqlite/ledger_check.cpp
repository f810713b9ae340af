// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/ledger_check.h"

#include "ledger/sqlite/chain_walk.h"
#include "ledger/sqlite/head_file.h"
#include "ledger/sqlite/ledger_file.h"
#include "ledger/sqlite/ledger_reader.h"
#include "ledger/sqlite/ledger_schema.h"
#include "ledger/sqlite/progress_table.h"
#include "values/sabotage.h"

#include <algorithm>
#include <limits>

namespace commander {

namespace {

constexpr std::uint64_t tailRecords = 256;
constexpr std::size_t walkRecords = 4096;
constexpr std::size_t walkBytes = 16u * 1024u * 1024u;

tl::unexpected<Error> damaged(std::string what, const std::string &path)
{
    return fail(ErrorCode::LedgerDamaged, std::move(what), path,
                "Nothing was changed. Verify the ledger to see how far it is sound, then restore a copy or export what "
                "is there.");
}

/// May a ledger end before what its head file promises? Only when the promise was never synced and the machine that
/// made it has been restarted since: that is the loss which Durability::Relaxed allows.
bool lossIsAllowed(const HeadPromise &promise, FileSystem &fileSystem)
{
    const auto boot = bootIdentity(fileSystem);
    const decltype(boot) unknown{};
    return !promise.synced && boot != unknown && promise.boot != unknown && promise.boot != boot;
}

class OpeningCheck {
public:
    OpeningCheck(FileSystem &fileSystem, std::string path, const HeadReading &reading)
        : m_fileSystem(fileSystem), m_path(std::move(path)), m_reading(reading)
    {
    }

    [[nodiscard]] Result<CheckedLedger> run(Database database)
    {
        if (auto schema = checkLedgerSchema(database); !schema)
            return fail(schema.error());
        const auto id = readLedgerId(database);
        if (!id)
            return fail(id.error());
        if (const auto progress = ProgressTable::readAll(database); !progress)
            return fail(progress.error());
        auto reader = LedgerReader::open(std::move(database));
        if (!reader)
            return fail(reader.error());
        const auto end = (*reader)->head();
        if (!end)
            return fail(end.error());
        if (auto promised = checkPromise(*id, *end); !promised)
            return fail(promised.error());
        if (auto walked = walkTail(**reader, *end); !walked)
            return fail(walked.error());
        return CheckedLedger{*id, *end, m_reading.promise ? m_reading.promise->generation : 0};
    }

private:
    [[nodiscard]] Result<void> checkPromise(const Uuid &id, const LedgerHead &end)
    {
        const auto head = HeadFile::pathOf(m_path);
        if (!m_reading.promise) {
            if (m_reading.present)
                return damaged("the head file is not readable, so records may be missing from the ledger's end", head);
            if (end.position.value > 0)
                return damaged("the head file is missing, so records may be missing from the ledger's end", head);
            return {};
        }
        const auto &promise = *m_reading.promise;
        if (promise.ledgerId != id)
            return damaged("the head file belongs to another ledger", head);
        if (promise.head.position > end.position) {
            if (!lossIsAllowed(promise, m_fileSystem) && !sabotaged(Saboteur::LostTailNotNoticed)) {
                return damaged("records are missing: " + std::to_string(promise.head.position.value)
                                   + " were acknowledged, the file holds " + std::to_string(end.position.value),
                               m_path);
            }
            m_reading.promise->head = end;
        }
        return {};
    }

    [[nodiscard]] Result<void> walkTail(LedgerReader &reader, const LedgerHead &end)
    {
        const auto promised = m_reading.promise ? m_reading.promise->head : LedgerHead{};
        const auto tail = end.position.value - std::min(end.position.value, tailRecords);
        const Position start{std::min(tail, promised.position.value)};
        LedgerHead before;
        if (start.value > 0) {
            const auto record = reader.range(start, start, 1, 1);
            if (!record)
                return fail(record.error());
            if (record->empty())
                return damaged("record " + std::to_string(start.value) + " is missing", m_path);
            before = {start, record->front()->chain, record->front()->recordedAt};
        }
        ChainWalk walk(before);
        while (walk.head().position < end.position) {
            if (auto linked = checkLink(walk.head(), promised); !linked)
                return linked;
            const auto records = reader.range(walk.head().position.next(), end.position, walkRecords, walkBytes);
            if (!records)
                return fail(records.error());
            if (records->empty())
                return damaged("record " + std::to_string(walk.head().position.value + 1) + " is missing", m_path);
            for (const auto &record : *records) {
                if (auto problem = walk.take(*record); !problem.empty())
                    return damaged("position " + std::to_string(record->position.value) + ": " + problem, m_path);
                if (auto linked = checkLink(walk.head(), promised); !linked)
                    return linked;
            }
        }
        return checkLink(walk.head(), promised);
    }

    [[nodiscard]] Result<void> checkLink(const LedgerHead &at, const LedgerHead &promised) const
    {
        if (at.position != promised.position || at.chain == promised.chain)
            return {};
        return damaged("the records up to position " + std::to_string(at.position.value)
                           + " are not those that the head file knows",
                       m_path);
    }

    FileSystem &m_fileSystem;
    const std::string m_path;
    HeadReading m_reading;
};

} // namespace

Result<CheckedLedger> checkLedger(FileSystem &fileSystem, const std::string &path, bool owner)
{
    // The head first: beside a writer the ledger may only be ahead of what was read here.
    auto reading = HeadFile::read(fileSystem, path);
    if (!reading)
        return fail(reading.error());
    auto quiet = openQuietly(fileSystem, path);
    if (!quiet)
        return fail(quiet.error());
    const bool madeSharedMemory = quiet->madeSharedMemory;
    auto checked = OpeningCheck(fileSystem, path, *reading).run(std::move(quiet->database));
    if (!checked && owner && madeSharedMemory) {
        if (auto removed = fileSystem.remove(path + "-shm"); !removed)
            return fail(removed.error());
    }
    return checked;
}

} // namespace commander
