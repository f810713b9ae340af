// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>
#include <commander/record.h>

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace commander {

/// What a full check of a ledger file found.
struct VerifyReport {
    enum class Verdict {
        Intact,    ///< every record, the chain and the head file agree
        Tampered,  ///< a record or the chain is not what was written
        Truncated, ///< records that the head file promises are missing
        Unreadable ///< not a ledger, newer, or the database cannot be read
    };
    Verdict verdict = Verdict::Unreadable;
    std::uint64_t records = 0; ///< that verified
    Position firstBad;         ///< 0 when none
    std::string problem;       ///< in words, empty when intact
    Position head;             ///< last record that verified
    Hash256 chain{};
    std::optional<Position> promised; ///< what the head file says
};

/// "intact", "tampered", "truncated", "unreadable"
[[nodiscard]] std::string_view verifyVerdictName(VerifyReport::Verdict verdict) noexcept;

/// Reads the whole file without changing a byte of it or of its companions, recomputes every hash, and names the first
/// bad record. Runs beside a writer. `progress(done, total)` about ten times a second. Error Cancelled only; everything
/// else is a verdict.
[[nodiscard]] Result<VerifyReport> verifyLedger(const std::string &path, FileSystem &fileSystem,
                                                std::stop_token stop = {},
                                                const std::function<void(std::uint64_t, std::uint64_t)> &progress = {});

} // namespace commander
