// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/index_names.h"

namespace commander {

NameNumbers::NameNumbers(std::shared_ptr<const IndexNames> published) : m_published(std::move(published))
{
    discard();
}

std::int64_t NameNumbers::series(const Record &record)
{
    const auto key = keyOf(record.kind, record.topic, record.action);
    if (const auto known = m_series.find(key); known != m_series.end())
        return known->second;
    m_names.series.push_back({record.kind, record.topic, record.action});
    const auto number = static_cast<std::int64_t>(m_names.series.size());
    m_series.emplace(key, number);
    return number;
}

std::int64_t NameNumbers::actor(const std::string &name)
{
    if (const auto known = m_actors.find(name); known != m_actors.end())
        return known->second;
    m_names.actors.push_back(name);
    const auto number = static_cast<std::int64_t>(m_names.actors.size());
    m_actors.emplace(name, number);
    return number;
}

std::shared_ptr<const IndexNames> NameNumbers::current()
{
    if (m_names.series.size() != m_current->series.size() || m_names.actors.size() != m_current->actors.size())
        m_current = std::make_shared<const IndexNames>(m_names);
    return m_current;
}

void NameNumbers::discard()
{
    m_current = m_published;
    m_names = *m_published;
    m_series.clear();
    m_actors.clear();
    for (const auto &series : m_names.series)
        m_series.emplace(keyOf(series.kind, series.topic, series.action),
                         static_cast<std::int64_t>(m_series.size() + 1));
    for (const auto &actor : m_names.actors)
        m_actors.emplace(actor, static_cast<std::int64_t>(m_actors.size() + 1));
}

std::string_view NameNumbers::keyOf(RecordKind kind, std::string_view topic, std::string_view action)
{
    // The length keeps "a" + "bc" apart from "ab" + "c".
    m_key.clear();
    m_key += static_cast<char>(kind);
    m_key += std::to_string(topic.size());
    m_key += ':';
    m_key += topic;
    m_key += action;
    return m_key;
}

} // namespace commander
