// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domains.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace commander {

/// How scripts are kept in check.
struct ScriptOptions {
    std::chrono::milliseconds callBudget{200};    ///< one handler, fold or reaction; longer is a fault of the domain
    std::chrono::milliseconds loadBudget{2000};   ///< running the modules themselves
    std::uint64_t callsPerEngine = 500'000;       ///< then a fresh script engine takes over
    std::uint64_t engineGrowthBytes = 512u << 20; ///< the same when the program has grown that much since
    /// The program commander-script-host: scripts run in processes of it, which cannot take more than `memoryBytes`,
    /// see nothing of this one and are ended when they overrun. Empty: in this process.
    std::string helper = {};
    std::uint64_t memoryBytes = 512u << 20; ///< address space of such a process, its code included
    /// Domains, by hash, whose scripts run in this process all the same. Called from any thread.
    std::function<bool(const Hash256 &)> trusts = {};
};

/// The whole of commander-script-host: answers the engine at the other end of `socket` until that goes away. Gives the
/// exit code. Needs a QCoreApplication.
[[nodiscard]] int runScriptHelper(int socket);

/// Loads a domain from its folder: `domain.json` and, where it is scripted, ES modules (resources/docs/
/// writing-a-domain.md). The files are read once: what is edited later has no effect on this domain. Needs a
/// QCoreApplication. Its functions may be called from any thread; each thread gets a script engine of its own, made
/// when first needed. Error InvalidArgument with all problems in its details; NotFound, IoError.
[[nodiscard]] Result<std::shared_ptr<const Domain>> loadDomainFolder(const std::string &path,
                                                                     const ScriptOptions &options = {});

/// The same from files that lie elsewhere, e.g. in a ledger; tests among them are left alone. No error: what is wrong
/// is in the problems.
[[nodiscard]] LoadedDomain loadDomainFiles(const std::vector<DomainFile> &files, const ScriptOptions &options = {});

/// Everything that makes a domain folder up, its tests too, as Domains::install() takes it. Errors NotFound, IoError,
/// LimitExceeded, InvalidArgument (a link).
[[nodiscard]] Result<std::vector<DomainFile>> readDomainFiles(const std::string &path);

/// What tells the versions of a domain apart: over names and bytes of all files that decide. Errors InvalidArgument (a
/// name), LimitExceeded.
[[nodiscard]] Result<Hash256> domainHash(const std::vector<DomainFile> &files);

/// Validates only: every problem of the folder, empty when it can be loaded.
[[nodiscard]] std::vector<DomainProblem> checkDomainFolder(const std::string &path, const ScriptOptions &options = {});

} // namespace commander
