// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/text_search.h"

#include <commander/filter.h>
#include <commander/record_reader.h>

#include <algorithm>

namespace commander {

namespace {

template <class T> bool anyOf(const std::vector<T> &wanted, const T &value)
{
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

} // namespace

bool RecordFilter::matches(const Record &record, const StatusOf &statusOf) const
{
    return anyOf(kinds, record.kind) && anyOf(topics, record.topic) && anyOf(actions, record.action)
        && anyOf(actors, record.actor) && (!key || record.key == *key) && (!parent || record.parent == *parent)
        && (!correlation || record.correlation == *correlation) && (!from || record.recordedAt >= *from)
        && (!to || record.recordedAt < *to) && record.position >= first && record.position <= last
        && (!status || (statusOf && statusOf(record) == status)) && (text.empty() || TextSearch(text).isIn(record))
        && (!expression || expression->matches(record, statusOf));
}

} // namespace commander
