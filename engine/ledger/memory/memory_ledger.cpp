// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/memory/memory_ledger.h"

#include "ledger/transaction_check.h"

#include <commander/limits.h>

#include <algorithm>

namespace commander {

MemoryLedger::MemoryLedger(const Clock &clock, RandomSource &random)
    : m_clock(clock), m_random(random), m_id(IdSource(clock, random).next()),
      m_feed(RecordFeed::Bounds{limits::recentRecordsMax, limits::recentBytesMax}, std::chrono::milliseconds(0),
             [this](Position from, Position last, std::size_t max) -> Result<std::vector<RecordPtr>> {
                 return range(from, last, max);
             }),
      m_worker("cmd-memory", [this](std::vector<WaitingAppend> &batch) -> Result<void> {
          for (auto &waiting : batch)
              waiting.done(appendOne(waiting.transaction));
          return {};
      })
{
}

MemoryLedger::~MemoryLedger()
{
    m_feed.close();
    m_worker.stop();
}

void MemoryLedger::append(LedgerTransaction transaction, Done done)
{
    m_worker.append(std::move(transaction), std::move(done));
}

Result<Appended> MemoryLedger::appendOne(LedgerTransaction &transaction)
{
    if (auto checked = checkTransaction(transaction); !checked)
        return fail(std::move(checked.error()));
    Appended appended;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &draft : transaction.records) {
            if (m_byId.contains(draft.id))
                return fail(ErrorCode::DuplicateId, "a record with this id is already there", draft.id.text());
        }
        const auto recordedAt = std::max(m_feed.head().recordedAt, m_clock.now());
        for (auto &draft : transaction.records) {
            auto record = std::make_shared<Record>();
            static_cast<RecordDraft &>(*record) = std::move(draft);
            auto &partition = m_partitions[{record->topic, record->partition}];
            record->position = {m_records.size() + 1};
            record->offset = {partition.size()};
            record->recordedAt = recordedAt;
            m_random.fill(record->salt);
            record->leaf = recordLeaf(*record);
            record->chain = chainNext(m_records.empty() ? Hash256{} : m_records.back()->chain, record->leaf);
            m_records.push_back(record);
            m_byId.emplace(record->id, record);
            partition.push_back(record);
            appended.records.push_back(std::move(record));
        }
    }
    m_feed.publish(appended.records, transaction.progress);
    return appended;
}

std::vector<RecordPtr> MemoryLedger::range(Position from, Position last, std::size_t max) const
{
    const std::scoped_lock lock(m_mutex);
    const auto end = std::min<std::uint64_t>(last.value, m_records.size());
    std::vector<RecordPtr> out;
    for (auto position = std::max<std::uint64_t>(1, from.value); position <= end && out.size() < max; ++position)
        out.push_back(m_records[position - 1]);
    return out;
}

Result<std::unique_ptr<LedgerCursor>> MemoryLedger::follow(FollowFrom from)
{
    if (const auto *after = std::get_if<Position>(&from))
        return m_feed.follow(after->next());
    return m_feed.follow(Position{1}, &std::get<std::vector<TopicStart>>(from));
}

Result<std::vector<RecordPtr>> MemoryLedger::read(const TopicPartition &source, Offset from, std::size_t max)
{
    const auto visible = m_feed.visible();
    const std::scoped_lock lock(m_mutex);
    std::vector<RecordPtr> out;
    const auto partition = m_partitions.find(source);
    if (partition == m_partitions.end())
        return out;
    for (auto offset = from.value; offset < partition->second.size() && out.size() < max; ++offset) {
        if (partition->second[offset]->position > visible)
            break;
        out.push_back(partition->second[offset]);
    }
    return out;
}

Result<std::vector<RecordPtr>> MemoryLedger::readAt(Position from, std::size_t max)
{
    return range(from, m_feed.visible(), max);
}

Result<RecordPtr> MemoryLedger::find(const Uuid &id)
{
    const auto visible = m_feed.visible();
    const std::scoped_lock lock(m_mutex);
    const auto found = m_byId.find(id);
    if (found == m_byId.end() || found->second->position > visible)
        return fail(ErrorCode::NotFound, "no such record", id.text());
    return found->second;
}

Result<std::optional<Offset>> MemoryLedger::progress(const std::string &consumer, const TopicPartition &source)
{
    return m_feed.progress(consumer, source);
}

Result<LedgerHead> MemoryLedger::head()
{
    return m_feed.head();
}

Result<LedgerState> MemoryLedger::state()
{
    return m_feed.state();
}

} // namespace commander
