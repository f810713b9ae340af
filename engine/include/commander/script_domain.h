// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace commander {

/// How scripts are kept in check.
struct ScriptOptions {
    std::chrono::milliseconds callBudget{200};  ///< one handler, fold or reaction; longer is a fault of the domain
    std::chrono::milliseconds loadBudget{2000}; ///< running the modules themselves
    std::uint64_t callsPerEngine = 500'000;     ///< then a fresh script engine takes over
};

/// One thing wrong with a domain folder.
struct DomainProblem {
    std::string file;         ///< name inside the folder, e.g. "domain.json"; empty = the folder itself
    std::uint32_t line = 0;   ///< 1, 2, …; 0 = not known
    std::uint32_t column = 0; ///< in bytes: 1, 2, …; 0 = not known
    std::string pointer;      ///< RFC 6901 pointer, for JSON files
    std::string message;
    std::string remedy;

    /// "domain.json:12:5 /commands/x/schema: message. remedy"
    [[nodiscard]] std::string text() const;
    bool operator==(const DomainProblem &) const = default;
};

/// Loads a domain from its folder: `domain.json` and, where it is scripted, ES modules (resources/docs/
/// writing-a-domain.md). The files are read once: what is edited later has no effect on this domain. Needs a
/// QCoreApplication. Its functions may be called from any thread; each thread gets a script engine of its own, made
/// when first needed. Error InvalidArgument with all problems in its details; NotFound, IoError.
[[nodiscard]] Result<std::shared_ptr<const Domain>> loadDomainFolder(const std::string &path,
                                                                     const ScriptOptions &options = {});

/// Validates only: every problem of the folder, empty when it can be loaded.
[[nodiscard]] std::vector<DomainProblem> checkDomainFolder(const std::string &path, const ScriptOptions &options = {});

} // namespace commander
