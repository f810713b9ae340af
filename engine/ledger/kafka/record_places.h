// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ledger.h>

#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace commander {

struct RecordPlace {
    TopicPartition source;
    Offset offset;
};

/// Where in Kafka each record is, by id, since Kafka itself cannot tell. Kept in memory, about 60 bytes a record.
/// Thread-safe.
class RecordPlaces {
public:
    /// The first place of an id stays: a later record of the same id is a duplicate.
    void add(const Record &record);
    [[nodiscard]] std::optional<RecordPlace> find(const Uuid &id) const;
    /// The newest recordedAt of all that were added.
    [[nodiscard]] Timestamp newest() const;

private:
    struct Place {
        std::uint32_t source = 0; ///< index into m_sources
        std::uint64_t offset = 0;
    };

    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::vector<TopicPartition> m_sources;
    std::unordered_map<Uuid, Place> m_places;
    Timestamp m_newest{INT64_MIN};
};

} // namespace commander
