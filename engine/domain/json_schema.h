// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>

#include <memory>
#include <string>
#include <string_view>

namespace commander {

/// A JSON Schema (draft 7 keywords), compiled once. Immutable and thread-safe.
class JsonSchema {
public:
    /// `where` names the schema in errors. Error InvalidArgument when it is no schema or uses what we do not check
    /// (patternProperties, references to other documents).
    [[nodiscard]] static Result<JsonSchema> compile(std::string_view text, const std::string &where);
    JsonSchema(JsonSchema &&) noexcept;
    JsonSchema &operator=(JsonSchema &&) noexcept;
    ~JsonSchema();

    /// An integer is written with digits only: 1.0 and 1e3 are numbers but no integers. Numbers are compared exactly.
    [[nodiscard]] bool accepts(const Json &value) const;
    /// Error SchemaInvalid with one detail for each spot that is wrong.
    [[nodiscard]] Result<void> check(const Json &value) const;
    /// What check() would say, also when there is nothing to say.
    [[nodiscard]] std::vector<ErrorDetail> explain(const Json &value) const;

private:
    struct State;
    explicit JsonSchema(std::unique_ptr<const State> state);
    std::unique_ptr<const State> m_state;
};

} // namespace commander
