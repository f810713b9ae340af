// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace commander {

/// The code and the text of what it expects, in the result of a command whose key stands at another revision.
inline constexpr std::string_view revisionConflict = "revision-conflict";

/// What a command expects of its key. The revision of a key is the number of events that are recorded under it in the
/// events topic of the command's domain when the command is decided, whichever commands caused them.
struct ExpectedRevision {
    enum class Kind : std::uint8_t {
        Any,    ///< expects nothing
        None,   ///< no event yet
        Exists, ///< at least one
        Exactly ///< as many as `number` says
    };
    Kind kind = Kind::Any;
    std::uint64_t number = 0; ///< 0 unless Exactly

    [[nodiscard]] static ExpectedRevision exactly(std::uint64_t number) { return {Kind::Exactly, number}; }
    [[nodiscard]] bool isStated() const noexcept { return kind != Kind::Any; }
    [[nodiscard]] bool admits(std::uint64_t revision) const noexcept;
    [[nodiscard]] std::string text() const; ///< "any", "none", "exists" or the number
    /// Of such a text. Error InvalidArgument.
    [[nodiscard]] static Result<ExpectedRevision> parse(std::string_view text);
    bool operator==(const ExpectedRevision &) const = default;
};

} // namespace commander
