// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_version_keeper.h"

#include "values/sabotage.h"
#include "views/version_diff.h"
#include "views/view_catalog.h"
#include "views/view_format.h"

#include <commander/limits.h>

#include <algorithm>
#include <set>
#include <utility>

namespace commander {

namespace {

constexpr std::chrono::seconds levelWait{10}; ///< for a version that follows the ledger to draw level with what serves

std::string nameOf(const ViewVersionId &id)
{
    return id.view + ' ' + id.label();
}

tl::unexpected<Error> noVersion(const ViewVersionId &id)
{
    return fail(ErrorCode::NotFound, "no such version of a view", nameOf(id), "List the versions that there are.");
}

Error notLevel(const ViewVersionId &id)
{
    return {
        ErrorCode::NotReady, "it has not yet caught up with what serves", nameOf(id), "Wait until it is ready.", {}};
}

bool isRole(const std::map<std::string, ViewMemberPtr, std::less<>> &roles, const ViewVersionId &id)
{
    const auto role = roles.find(id.view);
    return role != roles.end() && role->second->id == id;
}

VersionChoices::Choice &choiceOf(std::vector<VersionChoices::Choice> &choices, const ViewMember &member)
{
    for (auto &choice : choices) {
        if (choice.id == member.id)
            return choice;
    }
    return choices.emplace_back(VersionChoices::Choice{member.id, member.domain, false, 0});
}

std::uint64_t nextTurn(const std::vector<VersionChoices::Choice> &choices)
{
    std::uint64_t last = 0;
    for (const auto &choice : choices)
        last = std::max(last, choice.served);
    return last + 1;
}

/// Names each view once.
Result<void> checkNames(const std::vector<ViewVersionId> &ids)
{
    std::set<std::string_view> names;
    for (const auto &id : ids) {
        if (!names.insert(id.view).second)
            return fail(ErrorCode::InvalidArgument, "only one version of a view can serve", id.view);
    }
    return {};
}

} // namespace

ViewVersionStatus ViewVersionKeeper::statusOf(const ViewTable &table, const ViewMember &member, Position head) const
{
    ViewVersionStatus status;
    status.id = member.id;
    status.domain = member.domain;
    status.head = head;
    status.decides = member.spec.decides && isRole(table.deciding, member.id);
    status.state = ViewVersionState::Waiting;
    if (!member.engine)
        return status;
    const auto views = member.engine->reader().views();
    status.position = views[member.number].position;
    status.documents = views[member.number].documents;
    if (member.asleep)
        return status;
    status.error = member.problem();
    const auto *const choice = m_shelf.choices().find(member.id);
    const bool behind = status.position.value + limits::followerBatchMax < head.value;
    if (isRole(table.serving, member.id))
        status.state = ViewVersionState::Serving;
    else if (!status.error.empty())
        status.state = ViewVersionState::Stopped;
    else if (views[member.number].paused)
        status.state = ViewVersionState::Paused;
    else if (choice && choice->served > 0)
        status.state = ViewVersionState::Kept;
    else
        status.state = behind ? ViewVersionState::Building : ViewVersionState::Ready;
    const std::chrono::duration<double> worked = m_shelf.options().clock.steady() - member.openedTime;
    if (behind && status.error.empty() && worked.count() > 0 && status.position > member.openedAt) {
        status.recordsPerSecond = static_cast<double>(status.position.value - member.openedAt.value) / worked.count();
        status.remaining = std::chrono::milliseconds(static_cast<std::int64_t>(
            1000 * static_cast<double>(head.value - status.position.value) / status.recordsPerSecond));
    }
    return status;
}

std::vector<ViewVersionStatus> ViewVersionKeeper::list()
{
    const auto changes = m_shelf.lockChanges();
    const auto table = m_shelf.table();
    const auto head = m_shelf.options().ledger.head();
    std::vector<ViewVersionStatus> versions;
    versions.reserve(table->members.size());
    for (const auto &member : table->members)
        versions.push_back(statusOf(*table, *member, head ? head->position : m_shelf.position()));
    return versions;
}

Result<void> ViewVersionKeeper::checkChangeable() const
{
    const auto &options = m_shelf.options();
    if (options.readOnly)
        return fail(ErrorCode::LedgerReadOnly, "the workspace is open for reading only", options.choicesPath,
                    "Open it for writing.");
    if (!options.ledger.traits().totalOrder)
        return fail(ErrorCode::Unsupported, "this ledger has no total order, so versions of a view cannot be compared");
    return {};
}

Result<ViewVersionId> ViewVersionKeeper::start(FoldBinding binding)
{
    if (auto changeable = checkChangeable(); !changeable)
        return fail(changeable.error());
    const auto &name = binding.spec.name;
    if (!binding.domain || name.empty() || name.size() > limits::nameBytesMax || binding.spec.events.empty()) {
        return fail(ErrorCode::InvalidArgument,
                    "a version of a view needs a domain, a name of at most " + std::to_string(limits::nameBytesMax)
                        + " bytes and events to fold",
                    name);
    }
    const auto id = viewVersionOf(binding);
    const auto changes = m_shelf.lockChanges();
    ViewTable table(*m_shelf.table());
    const auto there = table.find(id);
    if (there && there->isLive() && there->engine->faults().empty())
        return id;
    if (there && there->isLive() && there->ownFile.empty()) {
        return fail(ErrorCode::InvalidArgument, "this version has stopped together with the file that it shares",
                    nameOf(id), "Reopen the workspace.");
    }
    auto choices = m_shelf.choices().all();
    if (!m_shelf.choices().find(id))
        choices.push_back({id, binding.domain->description().name, false, 0});
    // Written first: a file that nobody has chosen is removed by the next opening.
    if (auto written = m_shelf.choices().write(std::move(choices)); !written)
        return fail(written.error());
    if (there && there->engine && !there->ownFile.empty())
        there->engine->stop(); // it has a fault: begin again where its file stands
    auto member = m_shelf.openVersion(binding);
    if (!member)
        return fail(member.error());
    table.put(std::move(*member));
    m_shelf.exchange(std::move(table));
    return id;
}

Result<void> ViewVersionKeeper::cancel(const ViewVersionId &id)
{
    const auto changes = m_shelf.lockChanges();
    const auto table = m_shelf.table();
    const auto member = table->find(id);
    if (!member)
        return noVersion(id);
    const auto head = m_shelf.options().ledger.head();
    if (!head)
        return fail(head.error());
    if (const auto state = statusOf(*table, *member, head->position).state; state != ViewVersionState::Building) {
        return fail(ErrorCode::InvalidArgument,
                    "nothing to cancel: this version is " + std::string(viewVersionStateName(state)), nameOf(id),
                    "Drop it if it is not needed any more.");
    }
    return dropLocked(id);
}

Result<void> ViewVersionKeeper::drop(const ViewVersionId &id)
{
    const auto changes = m_shelf.lockChanges();
    return dropLocked(id);
}

Result<void> ViewVersionKeeper::dropLocked(const ViewVersionId &id)
{
    if (auto changeable = checkChangeable(); !changeable)
        return changeable;
    ViewTable table(*m_shelf.table());
    const auto member = table.find(id);
    if (!member)
        return noVersion(id);
    if (isRole(table.serving, id) || isRole(table.deciding, id)) {
        return fail(ErrorCode::InvalidArgument, "this version is in use", nameOf(id),
                    "Promote another one first, or leave it out of the workspace's domains.");
    }
    if (member->ownFile.empty()) {
        return fail(ErrorCode::InvalidArgument, "this version shares its file with other views", nameOf(id),
                    "`commanderctl rebuild` builds a file without it.");
    }
    auto choices = m_shelf.choices().all();
    std::erase_if(choices, [&id](const auto &choice) { return choice.id == id; });
    if (auto written = m_shelf.choices().write(std::move(choices)); !written)
        return written;
    table.erase(id);
    m_shelf.exchange(std::move(table));
    m_shelf.discard(member);
    return {};
}

Result<std::shared_ptr<ViewReader>> ViewVersionKeeper::reader(const ViewVersionId &id)
{
    const auto member = m_shelf.table()->find(id);
    if (!member)
        return noVersion(id);
    if (!member->engine)
        return fail(ErrorCode::NotReady, "the fold of this version is not known", nameOf(id), "Start it again.");
    return std::make_shared<VersionReader>(member);
}

Result<VersionDiffPage> ViewVersionKeeper::diff(const VersionDiffRequest &request, std::stop_token stop)
{
    if (request.limit < 1 || request.limit > limits::pageRowsMax) {
        return fail(ErrorCode::InvalidArgument, "limit must be 1 to " + std::to_string(limits::pageRowsMax),
                    "limit " + std::to_string(request.limit));
    }
    if (request.from.view != request.to.view)
        return fail(ErrorCode::InvalidArgument, "these are versions of two views", nameOf(request.to));
    auto ask = request;
    std::shared_ptr<ViewReader> readers[2];
    auto newest = viewformat::positionMax;
    const ViewVersionId *behind = nullptr;
    for (int side = 0; side < 2; ++side) {
        const auto &id = side == 0 ? request.from : request.to;
        auto reading = reader(id);
        if (!reading)
            return fail(reading.error());
        readers[side] = std::move(*reading);
        if (const auto position = readers[side]->views().front().position; position < newest) {
            newest = position;
            behind = &id;
        }
    }
    if (!ask.at)
        ask.at = newest;
    if (*ask.at > newest) {
        return fail(ErrorCode::NotReady,
                    "this version is folded up to position " + std::to_string(newest.value) + " only",
                    nameOf(behind ? *behind : request.to), "Compare at an earlier position, or wait.");
    }
    return diffVersions(*readers[0], *readers[1], ask, std::move(stop));
}

Result<std::vector<ViewMemberPtr>> ViewVersionKeeper::promotable(const ViewTable &table,
                                                                 const std::vector<ViewVersionId> &ids, Role role) const
{
    std::vector<ViewMemberPtr> members;
    for (const auto &id : ids) {
        const auto member = table.find(id);
        if (!member)
            return noVersion(id);
        if (!member->isLive())
            return fail(ErrorCode::NotReady, "the fold of this version is not known", nameOf(id), "Start it again.");
        if (auto problem = member->problem(); !problem.empty())
            return fail(ErrorCode::DomainFault, "this version has " + problem, nameOf(id), "Mend its domain.");
        if (member->position().value_or(Position{}).value + limits::followerBatchMax < m_shelf.position().value
            && !sabotaged(Saboteur::PromotedBeforeLevel))
            return fail(notLevel(id));
        const auto deciding = table.deciding.find(id.view);
        if (role == Role::Serve && deciding != table.deciding.end() && deciding->second->spec.decides
            && deciding->second->id != id) {
            return fail(ErrorCode::InvalidArgument,
                        "commands are decided with version " + deciding->second->id.label() + " of this view",
                        nameOf(id), "Install the domain version that decides with it: both change together.");
        }
        members.push_back(member);
    }
    return members;
}

std::vector<ViewMemberPtr> ViewVersionKeeper::prune(const std::string &view, ViewTable &table, Choices &choices) const
{
    Choices kept;
    std::copy_if(choices.begin(), choices.end(), std::back_inserter(kept), [&view](const auto &choice) {
        return choice.id.view == view && !choice.serving && choice.served > 0;
    });
    std::sort(kept.begin(), kept.end(), [](const auto &a, const auto &b) { return a.served > b.served; });
    std::vector<ViewMemberPtr> pruned;
    for (std::size_t i = m_versionsKept; i < kept.size(); ++i) {
        const auto member = table.find(kept[i].id);
        // One in the shared file would free nothing.
        if (isRole(table.deciding, kept[i].id) || (member && member->ownFile.empty()))
            continue;
        std::erase_if(choices, [&](const auto &choice) { return choice.id == kept[i].id; });
        table.erase(kept[i].id);
        if (member)
            pruned.push_back(member);
    }
    return pruned;
}

Result<void> ViewVersionKeeper::promoteLocked(const std::vector<ViewVersionId> &ids, Role role, Choices choices,
                                              const std::vector<std::string> &retired)
{
    if (auto changeable = checkChangeable(); !changeable)
        return changeable;
    if (auto checked = checkNames(ids); !checked)
        return checked;
    ViewTable table(*m_shelf.table());
    const auto members = promotable(table, ids, role);
    if (!members)
        return fail(members.error());
    if (!m_shelf.areLevel(*members, levelWait))
        return fail(notLevel(ids.front())); // without ids there is nothing to wait for
    std::vector<ViewMemberPtr> pruned;
    for (const auto &member : *members) {
        for (auto &choice : choices) {
            if (choice.id.view == member->id.view)
                choice.serving = false;
        }
        const auto serving = table.serving.find(member->id.view);
        if (serving != table.serving.end() && serving->second->id != member->id
            && !m_shelf.choices().find(serving->second->id))
            choiceOf(choices, *serving->second).served = nextTurn(choices);
        auto &choice = choiceOf(choices, *member);
        choice.served = nextTurn(choices);
        choice.serving = true;
        table.serve(member);
        if (role == Role::ServeAndDecide)
            table.deciding[member->id.view] = member;
        for (auto &old : prune(member->id.view, table, choices))
            pruned.push_back(std::move(old));
    }
    for (const auto &view : retired)
        table.retire(view);
    const auto before = m_shelf.choices().all();
    if (sabotaged(Saboteur::PromotionHalfDone))
        choices = before;
    if (auto written = m_shelf.choices().write(std::move(choices)); !written)
        return written;
    if (!m_shelf.exchangeWhenLevel(std::move(table), *members, levelWait)) {
        if (auto undone = m_shelf.choices().write(before); !undone)
            return undone;
        return fail(ErrorCode::NotReady, "the views have not caught up with what serves", {}, "Try again.");
    }
    for (const auto &member : pruned)
        m_shelf.discard(member);
    return {};
}

Result<void> ViewVersionKeeper::promote(const std::vector<ViewVersionId> &ids)
{
    const auto changes = m_shelf.lockChanges();
    return promoteLocked(ids, Role::Serve, m_shelf.choices().all());
}

Result<void> ViewVersionKeeper::decideWith(const std::vector<ViewVersionId> &ids,
                                           const std::vector<std::string> &retired)
{
    const auto changes = m_shelf.lockChanges();
    return promoteLocked(ids, Role::ServeAndDecide, m_shelf.choices().all(), retired);
}

Result<ViewVersionId> ViewVersionKeeper::rollback(const std::string &view)
{
    const auto changes = m_shelf.lockChanges();
    auto choices = m_shelf.choices().all();
    const VersionChoices::Choice *before = nullptr;
    for (const auto &choice : choices) {
        if (choice.id.view == view && !choice.serving && choice.served > 0
            && !isRole(m_shelf.table()->serving, choice.id) && (!before || choice.served > before->served))
            before = &choice;
    }
    if (!before)
        return fail(ErrorCode::NotFound, "no version of this view served before", view);
    const auto id = before->id;
    // What is rolled back counts as never served: another rollback goes further back, not forth again.
    for (auto &choice : choices) {
        if (choice.id.view == view && choice.serving)
            choice.served = 0;
    }
    if (auto promoted = promoteLocked({id}, Role::Serve, std::move(choices)); !promoted)
        return fail(promoted.error());
    return id;
}

} // namespace commander
