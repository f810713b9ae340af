// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/domain_views.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::chrono::milliseconds lookInterval{100}; ///< whether the caller gave up or the fold has stopped

} // namespace

std::vector<FoldBinding> foldsOf(const std::shared_ptr<const Domain> &domain)
{
    std::vector<FoldBinding> folds;
    for (const auto &view : domain->description().views)
        folds.push_back({domain, view});
    return folds;
}

std::string DomainViews::problemOf(const ViewVersionId &id)
{
    for (const auto &version : m_keeper.list()) {
        if (version.id == id && version.state == ViewVersionState::Paused)
            return "it is paused; resume it";
        if (version.id == id)
            return version.error;
    }
    return "it was discarded";
}

Result<std::vector<DomainProblem>> DomainViews::build(const std::shared_ptr<const Domain> &domain,
                                                      const std::function<bool()> &gaveUp)
{
    const auto head = m_ledger.head();
    if (!head)
        return fail(head.error());
    std::vector<ViewVersionId> there;
    for (const auto &version : m_keeper.list())
        there.push_back(version.id);
    std::vector<ViewVersionId> ids;
    for (auto &fold : foldsOf(domain)) {
        auto id = m_keeper.start(std::move(fold));
        if (!id)
            return fail(id.error());
        ids.push_back(std::move(*id));
    }
    std::vector<DomainProblem> problems;
    for (const auto &id : ids) {
        const auto reader = m_keeper.reader(id);
        if (!reader)
            return fail(reader.error());
        std::string problem;
        for (bool level = false; !level && problem.empty();) {
            if (gaveUp())
                return fail(ErrorCode::Cancelled, "stopped while the views were built", id.view);
            level = (*reader)->waitFor(head->position, lookInterval);
            problem = problemOf(id);
        }
        if (!problem.empty()) {
            problems.push_back({"domain.json", 0, 0, "/views/" + escapePointerToken(id.view),
                                "the view cannot fold what is in the ledger: " + problem,
                                "Let its fold take every event that there ever was."});
        }
    }
    if (!problems.empty()) {
        for (const auto &id : ids) {
            if (std::find(there.begin(), there.end(), id) == there.end())
                (void)m_keeper.drop(id); // what stays costs space only, and can be dropped by hand
        }
    }
    return problems;
}

Result<void> DomainViews::decideWith(const std::vector<std::shared_ptr<const Domain>> &domains,
                                     const std::vector<std::string> &retired)
{
    std::vector<ViewVersionId> ids;
    for (const auto &domain : domains) {
        for (const auto &fold : foldsOf(domain))
            ids.push_back(viewVersionOf(fold));
    }
    if (ids.empty() && retired.empty())
        return {};
    return m_keeper.decideWith(ids, retired);
}

} // namespace commander
