// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/candidate.h"
#include "experiments/decision_replay.h"
#include "experiments/outcome_comparer.h"
#include "experiments/shadow_registry.h"
#include "ledger/ledger_follower.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace commander {

/// Follows the ledger at its own pace and lets a candidate decide what was decided, each command over the recorded
/// past.
class ShadowFollower final : public ShadowRun {
public:
    ShadowFollower(const Candidate::World &world, std::unique_ptr<Candidate> candidate, ShadowRequest request,
                   std::shared_ptr<ShadowRegistry> registry);
    ~ShadowFollower() override;
    [[nodiscard]] Result<void> start();

    [[nodiscard]] ShadowStatus status() const override;
    void pause() override;
    void resume() override;
    void stop() override;

private:
    using Time = std::chrono::steady_clock;

    [[nodiscard]] Result<void> take(std::span<const RecordPtr> records);
    [[nodiscard]] Result<void> takeOne(const RecordPtr &record);
    [[nodiscard]] Result<void> takeGroup(const Result<std::optional<DecisionGroup>> &group);
    [[nodiscard]] Result<void> compare(const DecisionReplay::Decided &decided);
    [[nodiscard]] bool waitWhilePaused();
    [[nodiscard]] double activeSeconds() const; ///< needs m_mutex

    // Constant after start()
    const Candidate::World m_world;
    const std::string m_name;
    const std::unique_ptr<Candidate> m_candidate;
    Position m_compareFrom;
    const std::shared_ptr<ShadowRegistry> m_registry;
    int m_number = 0; ///< in the registry; 0 before it was started

    // Used by the follower's thread
    OutcomeComparer m_comparer;
    DecisionCollector m_collector;
    DecisionReplay m_replay;

    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    ShadowStatus m_status;
    bool m_stopping = false;
    Time::time_point m_since; ///< of the last start or resume
    Time::duration m_active{};

    LedgerFollower m_follower; ///< last: its thread uses the members above
};

} // namespace commander
