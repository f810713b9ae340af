// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/kafka/record_places.h"

#include <algorithm>

namespace commander {

void RecordPlaces::add(const Record &record)
{
    const std::scoped_lock lock(m_mutex);
    m_newest = std::max(m_newest, record.recordedAt);
    // A ledger has few partitions: a search is cheaper than a map.
    const auto same = [&record](const TopicPartition &source) {
        return source.partition == record.partition && source.topic == record.topic;
    };
    auto source = std::find_if(m_sources.begin(), m_sources.end(), same);
    if (source == m_sources.end())
        source = m_sources.insert(source, {record.topic, record.partition});
    m_places.try_emplace(record.id, Place{static_cast<std::uint32_t>(source - m_sources.begin()), record.offset.value});
}

std::optional<RecordPlace> RecordPlaces::find(const Uuid &id) const
{
    const std::scoped_lock lock(m_mutex);
    const auto place = m_places.find(id);
    if (place == m_places.end())
        return std::nullopt;
    return RecordPlace{m_sources[place->second.source], {place->second.offset}};
}

Timestamp RecordPlaces::newest() const
{
    const std::scoped_lock lock(m_mutex);
    return m_newest;
}

} // namespace commander
