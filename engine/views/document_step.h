// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace commander {

/// The position that set each leaf (scalar, empty array or object) of a document, in document order.
using LeafOrigins = std::vector<std::uint64_t>;

/// From one document to the next.
struct DocumentStep {
    /// JSON array of [pointer, value] (set) and [pointer] (remove); empty when the documents are equal byte for byte.
    /// Applied in order it gives the next document with its exact member order.
    std::string patch;
    LeafOrigins origins;  ///< of the next document
    std::string fault;    ///< why what the patch says is no JSON, in words, or empty
    bool tooDeep = false; ///< the next document is deeper than limits::jsonDepthMax: do not use the rest
};

/// Leaves that keep their place and their bytes keep their origin; all others get `position`.
[[nodiscard]] DocumentStep stepBetween(const Json &before, std::span<const std::uint64_t> beforeOrigins,
                                       const Json &after, std::uint64_t position);
/// The step from nothing; `patch` stays empty.
[[nodiscard]] DocumentStep stepFromNothing(const Json &after, std::uint64_t position);

[[nodiscard]] std::size_t leafCount(const Json &value);

/// Applies what DocumentStep::patch says. Error LedgerDamaged when the patch does not fit the document.
[[nodiscard]] Result<void> applyPatch(Json &document, std::string_view patch);

} // namespace commander
