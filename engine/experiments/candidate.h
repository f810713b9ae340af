// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_catalog.h"
#include "experiments/simulated_views.h"

#include <commander/experiments.h>
#include <commander/ledger.h>

#include <functional>
#include <memory>

namespace commander {

/// A version of the domains with documents of its own, as of some position. Used by one thread at a time.
class Candidate {
public:
    struct World {
        Ledger &ledger;
        const DomainCatalog &live; ///< those of the moment are what is live for a candidate
        ViewReader &views;         ///< in the versions that the live domains declare, whatever serves
        EventCounter &events;
        std::function<SkippedByVersion()> skipped; ///< what views leave out by now
    };
    /// The live domains themselves.
    [[nodiscard]] static Result<std::unique_ptr<Candidate>> ofLive(const World &world);
    /// Error InvalidArgument when the domains do not fit together.
    [[nodiscard]] static Result<std::unique_ptr<Candidate>> of(const World &world,
                                                               std::vector<std::shared_ptr<const Domain>> domains);

    /// Its folds are those of the live domains, so the views' history is its past; otherwise it has to fold every event
    /// from the first on.
    [[nodiscard]] bool sharesThePast() const noexcept { return m_shares; }
    /// From now on its documents are those of the views at this position; only for one that shares the past.
    [[nodiscard]] Result<void> startAt(Position position, std::stop_token stop);
    /// Brings the documents to a position in whichever way.
    [[nodiscard]] Result<void> bringTo(Position position, const OnExperimentProgress &tell, std::stop_token stop);

    [[nodiscard]] const DomainRegistry &domains() const noexcept { return *m_domains; }
    [[nodiscard]] SimulatedViews &views() noexcept { return *m_views; }
    [[nodiscard]] ScratchStore &store() noexcept { return *m_store; }

private:
    /// `own` null: those that are live.
    Candidate(const World &world, std::shared_ptr<const DomainRegistry> own, std::unique_ptr<ScratchStore> store);
    void begin(std::unique_ptr<PastDocuments> past);

    const World m_world;
    const std::shared_ptr<const DomainRegistry> m_domains;
    const std::unique_ptr<ScratchStore> m_store;
    const bool m_shares;
    std::unique_ptr<PastDocuments> m_past;
    std::unique_ptr<SimulatedViews> m_views;
};

} // namespace commander
