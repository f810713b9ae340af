// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/domain_folder.h"

#include <QJSValue>

namespace commander::script {

/// One place in a domain's scripts that was running.
struct StackFrame {
    std::string function; ///< may be empty
    std::string file;
    std::uint32_t line = 0;
};

/// An exception of a script, in terms of the domain's own files.
struct ScriptError {
    std::string message;           ///< "TypeError: …"
    std::vector<StackFrame> stack; ///< innermost first

    /// `thrown` came out of a script engine whose files stand under `urlPrefix`.
    [[nodiscard]] static ScriptError of(const QJSValue &thrown, const std::string &urlPrefix);
    /// The fault of a call: `what` names it ("the handler of transfer-money"). Its details show file, line and source.
    [[nodiscard]] Error fault(const std::string &what, const DomainFolder &folder) const;
    /// The problem of loading.
    [[nodiscard]] DomainProblem problem(const DomainFolder &folder) const;
};

} // namespace commander::script
