// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace commander::model {

/// What decides and folds beside the bank. The scripted domain `tally` is installed while the engine runs: `add` {key,
/// n} → `added` {key, n, by, seen}, where `by` is the version that decided and `seen` the total that it saw; its view
/// `tallies` counts each n `by` times, so a document shows which fold made it. Versions with even numbers throw for
/// some keys, which parks them. Versions are 1 to tallyVersionsMax.
inline constexpr int tallyVersionsMax = 6;
[[nodiscard]] std::vector<DomainFile> tallyFiles(int version);
/// Of each version, by number - 1.
[[nodiscard]] const std::array<Hash256, tallyVersionsMax> &tallyHashes();
[[nodiscard]] bool tallyThrows(int version, std::string_view key);

/// The view `turnover` over the bank's events, in two versions: how many movements; and how much was moved as well.
[[nodiscard]] FoldBinding turnoverVersion(std::uint32_t version);

/// The bank, `turnover` in version 1, and whatever is installed. `second`: version 2 of `turnover` was begun once.
[[nodiscard]] OpenOptions worldOptions(const std::string &ledger, bool second);

} // namespace commander::model
