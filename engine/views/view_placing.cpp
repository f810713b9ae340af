// SPDX-License-Identifier: GPL-3.0-or-later
// Where an opening finds each version, and what serves then.
#include "views/stored_views.h"
#include "views/view_shelf.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

constexpr std::size_t ownCacheShare = 4; ///< a version in its own file gets this part of the caches

std::string sharedPath(const ViewShelf::Options &options)
{
    return options.folder + "/views.sqlite";
}

/// The binding with this identity, or null.
const FoldBinding *findBinding(const std::vector<FoldBinding> &bindings, const ViewVersionId &id)
{
    const auto found = std::find_if(bindings.begin(), bindings.end(),
                                    [&id](const FoldBinding &binding) { return viewVersionOf(binding) == id; });
    return found == bindings.end() ? nullptr : &*found;
}

} // namespace

// A version is in its own file if there is one, else in the shared file if that has it. Where there is no shared file
// it is made for all that is declared, so that deleting every file gives the files of a first opening.
Result<void> ViewShelf::place()
{
    const auto shared = sharedPath(m_options);
    const bool ordered = m_options.ledger.traits().totalOrder;
    auto bindings = m_options.declared;
    if (ordered) {
        for (const auto &binding : m_options.known) {
            if (!findBinding(bindings, viewVersionOf(binding)))
                bindings.push_back(binding);
        }
    }
    const auto hasOwnFile
        = [this](const FoldBinding &binding) { return m_options.fileSystem.exists(ownPath(binding)); };
    const auto stored = ordered ? readStoredViews(shared, m_options.fileSystem) : std::vector<StoredView>();
    std::vector<FoldBinding> folds;
    std::set<std::string> asleep;
    if (stored.empty()) {
        std::copy_if(m_options.declared.begin(), m_options.declared.end(), std::back_inserter(folds),
                     [&](const FoldBinding &binding) { return !ordered || !hasOwnFile(binding); });
    }
    for (const auto &view : stored) {
        const auto *const binding = findBinding(bindings, view.id);
        if (binding && !hasOwnFile(*binding) && binding->spec.indexes == view.indexes) {
            folds.push_back(*binding);
            continue;
        }
        folds.push_back(sleepingFold(view));
        asleep.insert(view.id.view);
    }
    if (auto opened = openShared(folds, asleep); !opened)
        return opened;

    ViewTable table(*m_table);
    std::set<std::string> inUse;
    for (const auto &binding : bindings) {
        if (const auto there = table.find(viewVersionOf(binding)); there && there->isLive())
            continue;
        auto member = openOwn(binding, ownPath(binding));
        if (!member)
            return fail(member.error());
        inUse.insert((*member)->ownFile.substr(m_options.folder.size() + 1));
        table.put(std::move(*member));
    }
    for (const auto &choice : m_choices.all()) {
        if (table.find(choice.id))
            continue;
        const auto path = ownPath(sleepingFold({choice.id, choice.domain, {}}));
        const auto name = path.substr(m_options.folder.size() + 1);
        if (!m_options.fileSystem.exists(path))
            continue; // what it held can only be built again once its fold is there
        inUse.insert(name);
        ViewMember member{choice.id, choice.domain, {}, nullptr, 0, path, false, {}, {}};
        member.spec.name = choice.id.view;
        member.spec.version = choice.id.version;
        table.put(std::make_shared<const ViewMember>(std::move(member)));
    }
    if (auto noted = noteOwnFiles(table); !noted)
        return noted;
    for (const auto &binding : m_options.declared)
        table.deciding[binding.spec.name] = table.find(viewVersionOf(binding));
    chooseServing(table);
    removeLeftovers(inUse);
    exchange(std::move(table));
    return {};
}

// A file that nobody knows of would be removed by an opening that does not know its fold.
Result<void> ViewShelf::noteOwnFiles(const ViewTable &table)
{
    auto choices = m_choices.all();
    std::uint64_t turn = 0;
    for (const auto &choice : choices)
        turn = std::max(turn, choice.served);
    for (const auto &member : table.members) {
        if (member->ownFile.empty() || m_choices.find(member->id))
            continue;
        const bool serves = findBinding(m_options.declared, member->id);
        choices.push_back({member->id, member->domain, false, serves ? ++turn : 0});
    }
    if (m_options.readOnly || choices.size() == m_choices.all().size())
        return {};
    return m_choices.write(std::move(choices));
}

void ViewShelf::chooseServing(ViewTable &table)
{
    // What decides is what serves: nobody shall see documents that no decision was made from.
    for (const auto &binding : m_options.declared)
        table.serve(table.deciding[binding.spec.name]);
    for (const auto &choice : m_choices.all()) {
        const auto member = table.find(choice.id);
        if (!choice.serving || !member || !member->isLive())
            continue;
        const auto deciding = table.deciding.find(choice.id.view);
        if (deciding == table.deciding.end() || !deciding->second->spec.decides)
            table.serve(member);
    }
}

void ViewShelf::removeLeftovers(const std::set<std::string> &inUse)
{
    for (const auto &name : m_options.filesThere) {
        const auto end = name.find(".sqlite");
        if (!name.starts_with("view-") || end == std::string::npos || inUse.contains(name.substr(0, end) + ".sqlite"))
            continue;
        // They cost space only, and the next opening tries again.
        (void)m_options.fileSystem.remove(m_options.folder + '/' + name);
    }
}

Result<void> ViewShelf::openShared(std::vector<FoldBinding> folds, std::set<std::string> asleep)
{
    const auto sleeping = asleep;
    std::set<std::string> paused;
    std::map<std::string, std::map<Uuid, Position>> skipped;
    for (const auto &fold : folds) {
        const auto id = viewVersionOf(fold);
        if (beginsPaused(fold))
            paused.insert(fold.spec.name);
        if (const auto skips = m_skipped.find(id); skips != m_skipped.end())
            skipped.emplace(fold.spec.name, skips->second);
    }
    auto engine = openEngine({.path = sharedPath(m_options),
                              .ledger = m_options.ledger,
                              .fileSystem = m_options.fileSystem,
                              .folds = std::move(folds),
                              .onProgress = {},
                              .sources = {},
                              .asleep = std::move(asleep),
                              .paused = std::move(paused),
                              .skipped = std::move(skipped),
                              .documentCacheBytes = m_options.documentCacheBytes,
                              .pageCacheBytes = m_options.pageCacheBytes});
    if (!engine)
        return fail(engine.error());
    m_shared = std::move(*engine);
    ViewTable table;
    const auto statuses = m_shared->reader().views();
    const auto now = m_options.clock.steady();
    for (std::size_t i = 0; i < m_shared->folds().size(); ++i) {
        const auto &fold = m_shared->folds()[i];
        table.put(std::make_shared<const ViewMember>(ViewMember{viewVersionOf(fold),
                                                                fold.domain->description().name,
                                                                fold.spec,
                                                                m_shared,
                                                                i,
                                                                {},
                                                                sleeping.contains(fold.spec.name),
                                                                statuses[i].position,
                                                                now}));
    }
    exchange(std::move(table));
    return {};
}

std::string ViewShelf::ownPath(const FoldBinding &binding) const
{
    const auto usual = m_options.folder + '/' + versionFileName(binding);
    const auto other = otherPath(binding);
    return !m_options.fileSystem.exists(usual) && m_options.fileSystem.exists(other) ? other : usual;
}

bool ViewShelf::beginsPaused(const FoldBinding &binding) const
{
    const auto id = viewVersionOf(binding);
    return m_paused.contains(id.view + '@' + id.label())
        && !(binding.spec.decides && findBinding(m_options.declared, id));
}

std::string ViewShelf::otherPath(const FoldBinding &binding) const
{
    auto name = versionFileName(binding);
    name.insert(name.find(".sqlite"), ".b");
    return m_options.folder + '/' + name;
}

Result<ViewMemberPtr> ViewShelf::openOwn(const FoldBinding &binding, const std::string &path)
{
    const auto id = viewVersionOf(binding);
    const auto &name = binding.spec.name;
    const auto skips = m_skipped.find(id);
    std::map<std::string, std::map<Uuid, Position>> skipped;
    if (skips != m_skipped.end())
        skipped.emplace(name, skips->second);
    auto engine = openEngine({.path = path,
                              .ledger = m_options.ledger,
                              .fileSystem = m_options.fileSystem,
                              .folds = {binding},
                              .onProgress = {},
                              .sources = {},
                              .asleep = {},
                              .paused = beginsPaused(binding) ? std::set<std::string>{name} : std::set<std::string>(),
                              .skipped = std::move(skipped),
                              .documentCacheBytes = m_options.documentCacheBytes / ownCacheShare,
                              .pageCacheBytes = m_options.pageCacheBytes / ownCacheShare});
    if (!engine)
        return fail(engine.error());
    const auto opened = (*engine)->positionOf(0).value_or(Position{});
    return std::make_shared<const ViewMember>(ViewMember{id, binding.domain->description().name, binding.spec,
                                                         std::move(*engine), 0, path, false, opened,
                                                         m_options.clock.steady()});
}

} // namespace commander
