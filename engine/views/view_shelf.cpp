// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_shelf.h"
#include "values/sabotage.h"

#include <commander/limits.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace commander {

namespace {

constexpr std::chrono::milliseconds faultLookInterval{500};

} // namespace

ViewShelf::ViewShelf(Options options)
    : m_options(std::move(options)),
      m_choices(m_options.choicesPath, m_options.fileSystem, m_options.ledger.ledgerId()), m_skipped(m_options.skipped),
      m_paused(m_options.paused)
{
}

ViewShelf::~ViewShelf()
{
    stop();
}

Result<std::unique_ptr<ViewShelf>> ViewShelf::open(Options options)
{
    std::unique_ptr<ViewShelf> shelf(new ViewShelf(std::move(options)));
    if (auto placed = shelf->place(); !placed)
        return fail(placed.error());
    shelf->progressed();
    return shelf;
}

Result<std::shared_ptr<ViewEngine>> ViewShelf::openEngine(ViewEngine::Options options)
{
    const auto self = std::make_shared<std::atomic<const ViewEngine *>>(nullptr);
    options.onProgress = [this, self](Position) {
        progressed();
        waitWhileHeld(self->load());
    };
    auto engine = ViewEngine::open(std::move(options));
    if (!engine)
        return fail(engine.error());
    self->store(engine->get());
    return std::shared_ptr<ViewEngine>(std::move(*engine));
}

Result<ViewMemberPtr> ViewShelf::openVersion(const FoldBinding &binding)
{
    auto member = openOwn(binding, ownPath(binding));
    if (!member)
        return member;
    if (auto started = (*member)->engine->start(); !started)
        return fail(started.error());
    return member;
}

std::vector<std::shared_ptr<ViewEngine>> ViewShelf::engines() const
{
    std::vector<std::shared_ptr<ViewEngine>> engines{m_shared};
    for (const auto &member : table()->members) {
        if (member->engine && member->engine != m_shared)
            engines.push_back(member->engine);
    }
    return engines;
}

Result<void> ViewShelf::start()
{
    for (const auto &engine : engines()) {
        if (auto started = engine->start(); !started)
            return started;
    }
    m_resetter = std::jthread([this](const std::stop_token &stop) { finishResets(stop); });
    return {};
}

void ViewShelf::stop()
{
    m_resetter = {}; // stops it and waits for it
    const auto changes = lockChanges();
    for (const auto &[id, reset] : m_resets) {
        if (reset.fresh)
            reset.fresh->engine->stop(); // the next opening removes its file, or goes on with it
    }
    if (m_shared) {
        for (const auto &engine : engines())
            engine->stop();
    }
    {
        const std::scoped_lock lock(m_positionMutex);
        m_closed = true;
    }
    m_moved.notify_all();
}

ViewTablePtr ViewShelf::table() const
{
    const std::scoped_lock lock(m_tableMutex);
    return m_table;
}

Position ViewShelf::servingPosition(const ViewTable &table) const
{
    return table.servingPosition().value_or(m_shared->position());
}

void ViewShelf::progressed()
{
    Position now;
    {
        // The table cannot be exchanged meanwhile: what readers are told is true of what serves.
        const std::scoped_lock lock(m_positionMutex);
        now = servingPosition(*table());
        if (now <= m_position)
            now = {};
        else
            m_position = now;
    }
    m_moved.notify_all();
    if (now != Position{} && m_options.onProgress)
        m_options.onProgress(now);
}

void ViewShelf::waitWhileHeld(const ViewEngine *engine)
{
    std::unique_lock lock(m_positionMutex);
    m_moved.wait(lock, [&] { return m_closed || std::find(m_held.begin(), m_held.end(), engine) == m_held.end(); });
}

Position ViewShelf::position() const
{
    const std::scoped_lock lock(m_positionMutex);
    return m_position;
}

bool ViewShelf::waitFor(Position position, std::chrono::milliseconds wait)
{
    std::unique_lock lock(m_positionMutex);
    m_moved.wait_for(lock, wait, [&] { return m_closed || m_position >= position; });
    return m_position >= position;
}

Result<std::optional<std::string>> ViewShelf::decidingDocument(const std::string &view, const std::string &key)
{
    const auto now = table();
    const auto member = now->deciding.find(view);
    if (member == now->deciding.end())
        return fail(ErrorCode::UnknownView, "no such view", view);
    return member->second->engine->currentDocument(view, key);
}

Result<std::vector<std::pair<std::string, std::string>>>
ViewShelf::decidingDocuments(const std::string &view, const std::optional<std::string> &afterKey)
{
    const auto now = table();
    const auto member = now->deciding.find(view);
    if (member == now->deciding.end())
        return fail(ErrorCode::UnknownView, "no such view", view);
    DocumentListRequest request;
    request.afterKey = afterKey;
    request.limit = limits::pageRowsMax;
    auto list = member->second->engine->reader().list(view, request);
    if (!list)
        return fail(std::move(list.error()));
    std::vector<std::pair<std::string, std::string>> page;
    for (auto &document : list->documents)
        page.emplace_back(std::move(document.key), std::move(document.json));
    return page;
}

Position ViewShelf::decidingPosition() const
{
    return table()->decidingPosition().value_or(m_shared->position());
}

bool ViewShelf::waitDeciding(Position position, std::stop_token stop)
{
    // A follower that cannot read the ledger any more tells nobody, so look now and then.
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(m_positionMutex);
            m_moved.wait_for(lock, stop, faultLookInterval, [&] { return m_closed || decidingPosition() >= position; });
            if (m_closed || decidingPosition() >= position)
                break;
        }
        const auto now = table();
        if (std::any_of(now->deciding.begin(), now->deciding.end(),
                        [](const auto &role) { return !role.second->engine->faults().empty(); }))
            break;
    }
    return decidingPosition() >= position;
}

bool ViewShelf::waitDecidingFor(Position position, std::chrono::milliseconds wait)
{
    std::unique_lock lock(m_positionMutex);
    m_moved.wait_for(lock, wait, [&] { return m_closed || decidingPosition() >= position; });
    return decidingPosition() >= position;
}

std::vector<std::string> ViewShelf::faults() const
{
    std::set<const ViewEngine *> asked;
    std::vector<std::string> faults;
    if (!m_choices.problem().empty())
        faults.push_back(m_choices.problem());
    const auto now = table();
    for (const auto *const roles : {&now->serving, &now->deciding}) {
        for (const auto &[name, member] : *roles) {
            if (!asked.insert(member->engine.get()).second)
                continue;
            for (auto &fault : member->engine->faults())
                faults.push_back(std::move(fault));
        }
    }
    return faults;
}

void ViewShelf::exchange(ViewTable table)
{
    const std::scoped_lock lock(m_positionMutex, m_tableMutex);
    m_table = std::make_shared<const ViewTable>(std::move(table));
}

bool ViewShelf::waitLevel(std::unique_lock<std::mutex> &lock, std::span<const ViewMemberPtr> members,
                          std::chrono::milliseconds wait)
{
    const auto level = [&] {
        return std::all_of(members.begin(), members.end(), [this](const ViewMemberPtr &member) {
            const auto at = member->position();
            return at && (*at >= m_position || sabotaged(Saboteur::PromotedBeforeLevel));
        });
    };
    // As long as the ledger grows, what serves would run on before every version that takes a little longer for a
    // batch: meanwhile it rests after the batch in work.
    for (const auto &[view, serving] : table()->serving) {
        const bool needed = std::any_of(members.begin(), members.end(),
                                        [&](const auto &member) { return member->engine == serving->engine; });
        if (!needed && serving->engine)
            m_held.push_back(serving->engine.get());
    }
    m_moved.wait_for(lock, wait, [&] { return m_closed || level(); });
    m_held.clear();
    m_moved.notify_all();
    return !m_closed && level();
}

bool ViewShelf::areLevel(std::span<const ViewMemberPtr> members, std::chrono::milliseconds wait)
{
    std::unique_lock lock(m_positionMutex);
    return waitLevel(lock, members, wait);
}

bool ViewShelf::exchangeWhenLevel(ViewTable table, std::span<const ViewMemberPtr> members,
                                  std::chrono::milliseconds wait)
{
    std::unique_lock lock(m_positionMutex);
    if (!waitLevel(lock, members, wait))
        return false;
    const std::scoped_lock tableLock(m_tableMutex);
    m_table = std::make_shared<const ViewTable>(std::move(table));
    return true;
}

void ViewShelf::discard(const ViewMemberPtr &member)
{
    if (member->engine)
        member->engine->stop();
    // Files that stay behind are removed by the next opening.
    for (const auto *const suffix : {"", "-wal", "-shm", ".damaged"})
        (void)m_options.fileSystem.remove(member->ownFile + suffix);
}

} // namespace commander
