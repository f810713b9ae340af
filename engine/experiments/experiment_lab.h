// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/candidate.h"

#include <commander/experiments.h>

namespace commander {

/// Starts experiments over one workspace. Keeps nothing of them. Thread-safe.
class ExperimentLab final : public Experiments {
public:
    explicit ExperimentLab(const Candidate::World &world) : m_world(world) { }

    [[nodiscard]] Result<ReplayReport> replay(ReplayRequest request, std::stop_token stop) override;
    [[nodiscard]] Result<std::unique_ptr<WhatIfBranch>> whatIf(WhatIfRequest request, std::stop_token stop) override;
    [[nodiscard]] Result<std::unique_ptr<ShadowRun>> shadow(ShadowRequest request) override;

private:
    [[nodiscard]] Result<void> checkLedger() const;

    const Candidate::World m_world;
};

} // namespace commander
