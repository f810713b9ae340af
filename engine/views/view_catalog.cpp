// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_catalog.h"

#include <algorithm>
#include <set>

namespace commander {

Result<std::shared_ptr<ViewEngine>> ViewCatalog::engineOf(const std::string &view) const
{
    const auto table = m_shelf.table();
    const auto &members = membersOf(*table);
    const auto member = members.find(view);
    if (member == members.end())
        return fail(ErrorCode::UnknownView, "no such view", view);
    return member->second->engine;
}

std::vector<ViewStatus> ViewCatalog::views()
{
    const auto table = m_shelf.table();
    std::vector<ViewStatus> statuses;
    statuses.reserve(table->names.size());
    for (const auto &name : table->names) {
        const auto &member = membersOf(*table).at(name);
        auto views = member->engine->reader().views();
        statuses.push_back(std::move(views[member->number]));
    }
    return statuses;
}

Result<Document> ViewCatalog::get(const std::string &view, const std::string &key, std::optional<Position> at)
{
    const auto engine = engineOf(view);
    if (!engine)
        return fail(engine.error());
    return (*engine)->reader().get(view, key, at);
}

Result<DocumentList> ViewCatalog::list(const std::string &view, const DocumentListRequest &request,
                                       std::stop_token stop)
{
    const auto engine = engineOf(view);
    if (!engine)
        return fail(engine.error());
    return (*engine)->reader().list(view, request, std::move(stop));
}

Result<std::vector<DocumentChange>> ViewCatalog::history(const std::string &view, const std::string &key,
                                                         std::optional<Position> before, std::size_t limit)
{
    const auto engine = engineOf(view);
    if (!engine)
        return fail(engine.error());
    return (*engine)->reader().history(view, key, before, limit);
}

Result<std::vector<FieldOrigin>> ViewCatalog::blame(const std::string &view, const std::string &key,
                                                    std::optional<Position> at)
{
    const auto engine = engineOf(view);
    if (!engine)
        return fail(engine.error());
    return (*engine)->reader().blame(view, key, at);
}

Result<std::vector<FieldChange>> ViewCatalog::diff(const std::string &view, const std::string &key, Position from,
                                                   Position to)
{
    const auto engine = engineOf(view);
    if (!engine)
        return fail(engine.error());
    return (*engine)->reader().diff(view, key, from, to);
}

Result<std::vector<DocumentChange>> ViewCatalog::changesAt(Position event)
{
    const auto table = m_shelf.table();
    std::vector<DocumentChange> changes;
    std::set<const ViewEngine *> asked;
    const auto &members = membersOf(*table);
    for (const auto &name : table->names) {
        const auto &member = members.at(name);
        if (!asked.insert(member->engine.get()).second)
            continue;
        auto more = member->engine->reader().changesAt(event);
        if (!more)
            return more;
        for (auto &change : *more) { // a file may hold versions in no role
            const auto role = members.find(change.view);
            if (role != members.end() && role->second->engine == member->engine)
                changes.push_back(std::move(change));
        }
    }
    return changes;
}

bool ViewCatalog::waitFor(Position position, std::chrono::milliseconds wait)
{
    return m_role == Role::Serving ? m_shelf.waitFor(position, wait) : m_shelf.waitDecidingFor(position, wait);
}

Result<ViewReader *> VersionReader::reader(const std::string &view) const
{
    if (view != m_member->id.view)
        return fail(ErrorCode::UnknownView, "this reader knows only " + m_member->id.view, view);
    return &m_member->engine->reader();
}

std::vector<ViewStatus> VersionReader::views()
{
    auto all = m_member->engine->reader().views();
    return {std::move(all[m_member->number])};
}

Result<Document> VersionReader::get(const std::string &view, const std::string &key, std::optional<Position> at)
{
    const auto from = reader(view);
    if (!from)
        return fail(from.error());
    return (*from)->get(view, key, at);
}

Result<DocumentList> VersionReader::list(const std::string &view, const DocumentListRequest &request,
                                         std::stop_token stop)
{
    const auto from = reader(view);
    if (!from)
        return fail(from.error());
    return (*from)->list(view, request, std::move(stop));
}

Result<std::vector<DocumentChange>> VersionReader::history(const std::string &view, const std::string &key,
                                                           std::optional<Position> before, std::size_t limit)
{
    const auto from = reader(view);
    if (!from)
        return fail(from.error());
    return (*from)->history(view, key, before, limit);
}

Result<std::vector<FieldOrigin>> VersionReader::blame(const std::string &view, const std::string &key,
                                                      std::optional<Position> at)
{
    const auto from = reader(view);
    if (!from)
        return fail(from.error());
    return (*from)->blame(view, key, at);
}

Result<std::vector<FieldChange>> VersionReader::diff(const std::string &view, const std::string &key, Position from,
                                                     Position to)
{
    const auto source = reader(view);
    if (!source)
        return fail(source.error());
    return (*source)->diff(view, key, from, to);
}

Result<std::vector<DocumentChange>> VersionReader::changesAt(Position event)
{
    auto changes = m_member->engine->reader().changesAt(event);
    if (changes)
        std::erase_if(*changes, [this](const DocumentChange &change) { return change.view != m_member->id.view; });
    return changes;
}

bool VersionReader::waitFor(Position position, std::chrono::milliseconds wait)
{
    return m_member->engine->reader().waitFor(position, wait);
}

} // namespace commander
