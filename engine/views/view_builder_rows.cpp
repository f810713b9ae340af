// SPDX-License-Identifier: GPL-3.0-or-later
// Where the views of a file stand: how far each is, why it stopped, what it leaves out.
#include "values/sabotage.h"
#include "views/view_builder.h"

#include <algorithm>

namespace commander {

FollowFrom ViewBuilder::start() const
{
    if (!m_ordered)
        return m_file.sources;
    auto first = m_file.head.position;
    for (std::size_t view = 0; view < m_file.views.size(); ++view) {
        if (!isAsleep(view) && !rests(view))
            first = std::min(first, m_file.views[view].position);
    }
    if (sabotaged(Saboteur::FollowerRepeats))
        return Position{};
    return first;
}

std::vector<ViewStatus> ViewBuilder::views() const
{
    std::vector<ViewStatus> statuses;
    statuses.reserve(m_folds.size());
    for (std::size_t i = 0; i < m_folds.size(); ++i) {
        const auto &[domain, spec] = m_folds[i];
        const auto &row = m_file.views[i];
        statuses.push_back({spec.name, spec.version, domain->description().name, spec.path, row.position,
                            static_cast<std::uint64_t>(row.documents), row.error, spec.indexes, m_paused[i]});
    }
    return statuses;
}

void ViewBuilder::advance(const Record &last, Position position)
{
    for (std::size_t view = 0; view < m_file.views.size(); ++view) {
        if (!rests(view))
            m_file.views[view].position = std::max(m_file.views[view].position, position);
    }
    if (position > m_file.head.position)
        m_file.head = {position, last.chain, last.id};
    if (!m_ordered) {
        for (auto &source : m_file.sources) {
            if (source.source.topic == last.topic && source.source.partition == last.partition)
                source.next = last.offset.next();
        }
    }
}

void ViewBuilder::skip(std::size_t view, const Uuid &event, Position position)
{
    m_skipped[view].insert_or_assign(event, position);
    auto &row = m_file.views[view];
    if (row.position.next() == position && !isAsleep(view)) // it stands just before: the event that stopped it
        row.error.clear();
}

void ViewBuilder::stopView(std::size_t view, const Record &event, Position position, const Error &error)
{
    auto &row = m_file.views[view];
    row.error = "stopped at position " + std::to_string(position.value) + " (event " + event.id.text() + ", "
        + event.action + "): " + error.text();
    if (m_ordered && position.value > 0)
        row.position = std::max(row.position, Position{position.value - 1}); // folded up to just before
}

} // namespace commander
