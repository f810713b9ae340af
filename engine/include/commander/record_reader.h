// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

class FilterExpression; // commander/filter.h
/// The status of a command as far as it is known; nothing for other records.
using StatusOf = std::function<std::optional<CommandStatus>(const Record &)>;

/// Which records: the filter that menus build, and an expression on top. Lists are "any of"; fields are "and"; empty
/// means all.
struct RecordFilter {
    std::vector<RecordKind> kinds;
    std::vector<std::string> topics;
    std::vector<std::string> actions;
    std::vector<std::string> actors;
    std::optional<std::string> key;
    std::optional<Uuid> parent;
    std::optional<Uuid> correlation;
    std::optional<CommandStatus> status; ///< commands only; others never match
    std::string text;                    ///< substring of data, action, key or an id; ASCII case ignored
    std::optional<Timestamp> from;       ///< recordedAt >= from
    std::optional<Timestamp> to;         ///< recordedAt < to
    Position first{1};
    Position last{std::numeric_limits<std::int64_t>::max()};
    std::shared_ptr<const FilterExpression> expression; ///< compared by identity

    [[nodiscard]] bool matchesAll() const { return *this == RecordFilter{}; }
    /// Asks one record, without an index: for live streams and exports. Without `statusOf` no record has a status.
    [[nodiscard]] bool matches(const Record &record, const StatusOf &statusOf = {}) const;
    bool operator==(const RecordFilter &) const = default;
};

enum class ScanDirection { OldestFirst, NewestFirst };

/// A part of a filter's answer, and how far the search has come: repeat from `next` until `complete`.
struct MatchPage {
    std::vector<Position> positions; ///< in scan order
    Position next;                   ///< where to go on
    bool complete = false;           ///< the scan reached its end
};

/// Counts of records in equal time bins, stacked by series.
struct Histogram {
    Timestamp from;
    std::int64_t binMicros = 0;
    std::size_t bins = 0;
    std::map<std::string, std::vector<std::uint64_t>> series; ///< name -> count per bin
    std::uint64_t total = 0;
};
struct HistogramRequest {
    Timestamp from;
    Timestamp to;
    std::size_t bins = 100; ///< 1 to 2000
    enum class GroupBy { Topic, Action, Kind } groupBy = GroupBy::Topic;
};

struct NameCount {
    std::string name;
    std::uint64_t count = 0;
};

struct IndexExtent {
    Position position; ///< newest record the index holds
    Timestamp first;   ///< recordedAt of the oldest and newest record
    Timestamp last;
};

/// Reads the ledger through its index. Thread-safe and blocking: call it from a worker, never from the GUI thread.
/// Every method observes `stop` (Error Cancelled).
class RecordReader {
public:
    virtual ~RecordReader() = default;
    [[nodiscard]] virtual Result<IndexExtent> extent() = 0;
    /// `count` records from `first` on (fewer at the end), in order.
    [[nodiscard]] virtual Result<std::vector<RecordPtr>> range(Position first, std::size_t count,
                                                               std::stop_token stop = {})
        = 0;
    /// The records at these positions, in this order. Error NotFound.
    [[nodiscard]] virtual Result<std::vector<RecordPtr>> at(std::span<const Position> positions,
                                                            std::stop_token stop = {})
        = 0;
    /// Error NotFound.
    [[nodiscard]] virtual Result<RecordPtr> find(const Uuid &id) = 0;
    /// Records whose parent is `id`, oldest first.
    [[nodiscard]] virtual Result<std::vector<RecordPtr>> children(const Uuid &id, std::size_t max) = 0;
    /// Records of one correlation, oldest first.
    [[nodiscard]] virtual Result<std::vector<RecordPtr>> correlated(const Uuid &correlation, std::size_t max) = 0;
    /// Accepted until the result is indexed. Error NotFound.
    [[nodiscard]] virtual Result<CommandStatus> status(const Uuid &command) = 0;
    /// The result record of a command, or null while there is none.
    [[nodiscard]] virtual Result<RecordPtr> result(const Uuid &command) = 0;

    /// Scans from `start` (inclusive) in the direction, at most `limit` matches and at most a bounded piece of work per
    /// call.
    [[nodiscard]] virtual Result<MatchPage> match(const RecordFilter &filter, Position start, ScanDirection direction,
                                                  std::size_t limit, std::stop_token stop = {})
        = 0;
    [[nodiscard]] virtual Result<Histogram> histogram(const HistogramRequest &request, std::stop_token stop = {}) = 0;
    /// Names in use with their counts, for menus: topics or actions.
    [[nodiscard]] virtual Result<std::vector<NameCount>> topics() = 0;
    [[nodiscard]] virtual Result<std::vector<NameCount>> actions() = 0;
    /// The first position whose recordedAt is >= time (one past the end when there is none). Logarithmic.
    [[nodiscard]] virtual Result<Position> positionAt(Timestamp time) = 0;
};

} // namespace commander
