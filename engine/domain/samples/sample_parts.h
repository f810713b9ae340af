// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <string_view>

namespace commander::samples {

/// Hash of all that decides: `logic` names the version of the C++ code, the rest is what the description says.
[[nodiscard]] Hash256 hashOf(const DomainDescription &domain, std::string_view logic);

/// Error of a handler, fold or reaction that meets an action it was not made for.
[[nodiscard]] tl::unexpected<Error> unknownAction(std::string_view domain, std::string_view action);
/// Error for data that the schema should have refused.
[[nodiscard]] tl::unexpected<Error> badData(std::string_view domain, std::string_view action, std::string_view member);

} // namespace commander::samples
