// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/candidate.h"
#include "experiments/shadow_registry.h"

#include <commander/experiments.h>

namespace commander {

/// Starts experiments over one workspace. Keeps nothing of them, but knows which shadows run. Thread-safe.
class ExperimentLab final : public Experiments {
public:
    explicit ExperimentLab(const Candidate::World &world) : m_world(world) { }

    [[nodiscard]] Result<ReplayReport> replay(ReplayRequest request, std::stop_token stop) override;
    [[nodiscard]] Result<std::unique_ptr<WhatIfBranch>> whatIf(WhatIfRequest request, std::stop_token stop) override;
    [[nodiscard]] Result<std::unique_ptr<ShadowRun>> shadow(ShadowRequest request) override;
    [[nodiscard]] const ShadowRegistry &shadows() const { return *m_shadows; }

private:
    [[nodiscard]] Result<void> checkLedger() const;

    const Candidate::World m_world;
    const std::shared_ptr<ShadowRegistry> m_shadows = std::make_shared<ShadowRegistry>();
};

} // namespace commander
