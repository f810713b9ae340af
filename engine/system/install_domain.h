// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domains.h>

#include <memory>
#include <string>
#include <vector>

namespace commander {

/// What was found out about the files of one install-domain before it is decided.
struct PreparedInstallation {
    Uuid command;
    std::string name;
    std::uint32_t version = 1;
    Hash256 hash{};
    std::vector<DomainProblem> problems; ///< empty: it can be installed
};

/// Prepares installations: loading, testing and folding take time and can be interrupted, deciding cannot.
class Installations {
public:
    virtual ~Installations() = default;
    /// Null when this command was not prepared. Any thread: a preview asks, too.
    [[nodiscard]] virtual std::shared_ptr<const PreparedInstallation> prepared(const Uuid &command) const = 0;
};

/// The domain `commander-domains`: one command, install-domain, whose data are the files of a domain, and one event,
/// domain-installed. Its topic holds nothing else, so an opening reads from it what decides. `installations` must
/// outlive it.
[[nodiscard]] std::shared_ptr<const Domain> makeInstallDomain(const Installations &installations);

/// The data of install-domain, and the files in it. Errors as parseJson(), InvalidArgument.
[[nodiscard]] std::string writeInstallation(const std::string &name, std::uint32_t version, const Hash256 &hash,
                                            const std::vector<DomainFile> &files);
[[nodiscard]] Result<std::vector<DomainFile>> readInstallation(std::string_view data);

/// Problems as the details of a rejection say them, and back.
[[nodiscard]] Json writeProblems(const std::vector<DomainProblem> &problems);
[[nodiscard]] std::vector<DomainProblem> readProblems(const Json &details);

} // namespace commander
