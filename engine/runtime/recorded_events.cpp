// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/recorded_events.h"

#include <commander/limits.h>

#include <algorithm>

namespace commander {

Result<std::uint64_t> RecordedEvents::count(const std::string &topic, const std::string &key, Position last,
                                            std::stop_token stop)
{
    const auto extent = m_records.extent();
    // An index that cannot be read is no reason to decide nothing: the ledger has the answer, too.
    Position indexed = extent ? std::min(extent->position, last) : Position{};
    std::uint64_t events = 0;
    RecordFilter filter;
    filter.kinds = {RecordKind::Event};
    filter.topics = {topic};
    filter.key = key;
    filter.last = indexed;
    for (Position next{1}; next <= indexed;) {
        const auto page = m_records.match(filter, next, ScanDirection::OldestFirst, limits::followerBatchMax, stop);
        if (!page && stop.stop_requested())
            return fail(page.error());
        if (!page) {
            indexed = {};
            events = 0;
            break;
        }
        events += page->positions.size();
        if (page->complete)
            break;
        next = page->next;
    }
    for (auto next = indexed.next(); next <= last;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "stopped");
        const auto records = m_ledger.readAt(next, limits::followerBatchMax);
        if (!records)
            return fail(records.error());
        if (records->empty())
            break;
        for (const auto &record : *records) {
            if (record->position <= last && record->kind == RecordKind::Event && record->topic == topic
                && record->key == key)
                ++events;
        }
        next = records->back()->position.next();
    }
    return events;
}

} // namespace commander
