// SPDX-License-Identifier: GPL-3.0-or-later
// What an operator does to one version of a view: pause, go on, leave out an event, build again.
#include "views/stored_views.h"
#include "views/view_shelf.h"

#include <commander/limits.h>

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace commander {

namespace {

constexpr std::chrono::milliseconds lookInterval{100}; ///< how far a version that is built again is
constexpr std::chrono::seconds levelWait{10};          ///< for its last records, while the old one stands still

Position foldedTo(const ViewMember &member)
{
    return member.engine->reader().views()[member.number].position;
}

} // namespace

Result<ViewMemberPtr> ViewShelf::liveMember(const ViewVersionId &id) const
{
    auto member = table()->find(id);
    if (!member || !member->isLive())
        return fail(ErrorCode::NotFound, "no such version of a view is at work", id.view + ' ' + id.label(),
                    "List the consumers that there are.");
    return member;
}

Result<void> ViewShelf::setPaused(const ViewVersionId &id, bool paused)
{
    const auto changes = lockChanges();
    if (paused)
        m_paused.insert(id.view + '@' + id.label());
    else
        m_paused.erase(id.view + '@' + id.label());
    const auto member = liveMember(id);
    if (!member)
        return fail(member.error());
    auto done = (*member)->engine->setPaused((*member)->number, paused);
    progressed(); // it holds nobody back any more
    return done;
}

Result<void> ViewShelf::skip(const ViewVersionId &id, const Uuid &event, Position position)
{
    const auto changes = lockChanges();
    m_skipped[id].insert_or_assign(event, position);
    const auto member = liveMember(id);
    if (!member)
        return fail(member.error());
    ViewMemberPtr fresh;
    {
        const std::scoped_lock lock(m_resetMutex);
        if (const auto reset = m_resets.find(id); reset != m_resets.end())
            fresh = reset->second.fresh;
    }
    if (fresh) {
        if (auto done = fresh->engine->skip(0, event, position); !done)
            return done;
    }
    return (*member)->engine->skip((*member)->number, event, position);
}

SkippedByVersion ViewShelf::skipped() const
{
    const std::scoped_lock changes(m_changes);
    return m_skipped;
}

Result<void> ViewShelf::retry(const ViewVersionId &id)
{
    const auto changes = lockChanges();
    const auto member = liveMember(id);
    if (!member)
        return fail(member.error());
    return (*member)->engine->retry((*member)->number);
}

Result<void> ViewShelf::reset(const ViewVersionId &id)
{
    const auto changes = lockChanges();
    const auto member = liveMember(id);
    if (!member)
        return fail(member.error());
    if (m_paused.contains(id.view + '@' + id.label()))
        return fail(ErrorCode::Conflict, "it is paused", id.view + ' ' + id.label(), "Resume it first.");
    {
        const std::scoped_lock lock(m_resetMutex);
        const auto running = m_resets.find(id);
        if (running != m_resets.end() && running->second.fresh)
            return fail(ErrorCode::Conflict, "it is being built again already", id.view + ' ' + id.label());
    }
    const auto &binding = (*member)->engine->folds()[(*member)->number];
    auto path = m_options.folder + '/' + versionFileName(binding);
    if (path == (*member)->ownFile)
        path = otherPath(binding);
    for (const auto *const suffix : {"", "-wal", "-shm"}) {
        if (m_options.fileSystem.exists(path + suffix)) {
            if (auto removed = m_options.fileSystem.remove(path + suffix); !removed)
                return removed;
        }
    }
    auto fresh = openOwn(binding, path);
    if (!fresh)
        return fail(fresh.error());
    if (auto started = (*fresh)->engine->start(); !started)
        return started;
    const std::scoped_lock lock(m_resetMutex);
    m_resets[id] = {std::move(*fresh), {}};
    m_resetBegun.notify_all();
    return {};
}

std::optional<ViewShelf::ResetStatus> ViewShelf::resetOf(const ViewVersionId &id) const
{
    const std::scoped_lock lock(m_resetMutex);
    const auto found = m_resets.find(id);
    if (found == m_resets.end())
        return std::nullopt;
    const auto &[fresh, fault] = found->second;
    return ResetStatus{fresh ? foldedTo(*fresh) : Position{}, fault};
}

void ViewShelf::finishResets(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "view-resets");
    const auto begun = [this] {
        return std::any_of(m_resets.begin(), m_resets.end(), [](const auto &one) { return one.second.fresh; });
    };
    for (;;) {
        std::map<ViewVersionId, Reset> resets;
        {
            std::unique_lock lock(m_resetMutex);
            if (!m_resetBegun.wait(lock, stop, begun))
                return;
            resets = m_resets;
        }
        for (auto &[id, reset] : resets) {
            if (!reset.fresh)
                continue;
            const auto changes = lockChanges();
            if (!finishReset(id, reset))
                continue;
            const std::scoped_lock lock(m_resetMutex);
            if (reset.fault.empty())
                m_resets.erase(id);
            else
                m_resets[id] = {nullptr, reset.fault};
        }
        (void)waitFor([&stop] { return stop.stop_requested(); }, lookInterval);
    }
}

bool ViewShelf::waitFor(const std::function<bool()> &done, std::chrono::milliseconds wait)
{
    std::unique_lock lock(m_positionMutex);
    return m_moved.wait_for(lock, wait, [&] { return m_closed || done(); });
}

bool ViewShelf::finishReset(const ViewVersionId &id, Reset &reset)
{
    const auto old = table()->find(id);
    if (!old || !old->isLive()) { // discarded meanwhile
        discard(reset.fresh);
        return true;
    }
    const auto broken = reset.fresh->problem();
    if (!broken.empty() && old->problem().empty()) {
        reset.fault = "building it again: " + broken;
        discard(reset.fresh);
        return true;
    }
    if (broken.empty() && foldedTo(*reset.fresh).value + limits::followerBatchMax < foldedTo(*old).value)
        return false;
    // Who reads must never be shown less than before, so the old one stands still for the last few records.
    old->engine->hold(true);
    const bool level = waitFor(
        [&] { return !reset.fresh->problem().empty() || foldedTo(*reset.fresh) >= foldedTo(*old); }, levelWait);
    const bool exchanges = level && (foldedTo(*reset.fresh) >= foldedTo(*old) || !old->problem().empty());
    if (exchanges) {
        ViewTable next(*table());
        next.put(reset.fresh);
        exchange(std::move(next));
    }
    old->engine->hold(false);
    if (!exchanges)
        return false;
    if (!old->ownFile.empty())
        discard(old);
    else
        (void)old->engine->setPaused(old->number, true); // what it would fold nobody reads any more
    progressed();
    return true;
}

} // namespace commander
