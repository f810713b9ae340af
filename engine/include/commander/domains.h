// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>
#include <commander/record.h>
#include <commander/result.h>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

/// One file of a domain's folder.
struct DomainFile {
    std::string name; ///< with slashes, relative to the folder: "domain.json", "tests/transfer.json"
    std::string bytes;
    bool operator==(const DomainFile &) const = default;
};

/// One thing wrong with a domain.
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

/// A domain, or what is wrong with it.
struct LoadedDomain {
    std::shared_ptr<const Domain> domain; ///< null when there are problems
    std::vector<DomainProblem> problems;
};

/// Turns the files of a domain into the domain; whoever opens a workspace brings it, so that the engine itself needs no
/// script engine. Thread-safe. The same files always give a domain with the same hash; tests are not part of the hash.
class DomainLoader {
public:
    virtual ~DomainLoader() = default;
    [[nodiscard]] virtual LoadedDomain load(const std::vector<DomainFile> &files) const = 0;
    /// Runs the domain's own tests; empty when all pass or there are none.
    [[nodiscard]] virtual std::vector<DomainProblem> test(const std::vector<DomainFile> &files) const = 0;
};

/// One version of a domain that decides, or did.
struct InstalledDomain {
    std::string name;
    std::uint32_t version = 1; ///< as its author numbers it
    Hash256 hash{};            ///< tells versions apart, also when the number was not raised
    Position position;         ///< of the event domain-installed: commands after it are decided by this version; 0 =
                               ///< came with the program
    Uuid command;              ///< install-domain, which holds the files; null = came with the program
    bool runs = false;         ///< it is the version that decides now
};

/// The domains of a workspace, exchanged while it runs. Thread-safe.
class Domains {
public:
    virtual ~Domains() = default;
    /// What came with the program and is not replaced, then every installation in the ledger's order.
    [[nodiscard]] virtual std::vector<InstalledDomain> installed() const = 0;
    /// The domains that decide now, without the engine's own; for trying out others in the place of some.
    [[nodiscard]] virtual std::vector<std::shared_ptr<const Domain>> running() const = 0;
    /// Checks the files, runs their tests, builds their views beside those that serve, and records the installation.
    /// Returns when the version decides; at once, with nothing recorded, when it does already. Whatever is wrong leaves
    /// the running version alone. Blocks; never on the GUI thread. Errors InvalidArgument (see problems()),
    /// LimitExceeded, LedgerReadOnly, Unsupported (no loader), Cancelled, ShuttingDown and those of submitting.
    [[nodiscard]] virtual Result<InstalledDomain> install(const std::vector<DomainFile> &files,
                                                          std::stop_token stop = {})
        = 0;
    /// Makes the domain of these files without installing it: to build its views beside those that serve, or to try it
    /// out on the past. Blocks. Errors InvalidArgument (with the problems as details), Unsupported (no loader).
    [[nodiscard]] virtual Result<std::shared_ptr<const Domain>> load(const std::vector<DomainFile> &files) = 0;
    /// Of the last attempt; empty when it went well.
    [[nodiscard]] virtual std::vector<DomainProblem> problems() const = 0;
};

} // namespace commander
