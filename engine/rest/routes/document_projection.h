// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <span>
#include <string>
#include <vector>

namespace commander::rest {

/// The fields of documents that a client chose by JSON pointer. What is left keeps its place, the order of its members
/// and the digits of its numbers: {"a":{"b":1,"c":2}} by /a/b is {"a":{"b":1}}. An array keeps the elements that were
/// named; a field that a document lacks is left out.
class Projection {
public:
    Projection() = default; ///< everything
    explicit Projection(std::span<const std::string> pointers);

    [[nodiscard]] bool isWhole() const noexcept { return m_root.whole; }
    /// The document as it is when everything is chosen. Errors of parseJson.
    [[nodiscard]] Result<std::string> of(std::string json) const;

private:
    struct Choice {
        std::string name; ///< of the member, or number of the element; of the root nothing
        bool whole = false;
        std::vector<Choice> fields;
    };
    [[nodiscard]] static std::optional<Json> choose(const Json &value, const Choice &choice);

    Choice m_root{{}, true, {}};
};

} // namespace commander::rest
