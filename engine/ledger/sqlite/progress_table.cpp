// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/progress_table.h"

#include <cstring>

namespace commander {

namespace {

constexpr std::string_view putSql
    = "INSERT INTO progress (consumer, topic, partition, next, sum) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (consumer, topic, partition) DO UPDATE SET next = excluded.next, sum = excluded.sum";

std::int64_t sumOf(std::string_view consumer, std::string_view topic, std::int64_t partition, std::int64_t next)
{
    std::string bytes = "progress";
    for (const auto text : {consumer, topic})
        bytes.append(std::to_string(text.size())).append(":").append(text);
    bytes.append(std::to_string(partition)).append("=").append(std::to_string(next));
    const auto hash = sha256(bytes);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < sizeof sum; ++i)
        sum = sum << 8 | hash[i];
    return static_cast<std::int64_t>(sum);
}

tl::unexpected<Error> damaged(std::string what, std::string where)
{
    return fail(ErrorCode::LedgerDamaged, std::move(what), std::move(where),
                "Verify the ledger, and restore a copy or export what is there.");
}

} // namespace

Result<void> ProgressTable::begin(Database &database)
{
    auto table = open(database);
    if (!table)
        return fail(table.error());
    return table->put({}, {}, 0);
}

Result<ProgressTable> ProgressTable::open(Database &database)
{
    ProgressTable table;
    table.m_database = &database;
    auto put = database.prepare(putSql);
    if (!put)
        return fail(put.error());
    table.m_put = std::move(*put);
    return table;
}

Result<void> ProgressTable::set(const ConsumerProgress &progress)
{
    if (!m_isKnown) {
        const auto all = readAll(*m_database);
        if (!all)
            return fail(all.error());
        m_known.clear();
        for (const auto &one : *all)
            m_known.insert({one.consumer, one.source});
        m_isKnown = true;
    }
    if (m_known.insert({progress.consumer, progress.source}).second) {
        if (auto counted = put({}, {}, m_known.size()); !counted)
            return counted;
    }
    return put(progress.consumer, progress.source, progress.next.value);
}

Result<void> ProgressTable::put(const std::string &consumer, const TopicPartition &source, std::uint64_t next)
{
    const std::int64_t partition = source.partition;
    const auto to = static_cast<std::int64_t>(next);
    m_put.bind(1, consumer).bind(2, source.topic).bind(3, partition).bind(4, to);
    return m_put.bind(5, sumOf(consumer, source.topic, partition, to)).run();
}

Result<Offset> ProgressTable::checkedNext(const Statement &row, const std::string &consumer,
                                          const TopicPartition &source)
{
    const auto next = row.integer(0);
    if (row.integer(1) != sumOf(consumer, source.topic, source.partition, next))
        return damaged("the progress of a consumer is not what was written", consumer);
    return Offset{static_cast<std::uint64_t>(next)};
}

Result<std::vector<ConsumerProgress>> ProgressTable::readAll(Database &database)
{
    auto query = database.prepare("SELECT next, sum, consumer, topic, partition FROM progress");
    if (!query)
        return fail(query.error());
    std::vector<ConsumerProgress> all;
    std::optional<std::uint64_t> counted;
    for (;;) {
        const auto row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        ConsumerProgress one{std::string(query->text(2)),
                             {std::string(query->text(3)), static_cast<std::uint32_t>(query->integer(4))},
                             {}};
        const auto next = checkedNext(*query, one.consumer, one.source);
        if (!next)
            return fail(next.error());
        one.next = *next;
        if (one.consumer.empty())
            counted = next->value;
        else
            all.push_back(std::move(one));
    }
    if (counted != all.size())
        return damaged("the progress of a consumer is missing", database.path());
    return all;
}

} // namespace commander
