// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/index_check.h"

#include "ledger/sqlite/ledger_file.h"

#include <array>
#include <cstring>

namespace commander {

namespace {

constexpr std::uint64_t stopCheckEvery = 4096;

// The finalizer of splitmix64: every bit of the input reaches every bit of the output.
std::uint64_t mix(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

std::uint64_t mixId(const Uuid &id, std::uint64_t position)
{
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), id.bytes.data(), sizeof halves);
    return mix(mix(mix(halves[0]) ^ halves[1]) ^ position);
}

using OffsetKey = std::array<std::uint64_t, 3>; // topic, partition, offset

std::uint64_t mixOffset(const OffsetKey &key, std::uint64_t position)
{
    return mix(mix(mix(mix(key[0]) ^ key[1]) ^ key[2]) ^ position);
}

} // namespace

void IndexSums::add(const Record &record, std::int64_t topicId)
{
    ids += mixId(record.id, record.position.value);
    offsets += mixOffset({static_cast<std::uint64_t>(topicId), record.partition, record.offset.value},
                         record.position.value);
}

IndexCheck::IndexCheck(FileSystem &fileSystem, std::string path, Position end, std::stop_token stop)
    : m_fileSystem(fileSystem), m_path(std::move(path)), m_end(end), m_stop(std::move(stop)), m_thread([this] {
          auto problem = check();
          m_problem = problem ? std::move(*problem) : "an index cannot be read: " + problem.error().text();
      })
{
}

IndexCheck::~IndexCheck()
{
    m_abandoned = true;
    if (m_thread.joinable())
        m_thread.join();
}

std::string IndexCheck::finish(const IndexSums &expected)
{
    m_thread.join();
    if (!m_problem.empty() || stopped())
        return m_problem;
    if (m_sums.ids != expected.ids)
        return "the index of the ids does not agree with the records";
    if (m_sums.offsets != expected.offsets)
        return "the index of the offsets does not agree with the records";
    return {};
}

Result<std::string> IndexCheck::check()
{
    auto quiet = openQuietly(m_fileSystem, m_path);
    if (!quiet)
        return fail(quiet.error());
    for (const auto part :
         {&IndexCheck::checkTopics, &IndexCheck::checkPositions, &IndexCheck::checkIds, &IndexCheck::checkOffsets}) {
        auto problem = (this->*part)(quiet->database);
        if (!problem || !problem->empty() || stopped())
            return problem;
    }
    return std::string{};
}

Result<std::string> IndexCheck::checkIds(Database &database)
{
    auto rows = database.prepare("SELECT id, position FROM records INDEXED BY records_id ORDER BY id");
    if (!rows)
        return fail(rows.error());
    Uuid last;
    for (std::uint64_t seen = 0; seen % stopCheckEvery != 0 || !stopped(); ++seen) {
        const auto row = rows->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const auto id = rows->uuid(0);
        // Out of order means that a search takes the wrong turn.
        if (seen > 0 && id <= last)
            return "the index of the ids is out of order";
        last = id;
        const auto position = static_cast<std::uint64_t>(rows->integer(1));
        if (position <= m_end.value)
            m_sums.ids += mixId(id, position);
    }
    return std::string{};
}

Result<std::string> IndexCheck::checkOffsets(Database &database)
{
    auto rows = database.prepare("SELECT topic_id, partition, \"offset\", position FROM records "
                                 "INDEXED BY records_offset ORDER BY topic_id, partition, \"offset\"");
    if (!rows)
        return fail(rows.error());
    OffsetKey last{};
    for (std::uint64_t seen = 0; seen % stopCheckEvery != 0 || !stopped(); ++seen) {
        const auto row = rows->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const OffsetKey key{static_cast<std::uint64_t>(rows->integer(0)), static_cast<std::uint64_t>(rows->integer(1)),
                            static_cast<std::uint64_t>(rows->integer(2))};
        if (seen > 0 && key <= last)
            return "the index of the offsets is out of order";
        last = key;
        const auto position = static_cast<std::uint64_t>(rows->integer(3));
        if (position <= m_end.value)
            m_sums.offsets += mixOffset(key, position);
    }
    return std::string{};
}

Result<std::string> IndexCheck::checkPositions(Database &database)
{
    // A search goes by the separators of the inner pages, which reading in order never looks at.
    auto query = database.prepare("SELECT 1 FROM records WHERE position = ?1");
    if (!query)
        return fail(query.error());
    for (std::uint64_t position = 1; position <= m_end.value; ++position) {
        const auto row = query->bind(1, static_cast<std::int64_t>(position)).step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return "record " + std::to_string(position) + " is not found by its position";
        query->reset();
        if (position % stopCheckEvery == 0 && stopped())
            break;
    }
    return std::string{};
}

Result<std::string> IndexCheck::checkTopics(Database &database)
{
    auto topics = database.prepare("SELECT topic_id, name FROM topics NOT INDEXED");
    auto query = database.prepare("SELECT topic_id FROM topics WHERE name = ?1");
    if (!topics || !query)
        return fail(topics ? query.error() : topics.error());
    for (;;) {
        const auto row = topics->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return std::string{};
        const std::string name(topics->text(1));
        const auto found = query->bind(1, name).step();
        if (!found)
            return fail(found.error());
        if (!*found || query->integer(0) != topics->integer(0))
            return "the topic " + name + " is not found by its name";
        query->reset();
    }
}

} // namespace commander
