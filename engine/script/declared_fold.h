// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/template.h"

#include <functional>

namespace commander::script {

/// Tells a problem of a declaration: (pointer below the declaration, message, remedy).
using Report = std::function<void(const std::string &, std::string, std::string)>;

/// A fold written as operations instead of a script; it runs without one.
class DeclaredFold {
public:
    /// `on` holds for each event action one step or a list of steps; `key` is the key of steps that name none (may be
    /// null).
    [[nodiscard]] static DeclaredFold parse(const Json &on, const Json *key, const Report &report);
    /// Operations on the data of an event instead of a document: `steps` holds for each name what changes.
    [[nodiscard]] static DeclaredFold parseRewrites(const Json &steps, const Report &report);
    /// In the order in which they were declared.
    [[nodiscard]] std::vector<std::string> events() const;
    /// For checks: what the steps of an event name.
    [[nodiscard]] std::vector<const Expression *> expressions(std::string_view event) const;
    /// Error DomainFault.
    [[nodiscard]] Result<void> fold(const ParsedRecord &event, DocumentFold &documents) const;
    /// The event's data after the operations of a name of parseRewrites(). Error DomainFault.
    [[nodiscard]] Result<Json> rewrite(std::string_view name, const ParsedRecord &event) const;

private:
    enum class Kind { Set, Inc, Append, Remove, Merge };
    struct Operation {
        Kind kind = Kind::Set;
        std::vector<std::string> path; ///< of the member; empty for merge
        ValueTemplate value;
    };
    struct Step {
        TextTemplate key;
        bool mustExist = false;
        bool deletes = false;
        std::vector<Operation> operations;
    };

    [[nodiscard]] static Step parseStep(const Json &step, const Json *key, const std::string &pointer,
                                        const Report &report);
    static void parseOperations(const std::string &name, const Json &value, const std::string &pointer,
                                std::vector<Operation> &out, const Report &report);
    [[nodiscard]] static Result<void> apply(const Operation &operation, Scope &scope, Json &document);

    std::vector<std::pair<std::string, std::vector<Step>>> m_steps; ///< by event action
};

} // namespace commander::script
