// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/seeded_random.h"

#include <string>
#include <utility>

namespace scripttest {

/// Commands for the sample domains, of which many are refused, with few enough keys that they meet.
class CommandMaker {
public:
    using Command = std::pair<std::string, std::string>; ///< action and data

    explicit CommandMaker(std::uint64_t seed) : m_random(seed) { }
    [[nodiscard]] Command bank();
    /// `created` commands were sent before.
    [[nodiscard]] Command customers(std::uint64_t created);

private:
    [[nodiscard]] std::string amount(bool zero);
    [[nodiscard]] std::string address();

    commander::SeededRandom m_random;
};

} // namespace scripttest
