// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_table.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

std::optional<Position> lowest(const std::map<std::string, ViewMemberPtr, std::less<>> &members, bool withFailed)
{
    std::optional<Position> position;
    for (const auto &[name, member] : members) {
        if (!withFailed && member->hasFailed())
            continue;
        if (const auto at = member->position(); at && (!position || *at < *position))
            position = at;
    }
    return position;
}

} // namespace

std::optional<Position> ViewMember::position() const
{
    return isLive() ? engine->positionOf(number) : std::nullopt;
}

std::string ViewMember::problem() const
{
    if (!isLive())
        return {};
    if (auto faults = engine->faults(); !faults.empty())
        return faults.front();
    const auto views = engine->reader().views();
    return number < views.size() ? views[number].error : std::string();
}

ViewMemberPtr ViewTable::find(const ViewVersionId &id) const
{
    const auto found
        = std::find_if(members.begin(), members.end(), [&id](const ViewMemberPtr &member) { return member->id == id; });
    return found == members.end() ? nullptr : *found;
}

void ViewTable::put(ViewMemberPtr member)
{
    for (auto *const roles : {&serving, &deciding}) {
        if (const auto role = roles->find(member->id.view); role != roles->end() && role->second->id == member->id)
            role->second = member;
    }
    erase(member->id);
    members.push_back(std::move(member));
    std::sort(members.begin(), members.end(), [](const auto &a, const auto &b) { return a->id < b->id; });
}

void ViewTable::erase(const ViewVersionId &id)
{
    std::erase_if(members, [&id](const ViewMemberPtr &member) { return member->id == id; });
}

void ViewTable::serve(const ViewMemberPtr &member)
{
    if (std::find(names.begin(), names.end(), member->id.view) == names.end())
        names.push_back(member->id.view);
    serving[member->id.view] = member;
}

void ViewTable::retire(const std::string &view)
{
    std::erase(names, view);
    serving.erase(view);
    deciding.erase(view);
}

std::optional<Position> ViewTable::servingPosition() const
{
    return lowest(serving, false);
}

std::optional<Position> ViewTable::decidingPosition() const
{
    return lowest(deciding, true);
}

} // namespace commander
