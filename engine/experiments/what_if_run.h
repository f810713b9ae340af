// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/candidate.h"
#include "experiments/decision_replay.h"
#include "experiments/outcome_comparer.h"

#include <map>
#include <mutex>

namespace commander {

/// One branch: runs once, then answers.
class WhatIfRun final : public WhatIfBranch {
public:
    WhatIfRun(const Candidate::World &world, std::unique_ptr<Candidate> candidate, const WhatIfRequest &request);

    [[nodiscard]] Result<void> run(const WhatIfRequest &request, std::stop_token stop);

    [[nodiscard]] const WhatIfSummary &summary() const noexcept override { return m_summary; }
    [[nodiscard]] Result<std::vector<Record>> records(Position first, std::size_t max) override;
    [[nodiscard]] Result<std::vector<OutcomeDifference>> outcomes(std::uint64_t skip, std::size_t max) override;
    [[nodiscard]] Result<std::vector<DocumentDifference>> documents(std::uint64_t skip, std::size_t max) override;
    [[nodiscard]] Result<std::string> document(const std::string &view, const std::string &key) override;

private:
    [[nodiscard]] Result<void> begin(const WhatIfRequest &request, std::stop_token stop);
    [[nodiscard]] Result<void> take(const DecisionReplay::Decided &decided);
    [[nodiscard]] Result<void> append(Record record);
    [[nodiscard]] Result<void> touchReal(const DecisionGroup &group);
    [[nodiscard]] Result<void> compareDocuments(const OnExperimentProgress &tell, std::stop_token stop);
    [[nodiscard]] Result<void> compareDocument(const ScratchStore::Touched &touched);

    const Candidate::World m_world;
    OutcomeComparer m_comparer;
    WhatIfSummary m_summary;

    // The branch takes over once run() is done
    std::mutex m_mutex; ///< guards the candidate
    const std::unique_ptr<Candidate> m_candidate;

    // Of run()
    Position m_last;
    std::map<std::string, Offset> m_offsets; ///< next of each topic
    std::uint64_t m_outcomeRows = 0;
    bool m_diverged = false; ///< until then both sides change the same documents
};

} // namespace commander
