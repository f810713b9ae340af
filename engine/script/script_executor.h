// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <string>
#include <vector>

namespace commander::script {

/// Runs the scripted functions of one domain, wherever that is. Thread-safe. Errors are faults of the domain.
class ScriptExecutor {
public:
    virtual ~ScriptExecutor() = default;
    [[nodiscard]] virtual Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                                  HandlerContext &context)
        = 0;
    [[nodiscard]] virtual Result<void> fold(const std::string &view, const ParsedRecord &event, DocumentFold &documents)
        = 0;
    /// The commands of one reaction.
    [[nodiscard]] virtual Result<std::vector<FollowUpCommand>>
    react(const std::string &reaction, const ParsedRecord &event, DocumentSource &views, HandlerContext &context) = 0;
    [[nodiscard]] virtual Result<Json> upcast(const ParsedRecord &event, std::uint32_t from) = 0;
};

} // namespace commander::script
