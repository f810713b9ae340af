// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/upcasting.h"

#include <commander/event_versions.h>

namespace commander {

Result<std::optional<Json>> upcastFor(const Domain &domain, const ParsedRecord &event)
{
    const auto &description = domain.description();
    if (event.record.headers.empty() && description.upcasters.empty())
        return std::optional<Json>(); // as good as all events of all domains
    const auto read = eventVersionRead(description, event.record.action);
    if (!read)
        return std::optional<Json>();
    const auto written = eventVersionOf(event.record);
    if (!written)
        return fail(written.error());
    if (*written > *read) {
        return fail(ErrorCode::DomainFault,
                    "the event " + event.record.action + " was written with version " + std::to_string(*written)
                        + " of its schema, and the domain knows it up to " + std::to_string(*read),
                    "domain " + description.name + ", version " + std::to_string(description.version),
                    "Install a version of the domain that knows it.");
    }
    std::optional<Json> data;
    for (auto from = *written; from < *read; ++from) {
        auto next = domain.upcast({event.record, data ? *data : event.data}, from);
        if (!next)
            return fail(next.error());
        data = std::move(*next);
    }
    return data;
}

Result<void> foldEvent(const Domain &domain, const ViewSpec &view, const ParsedRecord &event, DocumentFold &documents)
{
    const auto data = upcastFor(domain, event);
    if (!data)
        return fail(data.error());
    return domain.fold(view, {event.record, *data ? **data : event.data}, documents);
}

Result<std::vector<FollowUpCommand>> reactTo(const Domain &domain, const ParsedRecord &event, DocumentSource &views,
                                             HandlerContext &context)
{
    const auto data = upcastFor(domain, event);
    if (!data)
        return fail(data.error());
    return domain.react({event.record, *data ? **data : event.data}, views, context);
}

} // namespace commander
