// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/commands.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace commander::ui {

/// One command of a played day, and when in the day it is sent.
struct BankDayStep {
    std::chrono::milliseconds at{0}; ///< since the bank opened
    CommandDraft draft;
};

/// A day at a small bank: customers come, open accounts, pay in, draw, transfer. Some of it goes wrong as it does in
/// life (too little money, unknown accounts, an account opened twice), and some transfers are large enough to be
/// flagged. The same seed and size always give the same day, down to the ids: played twice, nothing is recorded twice.
class BankDay {
public:
    static constexpr std::chrono::milliseconds length = std::chrono::hours(8);

    BankDay(std::uint64_t seed, std::size_t commands);
    [[nodiscard]] const std::vector<BankDayStep> &steps() const { return m_steps; } ///< in the order of time
    [[nodiscard]] std::uint64_t seed() const { return m_seed; }

private:
    std::uint64_t m_seed;
    std::vector<BankDayStep> m_steps;
};

} // namespace commander::ui
