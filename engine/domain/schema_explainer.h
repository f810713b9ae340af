// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <vector>

namespace commander {

/// Says for people where a value breaks a schema and what is expected there; empty when it does not break it. The
/// verdict itself is valijson's; this is for values that it refused. At most some dozen details.
[[nodiscard]] std::vector<ErrorDetail> explainSchema(const Json &schema, const Json &value);

} // namespace commander
