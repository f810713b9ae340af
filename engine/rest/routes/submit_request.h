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

/// One command as a client sends it, under the name of `actor`: what the body says of an actor is passed over, as
/// everything that the server sets itself. `data` stays byte for byte. Errors of sliceJsonObject, SchemaInvalid (with
/// pointers).
[[nodiscard]] Result<CommandDraft> readCommand(std::string_view json, std::string actor);

/// The same as a CloudEvent 1.0: type is the action, data the data, time the timestamp; parent, notbefore, expiresat
/// and expectedrevision are extension attributes. An id that is no UUID stands for one that is made of it and the
/// source. What a CloudEvent may carry beyond that is not kept. Errors as readCommand.
[[nodiscard]] Result<CommandDraft> readCloudEvent(std::string_view json, std::string actor);
/// What a body of this Content-Type holds, item by item.
using ReadCommand = Result<CommandDraft> (*)(std::string_view json, std::string actor);
[[nodiscard]] ReadCommand commandReader(const RequestHead &head);

/// An expected revision as a JSON value: "any", "none", "exists" or a number. Error SchemaInvalid.
[[nodiscard]] Result<ExpectedRevision> readExpectedRevision(std::string_view raw);
/// What the headers state: `If-Match: *` (exists), `If-Match: "3"` and `If-None-Match: *` (none); nothing when there
/// are none. Error InvalidArgument.
[[nodiscard]] Result<std::optional<ExpectedRevision>> revisionPrecondition(const RequestHead &head);
/// Puts the headers Idempotency-Key, If-Match and If-None-Match into the draft. Error InvalidArgument when they say
/// something else than the body.
[[nodiscard]] Result<void> applyHeaders(const RequestHead &head, CommandDraft &draft);

/// The id that an Idempotency-Key stands for: the key itself when it is a UUID, else one derived from it.
[[nodiscard]] Uuid idempotencyId(std::string_view key);

} // namespace commander::rest
