// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/event_versions.h>

#include <algorithm>
#include <limits>

namespace commander {

namespace {

constexpr std::string_view versionMember = "eventVersion";

} // namespace

Result<std::uint32_t> eventVersionOf(const RecordDraft &event)
{
    if (event.headers.empty())
        return 1;
    const auto headers = parseJson(event.headers);
    if (!headers)
        return fail(ErrorCode::DomainFault, "the event's headers cannot be read: " + headers.error().what, "headers");
    const auto *member = headers->find(versionMember);
    if (!member)
        return 1;
    const auto version = member->asInteger();
    if (!version || *version < 1 || *version > std::numeric_limits<std::uint32_t>::max()) {
        return fail(ErrorCode::DomainFault, "eventVersion is no whole number from 1 on: " + writeJson(*member),
                    "headers");
    }
    return static_cast<std::uint32_t>(*version);
}

std::string withEventVersion(std::string headers, std::uint32_t version)
{
    if (version == 1)
        return headers;
    Json json;
    if (!headers.empty())
        json = parseJson(headers).value_or(Json());
    json.set(versionMember, Json(static_cast<std::int64_t>(version)));
    return writeJson(json);
}

std::optional<std::uint32_t> eventVersionRead(const DomainDescription &domain, std::string_view action)
{
    const auto own = std::find_if(domain.events.begin(), domain.events.end(),
                                  [action](const EventSpec &event) { return event.action == action; });
    if (own != domain.events.end())
        return own->version;
    std::optional<std::uint32_t> version;
    for (const auto &upcaster : domain.upcasters) {
        if (upcaster.action == action)
            version = std::max(version.value_or(1), upcaster.from + 1);
    }
    return version;
}

} // namespace commander
