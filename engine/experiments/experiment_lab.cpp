// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/experiment_lab.h"

#include "experiments/progress_meter.h"
#include "experiments/shadow_follower.h"
#include "experiments/what_if_run.h"

namespace commander {

namespace {

constexpr Position everything{~std::uint64_t{0}};

} // namespace

Result<void> ExperimentLab::checkLedger() const
{
    if (m_world.ledger.traits().totalOrder)
        return {};
    return fail(ErrorCode::Unsupported, "experiments need a ledger with a total order", {},
                "Run them on an embedded ledger.");
}

Result<ReplayReport> ExperimentLab::replay(ReplayRequest request, std::stop_token stop)
{
    if (auto checked = checkLedger(); !checked)
        return fail(checked.error());
    ReplayReport report;
    const auto from = decisionBoundary(m_world.ledger, request.from);
    if (!from)
        return fail(from.error());
    const auto to = decisionBoundary(m_world.ledger, request.to.value_or(everything));
    if (!to)
        return fail(to.error());
    if (*to < *from)
        return fail(ErrorCode::InvalidArgument, "the range ends before it begins");
    report.from = *from;
    report.to = *to;
    auto candidate = Candidate::of(m_world, std::move(request.domains));
    if (!candidate)
        return fail(candidate.error());
    if (auto there = (*candidate)->bringTo(*from, request.onProgress, stop); !there)
        return fail(there.error());

    OutcomeComparer comparer(request.rules);
    ProgressMeter meter(request.onProgress, ExperimentProgress::Phase::Commands, *from, *to);
    Position at = *from;
    DecisionReplay replay({.domains = (*candidate)->domains(),
                           .views = (*candidate)->views(),
                           .state = request.state,
                           .from = *from,
                           .edits = {},
                           .onDecided = [&](const DecisionReplay::Decided &decided) -> Result<void> {
                               meter.at(at, decided.records ? 1 : 0);
                               if (stop.stop_requested())
                                   return fail(ErrorCode::Cancelled, "stopped");
                               if (request.only && !request.only(*decided.command))
                                   return {};
                               std::optional<Outcome> recorded;
                               std::optional<Outcome> replayed;
                               if (decided.recorded)
                                   recorded = decided.recorded->outcome();
                               if (decided.records)
                                   replayed = outcomeOf(*decided.records);
                               (void)comparer.compare(*decided.command, at, recorded ? &*recorded : nullptr,
                                                      replayed ? &*replayed : nullptr);
                               return {};
                           }});
    auto walked = walkDecisions(m_world.ledger, *from, *to, stop, [&](const DecisionGroup &group) {
        at = group.command ? group.command->position : group.events.back()->position;
        return replay.take(group);
    });
    if (!walked)
        return fail(walked.error());
    if (auto finished = replay.finish(); !finished)
        return fail(finished.error());
    meter.tell();
    report.comparison = comparer.comparison();
    report.viewFaults = (*candidate)->views().faults();
    report.seconds = meter.seconds();
    return report;
}

Result<std::unique_ptr<WhatIfBranch>> ExperimentLab::whatIf(WhatIfRequest request, std::stop_token stop)
{
    if (auto checked = checkLedger(); !checked)
        return fail(checked.error());
    auto candidate = Candidate::ofLive(m_world);
    if (!candidate)
        return fail(candidate.error());
    auto branch = std::make_unique<WhatIfRun>(m_world, std::move(*candidate), request);
    if (auto run = branch->run(request, stop); !run)
        return fail(run.error());
    return branch;
}

Result<std::unique_ptr<ShadowRun>> ExperimentLab::shadow(ShadowRequest request)
{
    if (auto checked = checkLedger(); !checked)
        return fail(checked.error());
    const auto from = decisionBoundary(m_world.ledger, request.from.value_or(everything));
    if (!from)
        return fail(from.error());
    request.from = *from;
    auto candidate = Candidate::of(m_world, std::move(request.domains));
    if (!candidate)
        return fail(candidate.error());
    if ((*candidate)->sharesThePast()) {
        if (auto there = (*candidate)->startAt(*from, {}); !there)
            return fail(there.error());
    }
    auto follower = std::make_unique<ShadowFollower>(m_world, std::move(*candidate), std::move(request), m_shadows);
    if (auto started = follower->start(); !started)
        return fail(started.error());
    return follower;
}

} // namespace commander
