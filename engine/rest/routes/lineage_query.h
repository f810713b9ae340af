// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/query_params.h"
#include "rest/response.h"

#include <commander/engine.h>

namespace commander::rest {

/// The chain around a record, as the query asks: `direction` up (what caused it), down (what it caused) or both, up to
/// `depth` steps away, in the `format` json, dot, mermaid or svg. Without direction and depth: the whole chain.
[[nodiscard]] Result<Response> lineageResponse(Engine &engine, const Uuid &record, const QueryParams &query,
                                               std::stop_token stop);

} // namespace commander::rest
