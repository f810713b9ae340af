// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/comparison.h>
#include <commander/json.h>
#include <commander/record.h>

#include <span>
#include <string>
#include <vector>

namespace commander {

/// What came of one command: its events, its result and its follow-up commands. Points into records of others.
struct Outcome {
    std::vector<const RecordDraft *> events;
    const RecordDraft *result = nullptr;
    std::vector<const RecordDraft *> followUps;
};
/// Of what a decider appends.
[[nodiscard]] Outcome outcomeOf(std::span<const RecordDraft> records);
/// Of outcomes byte for byte: the same records with the same ids.
[[nodiscard]] bool identical(const Outcome &left, const Outcome &right);

/// Compares outcomes by rules and counts. Used by one thread at a time.
class OutcomeComparer {
public:
    explicit OutcomeComparer(ComparisonRules rules) : m_rules(std::move(rules)) { }

    /// `recorded` or `other` may be null: the command is on one side only. The difference, if there is one.
    [[nodiscard]] std::optional<OutcomeDifference> compare(const RecordDraft &command, Position position,
                                                           const Outcome *recorded, const Outcome *other);
    [[nodiscard]] const Comparison &comparison() const noexcept { return m_comparison; }

private:
    [[nodiscard]] Json shownJson(const Outcome &outcome, bool withIgnored) const;
    void take(OutcomeDifference &difference);

    const ComparisonRules m_rules;
    Comparison m_comparison;
};

/// Takes what an RFC 6901 pointer names out of a value; nothing happens when nothing is there.
void erasePointer(Json &root, std::string_view pointer);

/// A difference as one line of JSON, and back. Error InvalidJson.
[[nodiscard]] std::string writeDifference(const OutcomeDifference &difference);
[[nodiscard]] Result<OutcomeDifference> readDifference(std::string_view json);

} // namespace commander
