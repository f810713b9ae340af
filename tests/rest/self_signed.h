// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace commander {

/// A certificate for 127.0.0.1 and localhost that signs itself, with its key.
struct SelfSigned {
    std::string certificate; ///< PEM
    std::string key;         ///< PEM
};
[[nodiscard]] SelfSigned makeSelfSigned();

} // namespace commander
