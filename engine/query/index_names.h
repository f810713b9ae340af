// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace commander {

/// What a record is, as the index counts it. Kind, topic and action together make one small number, so that one index
/// and one table of counts serve filters on any of the three.
struct Series {
    RecordKind kind = RecordKind::Command;
    std::string topic;
    std::string action;
};

/// The names that the index has numbered, from 1 in order of appearance. Immutable once published.
struct IndexNames {
    std::vector<Series> series;      ///< number = place + 1
    std::vector<std::string> actors; ///< number = place + 1
};

/// The state of the index after a commit. Immutable.
struct IndexSnapshot {
    std::shared_ptr<const IndexNames> names;
    std::vector<std::uint64_t> counts; ///< records of each series
    Position position;
    Timestamp first; ///< recordedAt of the oldest record
    Timestamp last;  ///< recordedAt of the newest record
};

/// Numbers names while records are written. Used by the writer only.
class NameNumbers {
public:
    explicit NameNumbers(std::shared_ptr<const IndexNames> published);

    [[nodiscard]] std::int64_t series(const Record &record);
    [[nodiscard]] std::int64_t actor(const std::string &name);
    /// All names, also those not published yet; the same object when there are none of these.
    [[nodiscard]] std::shared_ptr<const IndexNames> current();
    /// Names numbered since the last publish() start here.
    [[nodiscard]] std::size_t newSeriesFrom() const noexcept { return m_published->series.size(); }
    [[nodiscard]] std::size_t newActorsFrom() const noexcept { return m_published->actors.size(); }
    void publish() { m_published = current(); }
    /// Forgets what was numbered since the last publish().
    void discard();

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    using Numbers = std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>>;
    std::string_view keyOf(RecordKind kind, std::string_view topic, std::string_view action);

    std::shared_ptr<const IndexNames> m_published;
    std::shared_ptr<const IndexNames> m_current; ///< m_published, or a longer copy of it
    IndexNames m_names;
    Numbers m_series;
    Numbers m_actors;
    std::string m_key; ///< reused for each look-up
};

} // namespace commander
