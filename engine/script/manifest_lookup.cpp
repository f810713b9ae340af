// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/manifest.h"

#include <algorithm>
#include <set>

namespace commander::script {

const EventEntry *Manifest::findEvent(std::string_view action) const
{
    const auto found = std::find_if(events.begin(), events.end(),
                                    [action](const auto &event) { return event.spec.action == action; });
    return found == events.end() ? nullptr : &*found;
}

const EventEntry *Manifest::findUpcast(std::string_view action) const
{
    if (const auto *own = findEvent(action))
        return own;
    const auto found = std::find_if(otherEvents.begin(), otherEvents.end(),
                                    [action](const auto &event) { return event.spec.action == action; });
    return found == otherEvents.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> EventEntry::firstScripted() const
{
    for (std::uint32_t from = 1; from < spec.version; ++from) {
        if (isScriptedFrom(from))
            return from;
    }
    return {};
}

bool EventEntry::isScriptedFrom(std::uint32_t version) const
{
    if (!upcast)
        return true;
    const auto declared = upcast->events();
    return std::find(declared.begin(), declared.end(), std::to_string(version)) == declared.end();
}

std::string Manifest::keyOf(std::string_view action, const Json &data) const
{
    const auto *event = findEvent(action);
    const auto *member = event && !event->keyField.empty() ? data.find(event->keyField) : nullptr;
    if (!member)
        return {};
    if (const auto *text = member->asString())
        return *text;
    const auto *number = member->asNumber();
    return number ? number->lexeme : std::string();
}

DomainDescription Manifest::describe(const Hash256 &hash) const
{
    DomainDescription out;
    out.name = name;
    out.version = version;
    out.eventsTopic = eventsTopic;
    out.hash = hash;
    out.onFault = onFault;
    for (const auto &command : commands)
        out.commands.push_back(command.spec);
    for (const auto &event : events)
        out.events.push_back(event.spec);
    for (const auto *group : {&events, &otherEvents}) {
        for (const auto &event : *group) {
            for (std::uint32_t from = 1; from < event.spec.version; ++from)
                out.upcasters.push_back({event.spec.action, from});
        }
    }
    for (const auto &view : views)
        out.views.push_back(view.spec);
    std::set<std::string> seen;
    for (const auto &reaction : reactions) {
        for (const auto &event : reaction.events) {
            if (seen.insert(event).second)
                out.reactsTo.push_back(event);
        }
    }
    return out;
}

} // namespace commander::script
