// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/chain_collector.h"

#include <commander/limits.h>

#include <algorithm>
#include <deque>
#include <set>

namespace commander {

namespace {

/// Records of one correlation that are counted at most; a longer chain says it has this many.
constexpr std::size_t countedMax = 100'000;

/// Positions of the correlation, walking away from the focus, and how many more there are.
struct Side {
    std::vector<Position> positions;
    std::size_t more = 0;
};

Result<Side> readSide(RecordReader &reader, const Uuid &correlation, Position from, ScanDirection direction,
                      std::size_t max, const std::stop_token &stop)
{
    RecordFilter filter;
    filter.correlation = correlation;
    Side side;
    for (auto next = from; side.positions.size() + side.more < countedMax;) {
        const auto page = reader.match(filter, next, direction, limits::pageRowsMax, stop);
        if (!page)
            return fail(page.error());
        const auto room = std::min(max - side.positions.size(), page->positions.size());
        side.positions.insert(side.positions.end(), page->positions.begin(),
                              page->positions.begin() + static_cast<std::ptrdiff_t>(room));
        side.more += page->positions.size() - room;
        if (page->complete)
            break;
        next = page->next;
    }
    return side;
}

class Collector {
public:
    Collector(RecordReader &reader, const RecordPtr &focus) : m_reader(reader), m_focus(focus) { }

    [[nodiscard]] Result<Chain> collect(std::size_t recordsMax, const std::stop_token &stop)
    {
        add(m_focus);
        const auto correlation = m_focus->correlation.isNull() ? m_focus->id : m_focus->correlation;
        const auto before
            = readSide(m_reader, correlation, m_focus->position, ScanDirection::NewestFirst, recordsMax, stop);
        if (!before)
            return fail(before.error());
        const auto after
            = readSide(m_reader, correlation, m_focus->position.next(), ScanDirection::OldestFirst, recordsMax, stop);
        if (!after)
            return fail(after.error());
        auto positions = before->positions;
        positions.insert(positions.end(), after->positions.begin(), after->positions.end());
        const auto records = m_reader.at(positions, stop);
        if (!records)
            return fail(records.error());
        for (const auto &record : *records)
            add(record);
        const auto missed = before->more + after->more;
        const auto known = m_records.size();
        if (auto climbed = addCauses(correlation, stop); !climbed)
            return fail(climbed.error());
        // A cause from beyond the part that was read is no longer one of the missed.
        const auto fetched = m_records.size() - known;
        return finish(missed - std::min(missed, fetched));
    }

private:
    bool add(const RecordPtr &record)
    {
        if (!m_ids.insert(record->id).second)
            return false;
        m_records.push_back(record);
        return true;
    }

    /// The causes of the focus up to the root, also where the index lags behind or the chain is cut.
    [[nodiscard]] Result<void> addCauses(const Uuid &correlation, const std::stop_token &stop)
    {
        auto record = m_focus;
        for (std::size_t climbed = 0; climbed <= limits::causationDepthMax * 2 && !record->parent.isNull(); ++climbed) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "tracing was cancelled");
            const auto parent = m_reader.find(record->parent);
            if (!parent && parent.error().code == ErrorCode::NotFound)
                return {};
            if (!parent)
                return fail(parent.error());
            if ((*parent)->correlation != correlation)
                return {};
            add(*parent);
            record = *parent;
        }
        return {};
    }

    Chain finish(std::size_t beyond)
    {
        std::ranges::sort(m_records, {}, [](const RecordPtr &record) { return record->position; });
        Chain chain;
        chain.records = std::move(m_records);
        for (std::size_t i = 0; i < chain.records.size(); ++i)
            chain.places.emplace(chain.records[i]->id, i);
        chain.focus = chain.places.at(m_focus->id);
        chain.beyond = beyond;
        return chain;
    }

    RecordReader &m_reader;
    const RecordPtr m_focus;
    std::set<Uuid> m_ids;
    std::vector<RecordPtr> m_records;
};

} // namespace

std::vector<Chain::Reached> Chain::nearestFirst() const
{
    std::vector<std::vector<std::size_t>> neighbours(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto parent = places.find(records[i]->parent);
        if (parent == places.end() || parent->second == i)
            continue;
        neighbours[i].push_back(parent->second);
        neighbours[parent->second].push_back(i);
    }
    std::vector<Reached> order;
    std::vector<bool> seen(records.size());
    const auto reach = [&order, &seen](std::size_t place, std::size_t steps) {
        if (!seen[place])
            order.push_back({place, steps});
        seen[place] = true;
    };
    const auto sortFrom = [this, &order](std::size_t first) {
        const auto away = [this](const Reached &reached) {
            const auto place = reached.place;
            return std::pair(place > focus ? place - focus : focus - place, place);
        };
        std::ranges::sort(order.begin() + static_cast<std::ptrdiff_t>(first), order.end(), {}, away);
    };

    reach(focus, 0);
    std::size_t ring = 0;
    for (std::size_t steps = 1; ring < order.size(); ++steps) {
        const auto end = order.size();
        for (; ring < end; ++ring) {
            for (const auto neighbour : neighbours[order[ring].place])
                reach(neighbour, steps);
        }
        sortFrom(end);
    }
    const auto farthest = order.back().steps;
    for (std::size_t i = 0; i < records.size(); ++i)
        reach(i, farthest + 1);
    sortFrom(ring);
    return order;
}

Result<Chain> collectChain(RecordReader &reader, const RecordPtr &focus, std::size_t recordsMax,
                           const std::stop_token &stop)
{
    return Collector(reader, focus).collect(recordsMax, stop);
}

} // namespace commander
