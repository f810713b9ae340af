// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/record_index.h"

#include "query/histogram_query.h"
#include "query/index_feeder.h"
#include "query/index_reading.h"
#include "query/match_scan.h"

#include <commander/derived_id.h>

#include <algorithm>
#include <map>

namespace commander {

namespace {

constexpr std::string_view resultName = "result";

bool isAbsent(const Error &error)
{
    // A ledger that cannot look up ids holds nothing that the index would not find.
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::Unsupported;
}

/// As IndexReading::positionAt, among the records from `first` on, which the index does not hold yet.
Result<Position> positionInLedger(Ledger &ledger, Position first, Timestamp time)
{
    const auto head = ledger.head();
    if (!head)
        return fail(head.error());
    auto low = first.value;
    auto high = std::max(first.value, head->position.value + 1);
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto records = ledger.readAt({middle}, 1);
        if (!records)
            return fail(records.error());
        if (!records->empty() && records->front()->recordedAt < time)
            low = middle + 1;
        else
            high = middle;
    }
    return Position{low};
}

} // namespace

RecordIndex::RecordIndex(std::unique_ptr<IndexFeeder> feeder) : m_feeder(std::move(feeder)) { }

RecordIndex::~RecordIndex() = default;

Result<std::unique_ptr<RecordIndex>> RecordIndex::open(Options options)
{
    auto feeder = IndexFeeder::open({.storage = {.path = std::move(options.path),
                                                 .ledger = options.ledger,
                                                 .fileSystem = options.fileSystem,
                                                 .sources = std::move(options.sources),
                                                 .pageCacheBytes = options.pageCacheBytes},
                                     .onProgress = std::move(options.onProgress)});
    if (!feeder)
        return fail(feeder.error());
    return std::unique_ptr<RecordIndex>(new RecordIndex(std::move(*feeder)));
}

Result<void> RecordIndex::start()
{
    return m_feeder->start();
}

void RecordIndex::stop()
{
    m_feeder->stop();
}

Position RecordIndex::position() const
{
    const auto use = m_feeder->use();
    return use.storage() ? use.storage()->snapshot()->position : Position{};
}

std::string RecordIndex::fault() const
{
    return m_feeder->fault();
}

void RecordIndex::setPaused(bool paused)
{
    m_feeder->setPaused(paused);
}

void RecordIndex::reset()
{
    m_feeder->reset();
}

template <class Read>
auto RecordIndex::reading(std::stop_token stop, Read read) -> decltype(read(std::declval<IndexReading &>()))
{
    const auto use = m_feeder->use();
    auto *const storage = use.storage();
    if (!storage)
        return fail(ErrorCode::NotReady, "the index is damaged and could not be replaced yet", {},
                    "See the engine's status.");
    const auto answer = [&]() -> decltype(read(std::declval<IndexReading &>())) {
        const auto lease = storage->reader();
        if (!lease)
            return fail(lease.error());
        const auto snapshot = storage->snapshot();
        RecordBodies bodies(m_feeder->ledger(), lease->reader(), storage->path());
        IndexReading reading(lease->reader(), *snapshot, bodies, std::move(stop));
        return read(reading);
    };
    auto answered = answer();
    if (!answered && storage->isDamage(answered.error())) {
        m_feeder->reportDamage(answered.error());
        return fail(ErrorCode::NotReady, "the index is damaged and is being rebuilt from the ledger", storage->path(),
                    "Try again in a moment.");
    }
    return answered;
}

Result<IndexExtent> RecordIndex::extent()
{
    return reading({}, [](IndexReading &reading) -> Result<IndexExtent> {
        const auto &snapshot = reading.snapshot();
        return IndexExtent{snapshot.position, snapshot.first, snapshot.last};
    });
}

Result<std::vector<RecordPtr>> RecordIndex::range(Position first, std::size_t count, std::stop_token stop)
{
    return reading(std::move(stop),
                   [&](IndexReading &reading) { return reading.bodies().range(first, count, reading.stop()); });
}

Result<std::vector<RecordPtr>> RecordIndex::at(std::span<const Position> positions, std::stop_token stop)
{
    return reading(std::move(stop),
                   [&](IndexReading &reading) { return reading.bodies().at(positions, reading.stop()); });
}

Result<RecordPtr> RecordIndex::find(const Uuid &id)
{
    return reading({}, [&](IndexReading &reading) { return reading.bodies().find(id); });
}

Result<std::vector<RecordPtr>> RecordIndex::children(const Uuid &id, std::size_t max)
{
    return reading({}, [&](IndexReading &reading) { return reading.recordsOf(StrayRole::Parent, id, max); });
}

Result<std::vector<RecordPtr>> RecordIndex::correlated(const Uuid &correlation, std::size_t max)
{
    return reading({},
                   [&](IndexReading &reading) { return reading.recordsOf(StrayRole::Correlation, correlation, max); });
}

Result<CommandStatus> RecordIndex::status(const Uuid &command)
{
    return reading({}, [&](IndexReading &reading) -> Result<CommandStatus> {
        const auto record = reading.bodies().find(command);
        if (!record)
            return fail(record.error());
        if ((*record)->kind != RecordKind::Command)
            return fail(ErrorCode::NotFound, "this record is no command", command.text());
        const auto outcome = reading.outcome((*record)->position);
        if (!outcome)
            return fail(outcome.error());
        if (outcome->result.value != 0)
            return outcome->status;
        // The index may lag: whoever has just written must see it.
        for (const auto &id : derivedIdsEver(command, resultName)) {
            const auto result = reading.bodies().find(id);
            if (result)
                return commandStatusFromName((*result)->action).value_or(CommandStatus::Failed);
            if (!isAbsent(result.error()))
                return fail(result.error());
        }
        return CommandStatus::Accepted;
    });
}

Result<RecordPtr> RecordIndex::result(const Uuid &command)
{
    return reading({}, [&](IndexReading &reading) -> Result<RecordPtr> {
        // By its own id, which everyone can tell; the index need not have it yet.
        for (const auto &id : derivedIdsEver(command, resultName)) {
            auto result = reading.bodies().find(id);
            if (result || !isAbsent(result.error()))
                return result;
        }
        // A gateway may have named it otherwise.
        const auto position = reading.bodies().positionOf(command);
        if (!position)
            return fail(position.error());
        const auto outcome = *position ? reading.outcome(**position) : Result<IndexReading::Outcome>();
        if (!outcome)
            return fail(outcome.error());
        if (outcome->result.value == 0)
            return RecordPtr();
        const auto records = reading.bodies().at(std::span(&outcome->result, 1), {});
        if (!records)
            return fail(records.error());
        return records->front();
    });
}

Result<MatchPage> RecordIndex::match(const RecordFilter &filter, Position start, ScanDirection direction,
                                     std::size_t limit, std::stop_token stop)
{
    return reading(std::move(stop),
                   [&](IndexReading &reading) { return scanMatches(reading, filter, start, direction, limit); });
}

Result<Histogram> RecordIndex::histogram(const HistogramRequest &request, std::stop_token stop)
{
    return reading(std::move(stop), [&](IndexReading &reading) { return queryHistogram(reading, request); });
}

namespace {

std::vector<NameCount> countsBy(const IndexSnapshot &snapshot, std::string Series::*name)
{
    std::map<std::string, std::uint64_t> counts;
    for (std::size_t i = 0; i < snapshot.counts.size(); ++i)
        counts[snapshot.names->series[i].*name] += snapshot.counts[i];
    std::vector<NameCount> list;
    list.reserve(counts.size());
    for (auto &[key, count] : counts)
        list.push_back({key, count});
    return list;
}

} // namespace

Result<std::vector<NameCount>> RecordIndex::topics()
{
    return reading({}, [](IndexReading &reading) -> Result<std::vector<NameCount>> {
        return countsBy(reading.snapshot(), &Series::topic);
    });
}

Result<std::vector<NameCount>> RecordIndex::actions()
{
    return reading({}, [](IndexReading &reading) -> Result<std::vector<NameCount>> {
        return countsBy(reading.snapshot(), &Series::action);
    });
}

Result<Position> RecordIndex::positionAt(Timestamp time)
{
    const auto indexed = position();
    const auto found = reading({}, [time](IndexReading &reading) { return reading.positionAt(time); });
    auto &ledger = m_feeder->ledger();
    // A client that asks for the state as of its own write must not depend on how far the index is.
    if (!found || *found <= indexed || !ledger.traits().totalOrder)
        return found;
    return positionInLedger(ledger, *found, time);
}

} // namespace commander
