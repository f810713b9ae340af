// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/declared_fold.h"

namespace commander::script {

/// A handler written as conditions and events instead of a script; it runs without one.
class DeclaredHandler {
public:
    /// The members `read`, `require` and `emit` of a command's declaration.
    [[nodiscard]] static DeclaredHandler parse(const Json &command, const Report &report);
    /// Views and events that it names, for checks.
    [[nodiscard]] std::vector<std::string> views() const;
    [[nodiscard]] std::vector<std::string> events() const;
    /// `keyOf` gives an event's key when the declaration names none. Error DomainFault.
    [[nodiscard]] Result<Decision>
    decide(const ParsedRecord &command, DocumentSource &views, HandlerContext &context,
           const std::function<std::string(const std::string &, const Json &)> &keyOf) const;

private:
    enum class Test { Exists, Missing, Equal, NotEqual, Less, AtMost, Greater, AtLeast };
    struct Read {
        std::string name;
        std::string view;
        TextTemplate key;
    };
    struct Requirement {
        Test test = Test::Exists;
        std::string document; ///< for exists and missing
        ValueTemplate left;
        ValueTemplate right;
        std::string code;
        TextTemplate message;
        std::optional<ValueTemplate> details;
    };
    struct Emission {
        std::string action;
        std::optional<TextTemplate> key;
        ValueTemplate data;
    };
    class Parser;

    [[nodiscard]] static Result<bool> holds(const Requirement &requirement, Scope &scope);

    std::vector<Read> m_reads;
    std::vector<Requirement> m_requirements;
    std::vector<Emission> m_emissions;
};

} // namespace commander::script
