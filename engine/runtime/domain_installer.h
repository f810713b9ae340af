// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_catalog.h"
#include "processor/domain_switch.h"
#include "runtime/domain_checker.h"
#include "runtime/domain_views.h"
#include "system/install_domain.h"

#include <commander/commands.h>
#include <commander/domains.h>
#include <commander/ledger.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// Keeps the workspace's domains: what came with the program, and over it what the ledger says is installed. Installing
/// is a command like any other; this gives it its decision, and lets what it installed take over where the processor
/// stands. The ledger is the only memory: after a crash an opening reads from it what decides.
class DomainInstaller final : public Domains, public DomainSwitch, private Installations {
public:
    struct Options {
        Ledger &ledger;
        std::vector<std::shared_ptr<const Domain>> base; ///< what comes with the program
        const DomainLoader *loader = nullptr;            ///< null: only what comes with the program can run
        bool readOnly = false;
        /// For reading only, where nothing can be installed: these are taken for what comes with the program.
        std::vector<std::vector<DomainFile>> lent = {};
    };
    /// Reads what is installed. Errors of reading the ledger, DomainFault (an installed domain cannot be loaded),
    /// InvalidArgument (domains clash).
    [[nodiscard]] static Result<std::unique_ptr<DomainInstaller>> open(Options options);
    DomainInstaller(const DomainInstaller &) = delete;
    DomainInstaller &operator=(const DomainInstaller &) = delete;

    [[nodiscard]] const DomainCatalog &catalog() const noexcept { return *m_catalog; }
    [[nodiscard]] std::vector<FoldBinding> folds() const;
    /// What needs the domains to be known already. Call once, before anything is installed.
    /// `decidesNoMore` says why no command will ever be decided any more.
    void attach(Commands &commands, ViewVersionKeeper &views, std::function<std::optional<Error>()> decidesNoMore);
    /// Calls of install() give up.
    void close();

    [[nodiscard]] std::vector<InstalledDomain> installed() const override;
    [[nodiscard]] std::vector<std::shared_ptr<const Domain>> running() const override;
    [[nodiscard]] Result<InstalledDomain> install(const std::vector<DomainFile> &files, std::stop_token stop) override;
    [[nodiscard]] Result<std::shared_ptr<const Domain>> load(const std::vector<DomainFile> &files) override;
    [[nodiscard]] std::vector<DomainProblem> problems() const override;

    [[nodiscard]] bool concerns(const Record &command) const override;
    [[nodiscard]] Result<void> prepare(const Record &command, std::stop_token stop) override;
    [[nodiscard]] Result<void> takeOver(std::stop_token stop) override;

private:
    using DomainList = std::vector<std::shared_ptr<const Domain>>;

    explicit DomainInstaller(Options options);
    [[nodiscard]] Result<void> start();
    [[nodiscard]] std::shared_ptr<const PreparedInstallation> prepared(const Uuid &command) const override;
    /// The installations that were committed since the last call that was kept.
    [[nodiscard]] Result<std::vector<InstalledDomain>> readNew(Offset &next);
    [[nodiscard]] Result<std::shared_ptr<const Domain>> load(const InstalledDomain &installed);
    /// Everything that can be found out about files: loading, tests, other domains, folding the past.
    [[nodiscard]] Result<CheckedDomain> examine(const std::vector<DomainFile> &files, std::stop_token stop);
    [[nodiscard]] Result<InstalledDomain> submit(const Domain &domain, const std::vector<DomainFile> &files,
                                                 std::stop_token stop);
    [[nodiscard]] Result<void> gaveUp(const std::stop_token &stop) const;
    [[nodiscard]] std::optional<InstalledDomain> runningAs(const Domain &domain) const;
    [[nodiscard]] DomainList domains() const;
    void note(std::vector<DomainProblem> problems);
    /// `problems`: at least one.
    [[nodiscard]] static Error errorOf(const std::string &what, const std::vector<DomainProblem> &problems);
    /// Also noted as what is wrong with the last attempt.
    [[nodiscard]] Error refused(std::vector<DomainProblem> problems);

    // Constant after open() and attach()
    const Options m_options;
    DomainChecker m_checker;
    std::unique_ptr<DomainCatalog> m_catalog;
    Commands *m_commands = nullptr;
    std::function<std::optional<Error>()> m_decidesNoMore;
    std::optional<DomainViews> m_views;

    std::mutex m_installing; ///< one install() at a time

    // Processor thread only
    Offset m_next; ///< of the topic of installations

    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    DomainList m_domains;
    std::vector<InstalledDomain> m_installed;
    std::vector<DomainProblem> m_problems;
    std::shared_ptr<const PreparedInstallation> m_prepared; ///< the command that is decided next
    bool m_closed = false;
};

} // namespace commander
