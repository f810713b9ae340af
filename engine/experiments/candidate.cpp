// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/candidate.h"

#include "experiments/decision_groups.h"
#include "experiments/previewer.h"
#include "experiments/progress_meter.h"

#include <algorithm>

namespace commander {

namespace {

/// Every domain that folds is live in the same version.
bool sameFolds(const DomainRegistry &candidate, const DomainRegistry &live)
{
    const auto others = live.descriptions();
    const auto own = candidate.descriptions();
    return std::all_of(own.begin(), own.end(), [&others](const DomainDescription &one) {
        return one.views.empty() || std::any_of(others.begin(), others.end(), [&one](const DomainDescription &other) {
                   return other.name == one.name && other.version == one.version && other.hash == one.hash;
               });
    });
}

} // namespace

Candidate::Candidate(const World &world, std::shared_ptr<const DomainRegistry> own, std::unique_ptr<ScratchStore> store)
    : m_world(world), m_domains(own ? std::move(own) : m_world.live.current()), m_store(std::move(store)),
      m_shares(sameFolds(*m_domains, *m_world.live.current()))
{
    begin(std::make_unique<NoPast>());
}

void Candidate::begin(std::unique_ptr<PastDocuments> past)
{
    m_views.reset();
    m_past = std::move(past);
    m_views = std::make_unique<SimulatedViews>(*m_domains, *m_past, m_store.get());
    m_views->leaveOut(m_world.skipped());
}

Result<std::unique_ptr<Candidate>> Candidate::ofLive(const World &world)
{
    auto store = ScratchStore::create();
    if (!store)
        return fail(store.error());
    return std::unique_ptr<Candidate>(new Candidate(world, nullptr, std::move(*store)));
}

Result<std::unique_ptr<Candidate>> Candidate::of(const World &world, std::vector<std::shared_ptr<const Domain>> domains)
{
    auto registry = DomainRegistry::create(std::move(domains));
    if (!registry)
        return fail(registry.error());
    auto store = ScratchStore::create();
    if (!store)
        return fail(store.error());
    return std::unique_ptr<Candidate>(new Candidate(world, std::move(*registry), std::move(*store)));
}

Result<void> Candidate::startAt(Position position, std::stop_token stop)
{
    if (auto there = awaitViews(m_world.views, position, stop); !there)
        return there;
    begin(std::make_unique<ViewsPast>(m_world.views, m_world.events, position));
    return {};
}

Result<void> Candidate::bringTo(Position position, const OnExperimentProgress &tell, std::stop_token stop)
{
    if (m_shares)
        return startAt(position, stop);
    ProgressMeter meter(tell, ExperimentProgress::Phase::Documents, {}, position);
    return walkRecords(m_world.ledger, {}, position, stop, [&](const RecordPtr &record) -> Result<void> {
        meter.at(record->position);
        return record->kind == RecordKind::Event ? m_views->fold(*record) : Result<void>();
    });
}

} // namespace commander
