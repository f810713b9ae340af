// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/gate/request_head.h"

#include <commander/commands.h>

#include <chrono>

namespace commander::rest {

/// How long a client wants to wait for a command's result.
struct WaitPreference {
    std::chrono::milliseconds wait{0}; ///< 0 = answer as soon as the command is durable
    std::string applied;               ///< value of Preference-Applied; empty = none
};
/// From `?sync=true` and `Prefer: wait=N` or `respond-async` (RFC 7240).
[[nodiscard]] Result<WaitPreference> waitPreference(const RequestHead &head);

/// One command as a client sends it. `data` stays byte for byte. Errors of sliceJsonObject, SchemaInvalid (with
/// pointers).
[[nodiscard]] Result<CommandDraft> readCommand(std::string_view json);

/// The id that an Idempotency-Key stands for: the key itself when it is a UUID, else one derived from it.
[[nodiscard]] Uuid idempotencyId(std::string_view key);

} // namespace commander::rest
