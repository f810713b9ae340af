// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/expected_revision.h>
#include <commander/result.h>
#include <commander/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace commander {

/// What a command states beyond its data, kept in its record's `headers` and hashed with it:
/// `{"origin":"ada","not_before":"2016-05-20T14:33:28.902Z","expires_at":"…","expected_revision":3}`, each member only
/// when it is stated.
struct CommandTerms {
    std::string origin = {}; ///< follow-up commands only: the actor of the command at the root of the chain
    std::optional<Timestamp> notBefore = {}; ///< to the millisecond, like every time in text
    std::optional<Timestamp> expiresAt = {}; ///< to the millisecond
    ExpectedRevision expectedRevision = {};  ///< a number, "none" or "exists"

    bool operator==(const CommandTerms &) const = default;
};

/// Empty when nothing is stated.
[[nodiscard]] std::string writeTerms(const CommandTerms &terms);
/// Members that are not terms are left alone; empty headers state nothing. Errors of parseJson, InvalidTime,
/// InvalidArgument.
[[nodiscard]] Result<CommandTerms> parseTerms(std::string_view headers);

} // namespace commander
